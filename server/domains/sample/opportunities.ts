import { layStages } from '#domains/sales/index.ts'
import { bigrams } from '#kernel/search.ts'
import type { Ctx } from '#kernel/work.ts'
import type { Pair } from './centre.ts'
import { throwing } from './dice.ts'
import { place } from './fill.ts'
import type { Ids, Say } from './furnishing.ts'

type Plot = {
  title: Pair
  /** Of somebody who has no file yet; without it, of a customer of the centre. */
  lead?: Pair
  yuan: number
  source: string
  owner: string
  /** Days ago at which each stage was reached, the first when it was heard of. */
  course: readonly number[]
  /** Days from now until a decision is expected. */
  expected: number
  ends?: 'won' | 'lost'
  why?: Pair
}
const plots: readonly Plot[] = [
  { title: ['二期厂房供水扩容', 'More supply for the second plant'], yuan: 486_000, source: 'visit', owner: 'supervisor', course: [41, 30, 12], expected: 20 },
  { title: ['远传水表整栋更换', 'Remote meters for a whole building'], yuan: 92_400, source: 'contact', owner: 'agent', course: [19, 15], expected: 34 },
  { title: ['直饮水机房托管', 'Running the drinking-water plant'], yuan: 158_000, source: 'referral', owner: 'chengyining', course: [9], expected: 60 },
  { title: ['泵房年度保养', 'Yearly care of the pump room'], yuan: 36_000, source: 'contact', owner: 'lead', course: [88, 80, 71, 52], expected: -50, ends: 'won' },
  { title: ['消防管网检测', 'Testing the fire mains'], yuan: 64_000, source: 'research', owner: 'supervisor', course: [120, 102, 96], expected: -90, ends: 'lost', why: ['价格高于本地同行', 'Dearer than a local firm'] },
  { title: ['新楼盘报装一户一表', 'Own meters for a new estate'], lead: ['滨河置业 梁经理', 'Mr Liang, Riverside Homes'], yuan: 730_000, source: 'campaign', owner: 'supervisor', course: [6, 2], expected: 75 },
  { title: ['酒店软化水设备', 'Softened water for a hotel'], lead: ['云栖酒店 工程部', 'Yunqi Hotel, engineering'], yuan: 45_800, source: 'referral', owner: 'agent', course: [1], expected: 45 },
] // biome-ignore format: a table

const day = 86_400_000

/** What may come of customers and of some who are none yet. */
export async function furnishOpportunities(ctx: Ctx, ids: Ids, say: Say): Promise<void> {
  await layStages(ctx)
  const stages = await ctx.db.selectFrom('sales.stage').select(['id', 'name', 'nameEn', 'kind']).orderBy('position').execute()
  const open = stages.filter(s => s.kind === 'open')
  const firms = await ctx.db
    .selectFrom('customers.factCustomer')
    .select(['id', 'name'])
    .where('kind', '=', 'organisation')
    .orderBy('number')
    .limit(plots.length)
    .execute()
  const dice = throwing(`opportunities ${ctx.now.toISOString().slice(0, 10)}`)
  for (const [n, plot] of plots.entries()) {
    const at = (days: number) => new Date(ctx.now.getTime() - days * day)
    const ended = plot.ends && stages.find(s => s.kind === plot.ends)
    const passed = plot.course.map((days, i) => ({
      at: at(days),
      stage: (ended && i === plot.course.length - 1 ? ended : open[i]) ?? open[0],
    }))
    const last = passed.at(-1)
    const firm = plot.lead ? null : firms[n % Math.max(1, firms.length)]
    if (!last?.stage || firm === undefined) continue
    const opened = passed[0]?.at ?? ctx.now
    const id = dice.id(opened)
    const name = plot.lead ? say(plot.lead) : ''
    const owner = ids(`person ${plot.owner}`)
    await place(ctx, 'sales.opportunity', [
      {
        id,
        title: say(plot.title),
        customerId: firm?.id ?? null,
        name,
        stageId: last.stage.id,
        state: last.stage.kind,
        source: plot.source,
        value: plot.yuan * 100,
        ownerId: owner,
        openedById: owner,
        expectedOn: at(-plot.expected).toISOString().slice(0, 10),
        lostReason: plot.why ? say(plot.why) : '',
        openedAt: opened,
        changedAt: last.at,
        closedAt: ended ? last.at : null,
        search: bigrams(say(plot.title), name, ''),
      },
    ])
    await place(
      ctx,
      'sales.step',
      passed.map((step, i) => ({
        id: dice.id(step.at),
        opportunityId: id,
        fromId: passed[i - 1]?.stage?.id ?? null,
        toId: step.stage?.id,
        at: step.at,
        byId: owner,
        byName: null,
        note: plot.why && i === passed.length - 1 ? say(plot.why) : '',
      })),
    )
    await place(
      ctx,
      'kernel.event',
      passed.map((step, i) => ({
        id: dice.id(step.at),
        name: i === 0 ? 'opportunity.opened' : 'opportunity.moved',
        about: id,
        at: step.at,
        actorKind: 'user',
        actorId: owner,
        customerId: firm?.id ?? null,
        interactionId: null,
        seenBy: 'opportunity:read',
        detail:
          i === 0
            ? { source: plot.source, value: plot.yuan * 100 }
            : { from: passed[i - 1]?.stage?.name, to: step.stage?.name, state: step.stage?.kind, value: plot.yuan * 100 },
        audit: false,
      })),
    )
  }
}
