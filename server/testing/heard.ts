import pg from 'pg'
import * as z from 'zod'

const Statement = z.object({ text: z.string(), values: z.array(z.unknown()).default([]) })
export type Statement = z.output<typeof Statement>

/** The reading statements that were sent while `fn` ran, and the settings they were sent with. */
export async function heard(fn: () => Promise<unknown>): Promise<Statement[]> {
  const found: Statement[] = []
  const plain = pg.Client.prototype.query
  pg.Client.prototype.query = new Proxy(plain, {
    apply: (query, client: pg.Client, given) => {
      const asked = z.union([z.string().transform(text => ({ text, values: [] })), Statement]).parse(given[0])
      if (/^\s*(select\b|with\b|explain\b|set local enable)/i.test(asked.text)) found.push(asked)
      return Reflect.apply(query, client, given)
    },
  })
  try {
    await fn()
  } finally {
    pg.Client.prototype.query = plain
  }
  return found
}
