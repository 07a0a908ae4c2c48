import { sql } from 'kysely'
import type * as z from 'zod'
import { type Flow, FlowBody, type FlowWhole, type flows } from '#contract/flows.ts'
import { type Actor, actorId } from '#kernel/access.ts'
import type { House } from '#kernel/house.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import { type Ctx, work } from '#kernel/work.ts'
import { flowChanged, flowPublished } from './events.ts'
import { checkNamed, namesLost } from './namedInFlows.ts'
import { faultsOf } from './rules/check.ts'
import { speakWords, unspokenIn } from './speakingFlows.ts'

const mostFlows = 200
const mostVersionsTold = 50

const select = (ctx: Ctx) =>
  ctx.db
    .selectFrom('voice.flow as f')
    .select(['f.id', 'f.name', 'f.nameEn', 'f.retired', 'f.published', 'f.changedAt'])
    .select(
      sql<
        string[]
      >`array(select n.number from voice.number n where n.tenant_id = ${ctx.tenantId} and n.flow_id = f.id and not n.retired order by n.number)`.as(
        'numbers',
      ),
    )

export async function listFlows(ctx: Ctx): Promise<Flow[]> {
  return select(ctx).orderBy('f.retired').orderBy('f.name').orderBy('f.id').limit(mostFlows).execute()
}

/** What was stored before its schema learned something reads as it was meant. */
export async function oneFlow(ctx: Ctx, id: string): Promise<FlowWhole> {
  const row = found(await select(ctx).select('f.draft').where('f.id', '=', id).executeTakeFirst(), 'flow', id)
  const versions = await ctx.db
    .selectFrom('voice.flowVersion as v')
    .select(['v.version', 'v.publishedAt', 'v.note', 'v.body'])
    .select(
      sql<string>`coalesce((select p.name from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and p.id = v.published_by), '')`.as(
        'publishedByName',
      ),
    )
    .where('v.flowId', '=', id)
    .orderBy('v.version', 'desc')
    .limit(mostVersionsTold)
    .execute()
  const draft = FlowBody.parse(row.draft)
  return {
    ...row,
    draft,
    versions: versions.map(v => ({ ...v, body: FlowBody.parse(v.body) })),
    faults: [...faultsOf(draft), ...(await namesLost(ctx, draft))],
  }
}

async function locked(ctx: Ctx, id: string) {
  const row = await ctx.db.selectFrom('voice.flow').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  return found(row, 'flow', id)
}
/** Two changes never bear the same instant: a draft says by it which one it was made of. */
const after = (ctx: Ctx, before: Date) => new Date(Math.max(ctx.now.getTime(), before.getTime() + 1))

export async function addFlow(ctx: Ctx, { name, nameEn, draft }: z.output<typeof flows.add.body>): Promise<FlowWhole> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from voice.flow where tenant_id = ${ctx.tenantId}`.execute(ctx.db)
  if ((rows[0]?.n ?? 0) >= mostFlows) throw new Refusal('conflict', 'flow.too_many', { most: mostFlows })
  const id = newId()
  await ctx.db
    .insertInto('voice.flow')
    .values({ id, name, nameEn, draft: JSON.stringify(draft ?? FlowBody.parse({})), published: null, changedAt: ctx.now })
    .execute()
  await ctx.emit(flowChanged, { id }, { name, act: 'added' })
  return oneFlow(ctx, id)
}

export async function renameFlow(ctx: Ctx, id: string, change: z.output<typeof flows.rename.body>): Promise<FlowWhole> {
  const row = await locked(ctx, id)
  const name = change.name ?? row.name
  await ctx.db
    .updateTable('voice.flow')
    .set({ name, nameEn: change.nameEn ?? row.nameEn })
    .where('id', '=', id)
    .execute()
  await ctx.emit(flowChanged, { id }, { name, act: 'renamed' })
  return oneFlow(ctx, id)
}

export async function keepDraft(ctx: Ctx, id: string, { body, basedOn }: z.output<typeof flows.draft.body>): Promise<FlowWhole> {
  const row = await locked(ctx, id)
  if (row.changedAt.getTime() !== basedOn.getTime()) throw new Refusal('conflict', 'flow.changed_meanwhile', { name: row.name })
  await ctx.db
    .updateTable('voice.flow')
    .set({ draft: JSON.stringify(body), changedAt: after(ctx, row.changedAt) })
    .where('id', '=', id)
    .execute()
  await ctx.emit(flowChanged, { id }, { name: row.name, act: 'changed' })
  return oneFlow(ctx, id)
}

/** The draft as it could be heard from now on. */
async function publishable(ctx: Ctx, id: string) {
  const row = await locked(ctx, id)
  if (row.retired) throw new Refusal('conflict', 'flow.retired', { name: row.name })
  const draft = FlowBody.parse(row.draft)
  const faults = faultsOf(draft)
  if (faults.length > 0) throw new Refusal('conflict', 'flow.faulty', { count: faults.length, faults })
  await checkNamed(ctx, draft)
  return { row, draft }
}

/** Its words are spoken first, outside of any transaction: what the provider does not speak is not published, and the draft stays. */
export async function speakAndPublish(house: House, actor: Actor, id: string, note: string): Promise<FlowWhole> {
  const words = await work(house, actor, async ctx => unspokenIn(ctx, (await publishable(ctx, id)).draft))
  if (words.length > 0) await speakWords(house, actor.tenantId, words)
  return work(house, actor, ctx => publishFlow(ctx, id, note))
}

/** Calls that run keep the version they began with. */
export async function publishFlow(ctx: Ctx, id: string, note: string): Promise<FlowWhole> {
  const { row, draft } = await publishable(ctx, id)
  const version = (row.published ?? 0) + 1
  const body = JSON.stringify(draft)
  await ctx.db
    .insertInto('voice.flowVersion')
    .values({ flowId: id, version, body, note, publishedAt: ctx.now, publishedBy: actorId(ctx.actor) ?? id })
    .execute()
  await ctx.db.updateTable('voice.flow').set({ published: version }).where('id', '=', id).execute()
  await ctx.emit(flowPublished, { id }, { version })
  return oneFlow(ctx, id)
}

export async function retireFlow(ctx: Ctx, id: string, retired: boolean): Promise<FlowWhole> {
  const row = await locked(ctx, id)
  const { numbers } = await select(ctx).where('f.id', '=', id).executeTakeFirstOrThrow()
  if (retired && numbers.length > 0) throw new Refusal('conflict', 'flow.numbers_lead_here', { name: row.name, numbers })
  await ctx.db.updateTable('voice.flow').set({ retired }).where('id', '=', id).execute()
  await ctx.emit(flowChanged, { id }, { name: row.name, act: retired ? 'retired' : 'restored' })
  return oneFlow(ctx, id)
}
