import { sql } from 'kysely'
import type { Matter } from '#contract/tasks.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'

/** What a task may hang on or point to, and where it is known by. */
const known: Record<string, string> = {
  ticket: 'tickets.fact_ticket',
  customer: 'customers.fact_customer',
  interaction: 'interactions.fact_interaction',
  conversation: 'messaging.fact_conversation',
  task: 'tasks.task',
  approval: 'tasks.approval',
}

export async function mustBeThere(ctx: Ctx, { noun, id }: Matter): Promise<void> {
  const view = known[noun]
  if (view === undefined) throw new Refusal('invalid', 'matter.unknown', { noun })
  const { rows } = await sql`select 1 from ${sql.table(view)} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.db)
  found(rows[0], 'matter', id)
}

/** Colleagues there are, and who have not left. */
export async function mustBePeople(ctx: Ctx, ids: readonly (string | null | undefined)[]): Promise<void> {
  const wanted = [...new Set(ids.flatMap(id => id ?? []))]
  if (wanted.length === 0) return
  const { rows } = await sql<{ id: string }>`select id from identity.fact_person
    where tenant_id = ${ctx.tenantId} and id = any(${wanted}::uuid[]) and not retired`.execute(ctx.db)
  for (const id of wanted)
    found(
      rows.find(r => r.id === id),
      'person',
      id,
    )
}
