import { type Selectable, sql } from 'kysely'
import type { Tables } from '#kernel/tables.ts'
import type { Ctx } from '#kernel/work.ts'

export type CallRow = Selectable<Tables['voice.call']>
export type NumberRow = Selectable<Tables['voice.number']>

/** Everything that happens to a call begins here: whoever is second finds what the first has made of it. */
export async function lockCall(ctx: Ctx, id: string): Promise<CallRow | undefined> {
  const { rows } = await sql<CallRow>`select * from voice.call where tenant_id = ${ctx.tenantId} and id = ${id} for update`.execute(ctx.db)
  return rows[0]
}

/** Locked. A contact that came over somebody else's telephone has no call here. */
export async function callOfInteraction(ctx: Ctx, interactionId: string): Promise<CallRow | undefined> {
  const { rows } =
    await sql<CallRow>`select * from voice.call where tenant_id = ${ctx.tenantId} and interaction_id = ${interactionId} for update`.execute(
      ctx.db,
    )
  return rows[0]
}

export const aboutCall = (row: Pick<CallRow, 'id' | 'customerId' | 'interactionId'>) => ({
  id: row.id,
  customerId: row.customerId,
  interactionId: row.interactionId,
})

export async function changeCall(ctx: Ctx, row: CallRow, set: Partial<Omit<CallRow, 'machine'>>): Promise<CallRow> {
  await ctx.db.updateTable('voice.call').set(set).where('id', '=', row.id).execute()
  return { ...row, ...set }
}
