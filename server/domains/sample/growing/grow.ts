import pg from 'pg'
import { inBulk } from '../fill.ts'
import type { Language, Say } from '../furnishing.ts'
import type { Amount } from '../history.ts'
import { growContacts } from './contacts.ts'
import { growCustomers } from './customers.ts'
import { growTickets } from './tickets.ts'

export type Grown = { tenantId: string; language: Language; say: Say; now: Date; first: Date; amount: Amount; tell: Tell }
/** How far a part has come, of how many rows. */
export type Tell = (part: string, done: number, of: number) => void

/**
 * From a year as the living centre made it to as many rows as wanted. Each part is a transaction of its own that begins by looking at what is there,
 * so a growth that was cut short goes on where it was. What is grown is lean: a contact has its marks of time, its rating and one event, no talk; a ticket has its main steps.
 */
export async function grow(url: string, grown: Grown): Promise<void> {
  await inBulk(
    url,
    grown.tenantId,
    (fill, client) =>
      withoutIndexes(client, ['customers.customer', 'customers.customer_identity'], () => growCustomers(fill, client, grown)),
    { unasked: true },
  )
  // Tickets are thrown here and copied, contacts are made by the database: side by side they take two processors.
  const both = await Promise.allSettled([
    inBulk(
      url,
      grown.tenantId,
      (fill, client) => withoutIndexes(client, ['tickets.ticket', 'tickets.entry'], () => growTickets(fill, client, grown)),
      { unasked: true },
    ),
    inBulk(
      url,
      grown.tenantId,
      (_, client) =>
        withoutIndexes(client, ['interactions.interaction', 'surveys.rating', 'kernel.event'], () => growContacts(client, grown)),
      { unasked: true },
    ),
  ])
  for (const one of both) if (one.status === 'rejected') throw one.reason
  await inBulk(url, grown.tenantId, async (_, client) => {
    await withoutIndexes(client, ['customers.customer'], () => lastContacts(client, grown))
    await client.query(`update identity.tenant set settings = settings - 'growing' where tenant_id = $1`, [grown.tenantId])
  })
  await tidy(url, grown.tell)
}

const large = [
  'customers.customer',
  'customers.customer_identity',
  'interactions.interaction',
  'surveys.rating',
  'kernel.event',
  'tickets.ticket',
  'tickets.entry',
]

/** As autovacuum would in its own time: the planner knows what is there, and index-only scans need not look at the rows. */
export async function tidy(url: string, tell: Tell): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'huiyin sample' })
  client.on('error', () => {})
  await client.connect()
  try {
    for (const [n, table] of large.entries()) {
      tell('tidying', n, large.length)
      await client.query(`vacuum (analyze) ${table}`)
    }
    tell('tidying', large.length, large.length)
  } finally {
    await client.end()
  }
}

/** A customer was last heard when the last contact began. */
export async function lastContacts(client: pg.Client, { tenantId }: Grown): Promise<void> {
  await client.query(
    `update customers.customer c set last_contact_at = l.at
     from (select customer_id, max(started_at) as at from interactions.interaction where tenant_id = $1 and customer_id is not null group by 1) l
     where c.tenant_id = $1 and c.id = l.customer_id and c.last_contact_at is distinct from l.at`,
    [tenantId],
  )
}

/** Rows in bulk go in without the secondary indexes, which are then made at once: several times faster. Who does not own the tables fills them as they are. */
export async function withoutIndexes(client: pg.Client, tables: readonly string[], fn: () => Promise<boolean | void>): Promise<void> {
  await client.query(`set local work_mem = '256MB'; set local maintenance_work_mem = '1GB'; set local max_parallel_maintenance_workers = 2`)
  const { rows } = await client.query<{ name: string; def: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as def from pg_index i join pg_class c on c.oid = i.indrelid
     where i.indrelid = any($1::regclass[]) and not exists (select from pg_constraint k where k.conindid = i.indexrelid) and pg_has_role(c.relowner, 'usage')`,
    [tables],
  )
  await client.query('savepoint whole')
  for (const { name } of rows) await client.query(`drop index ${name}`)
  // Nothing to do: the indexes stay as they were.
  if ((await fn()) === false) return void (await client.query('rollback to whole'))
  // Of a partitioned table the definition says ONLY: without that word the partitions get theirs, too.
  for (const { def } of rows) await client.query(def.replace(' ON ONLY ', ' ON '))
}
