import { type PhoneNumber, phoneNumbers } from '#contract/voiceSettings.ts'
import { catalogVerbs } from '#kernel/catalog.ts'
import { enter, strike } from '#kernel/directory.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'

const verbs = catalogVerbs(phoneNumbers, 'voice.number')
export const listNumbers = verbs.list

/** Whoever rings hears a published version: a flow without one would be silence. */
async function checkFlow(ctx: Ctx, flowId: string | null | undefined): Promise<void> {
  if (!flowId) return
  const flow = await ctx.db.selectFrom('voice.flow').select(['name', 'published', 'retired']).where('id', '=', flowId).executeTakeFirst()
  if (!flow || flow.published === null || flow.retired) throw new Refusal('conflict', 'number.flow_not_heard', { name: flow?.name ?? '' })
}

/** A number leads to one organisation of the installation. */
const lead = (ctx: Ctx, number: string): Promise<void> =>
  enter(ctx, 'number', number).catch(error => {
    if (error instanceof Error && 'code' in error && error.code === '23505')
      throw new Refusal('conflict', 'number.taken_elsewhere', { number })
    throw error
  })

export async function addNumber(ctx: Ctx, given: PhoneNumber) {
  await checkFlow(ctx, given.flowId)
  // Taken by ourselves is told before taken by another.
  const row = await verbs.add(ctx, given)
  await lead(ctx, row.number)
  return row
}

export async function changeNumber(ctx: Ctx, id: string, change: Partial<PhoneNumber>) {
  await checkFlow(ctx, change.flowId)
  const before = await verbs.one(ctx, id)
  const row = await verbs.change(ctx, id, change)
  if (row.number !== before.number && !row.retired) {
    await strike(ctx, 'number', before.number)
    await lead(ctx, row.number)
  }
  return row
}

export async function retireNumber(ctx: Ctx, id: string, retired: boolean) {
  const before = await verbs.one(ctx, id)
  const row = await verbs.retire(ctx, id, retired)
  if (retired && !before.retired) await strike(ctx, 'number', row.number)
  if (!retired && before.retired) await lead(ctx, row.number)
  return row
}
