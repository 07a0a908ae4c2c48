import type pg from 'pg'

export const neighbour = '01900000-0000-7000-8000-0000000000bb'
/** A twentieth of the customers, with all that is theirs. */
const share = (column: string) => `('x' || right(${column}::text, 4))::bit(16)::int % 19 = 0`
const whole = [
  'identity.department',
  'identity.team',
  'identity.role',
  'identity.person',
  'identity.calendar',
  'routing.queue',
  'interactions.contact_reason',
  'interactions.contact_outcome',
  'tickets.kind',
  'tickets.category',
]
const parts: [table: string, of: string][] = [
  ['customers.customer', 'id'],
  ['customers.customer_identity', 'customer_id'],
  ['interactions.interaction', 'customer_id'],
  ['surveys.rating', 'customer_id'],
  ['tickets.ticket', 'customer_id'],
]

/** A second organisation in the same tables: what the first one's indexes must not make slow, and what it must never see. */
export async function addNeighbour(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ tenant_id: string }>(`select tenant_id from identity.tenant where slug = 'qingyuan'`)
  const from = rows[0]?.tenant_id
  if (!from) throw new Error('there is no sample centre')
  await client.query('begin')
  await client.query(
    `insert into identity.tenant (tenant_id, slug, name, timezone, language, created_at) values ($1, 'neighbour', '邻水供水', 'Asia/Shanghai', 'zh', now()) on conflict do nothing`,
    [neighbour],
  )
  for (const [table, of] of [...whole.map((t): [string, null] => [t, null]), ...parts]) {
    const columns = (
      await client.query<{ name: string }>(
        `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' and attname <> 'tenant_id' order by attnum`,
        [table],
      )
    ).rows.map(r => `"${r.name}"`)
    await client.query(
      `insert into ${table} (tenant_id, ${columns.join(', ')}) select $1, ${columns.join(', ')} from ${table} where tenant_id = $2 ${of ? `and ${share(of)}` : ''} on conflict do nothing`,
      [neighbour, from],
    )
  }
  await client.query('commit')
  for (const [table] of parts) await client.query(`vacuum (analyze) ${table}`)
}
