import type * as z from 'zod'
import type { Profile, profile } from '#contract/profile.ts'
import { found } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { customerEntrusted } from './events.ts'
import { fileChanged, lockFile } from './locking.ts'

export const carersOf = async (ctx: Ctx, customerId: string): Promise<string[]> => {
  const rows = await ctx.db
    .selectFrom('customers.carer')
    .select('userId')
    .where('customerId', '=', customerId)
    .orderBy('since')
    .orderBy('userId')
    .execute()
  return rows.map(row => row.userId)
}

/** Who looks after the customer and who takes care beside them; the owner is no carer besides. */
export async function entrust(ctx: Ctx, id: string, { version, ownerId, carerIds }: z.output<typeof profile.entrust.body>): Promise<Team> {
  const customer = await lockFile(ctx, id, version)
  const before = await carersOf(ctx, id)
  const after = [...new Set(carerIds)].filter(one => one !== ownerId)
  const added = after.filter(one => !before.includes(one))
  const removed = before.filter(one => !after.includes(one))
  if (added.length === 0 && removed.length === 0 && ownerId === customer.ownerId) return { ownerId, carerIds: after }
  await mustWorkHere(ctx, ownerId === null || ownerId === customer.ownerId ? added : [...added, ownerId])
  if (removed.length > 0) await ctx.db.deleteFrom('customers.carer').where('customerId', '=', id).where('userId', 'in', removed).execute()
  if (added.length > 0)
    await ctx.db
      .insertInto('customers.carer')
      .values(added.map(userId => ({ customerId: id, userId, since: ctx.now })))
      .execute()
  await ctx.db.updateTable('customers.customer').set({ ownerId }).where('id', '=', id).execute()
  await ctx.emit(customerEntrusted, { id, customerId: id }, { ownerId, wasId: customer.ownerId, carers: { added, removed } })
  await fileChanged(ctx, id)
  // Whoever handed the customer over may see them no more.
  return { ownerId, carerIds: after }
}
type Team = Pick<Profile, 'ownerId' | 'carerIds'>

async function mustWorkHere(ctx: Ctx, ids: readonly string[]) {
  if (ids.length === 0) return
  const known = await ctx.db.selectFrom('identity.factPerson').select('id').where('id', 'in', ids).where('retired', '=', false).execute()
  for (const id of ids)
    found(
      known.find(person => person.id === id),
      'person',
      id,
    )
}
