import { connect, createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** A way to the database on which what follows the end of a copy comes a moment later. */
export async function halting(url: string): Promise<{ url: string; close: () => void }> {
  const end = Buffer.from([0x63, 0, 0, 0, 4])
  const server = createServer(from => {
    const { hostname, port } = new URL(url)
    const host = decodeURIComponent(hostname)
    // PostgreSQL's socket in a folder is named by its port.
    const to = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(Number(port), host)
    from.pipe(to)
    let way = Promise.resolve()
    to.on('data', (chunk: Buffer) => {
      const at = chunk.indexOf(end)
      const parts = at < 0 ? [chunk] : [chunk.subarray(0, at + end.length), chunk.subarray(at + end.length)]
      for (const [n, part] of parts.entries())
        way = way.then(async () => {
          if (n > 0) await wait(5)
          from.write(part)
        })
    })
    to.on('close', () => from.destroy())
    from.on('close', () => to.destroy())
    from.on('error', () => {})
    to.on('error', () => {})
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const through = new URL(url)
  through.host = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  return { url: through.href, close: () => void server.close() }
}
