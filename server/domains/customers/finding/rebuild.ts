import { sql } from 'kysely'
import { every, when } from '#kernel/react.ts'
import type { Ctx } from '#kernel/work.ts'
import { customerSearchDue } from '../events.ts'
import { searchText, searchVersion } from './words.ts'

const perTurn = 400
const rest = 150

type Said = { name: string; address: string; district: string }

/**
 * Rows that an older version wrote, or somebody who did not say how they are found: a few hundred at a time, so that nobody who edits one waits, and again until none is
 * left. What was done is in the rows themselves: whatever ends it, it goes on where it was. Nothing anybody reads changes, so neither does the version.
 */
export async function readAnew(ctx: Ctx): Promise<number> {
  const { rows } = await sql<Said & { id: string; merged: readonly Said[] }>`
    select id, name, address, district, array(select json_build_object('name', a.name, 'address', a.address, 'district', a.district) from customers.customer a
      where a.tenant_id = ${ctx.tenantId} and a.merged_into = c.id) as merged
    from customers.customer c where tenant_id = ${ctx.tenantId} and search_version < 1 order by id limit ${perTurn} for update skip locked`.execute(
    ctx.db,
  )
  if (rows.length === 0) return 0
  const anew = rows.map(row => ({ id: row.id, words: [row, ...row.merged].map(searchText) }))
  await sql`update customers.customer c set search_version = ${searchVersion},
      search = (select customers.all_words(w::tsvector) from unnest(x.words) w)
    from jsonb_to_recordset(${JSON.stringify(anew)}::jsonb) x (id uuid, words text[]) where c.tenant_id = ${ctx.tenantId} and c.id = x.id`.execute(
    ctx.db,
  )
  if (rows.length === perTurn)
    await ctx.at(new Date(ctx.now.getTime() + rest), customerSearchDue, { id: ctx.tenantId, clock: 'search' }, {})
  return rows.length
}

export const findingReactions = [
  when(customerSearchDue, 'read the next names anew', readAnew),
  every('*/5 * * * *', 'read anew how customers are found whom an older version wrote', readAnew),
]
