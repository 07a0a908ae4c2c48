import { sql } from 'kysely'
import type { FlowBody } from '#contract/flows.ts'
import type { QueueVoice } from '#contract/voiceSettings.ts'
import type { House } from '#kernel/house.ts'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import type { Setting } from './rules/call.ts'

type Policy = Required<Omit<QueueVoice, 'queueId'>>
/** How a queue treats its calls until somebody says otherwise. */
export const usualPolicy: Policy = { recording: 'on', keepDays: 180, rating: true, musicId: null, callbackTries: 3, callbackMinutes: 10 }

type Found = {
  flowId: string | null
  flowVersion: number | null
  recording: Policy['recording'] | null
  customer: Setting['customer']
  policies: ({ queueId: string } & Policy)[] | null
}

/** What stays as it is while a step is taken: the flow this call began with, the queues' manners, who calls. `customerId`: known in this step, and not written yet. */
export async function settingOf(ctx: Ctx, { id, customerId = null }: { id: string; customerId?: string | null }): Promise<Setting> {
  const { rows } = await sql<Found>`select c.flow_id as "flowId", c.flow_version as "flowVersion",
    (select n.recording from voice.number n where n.tenant_id = ${ctx.tenantId} and n.id = c.number_id) as recording,
    (select json_build_object('id', p.id, 'name', p.name, 'tier', p.tier) from customers.fact_customer p
      where p.tenant_id = ${ctx.tenantId} and p.id = coalesce(${customerId}, c.customer_id)) as customer,
    (select json_agg(json_build_object('queueId', q.queue_id, 'recording', q.recording, 'rating', q.rating, 'musicId', q.music_id, 'keepDays', q.keep_days,
        'callbackTries', q.callback_tries, 'callbackMinutes', q.callback_minutes))
      from voice.queue q where q.tenant_id = ${ctx.tenantId}) as policies
    from voice.call c where c.tenant_id = ${ctx.tenantId} and c.id = ${id}`.execute(ctx.db)
  const { flowId = null, flowVersion = null, recording = null, customer = null, policies = null } = rows[0] ?? {}
  const manners = new Map(policies?.map(policy => [policy.queueId, policy]))
  return {
    now: ctx.now,
    id: newId,
    flow: flowId === null || flowVersion === null ? null : await flowOf(ctx, flowId, flowVersion),
    customer,
    queue: queueId => {
      const policy = queueId === null ? { ...usualPolicy, rating: false } : (manners.get(queueId) ?? usualPolicy)
      return { ...policy, recording: recording ?? policy.recording }
    },
  }
}

/** Published versions as they were read: a version never changes, so it is read once by a process. */
const flows = new WeakMap<House, Map<string, FlowBody>>()
const mostFlows = 500

async function flowOf(ctx: Ctx, flowId: string, version: number): Promise<FlowBody | null> {
  const known = flows.get(ctx.house) ?? new Map<string, FlowBody>()
  flows.set(ctx.house, known)
  const name = `${ctx.tenantId}/${flowId}/${version}`
  const before = known.get(name)
  if (before) return before
  const row = await ctx.db
    .selectFrom('voice.flowVersion')
    .select('body')
    .where('flowId', '=', flowId)
    .where('version', '=', version)
    .executeTakeFirst()
  if (!row) return null
  if (known.size >= mostFlows) known.clear()
  known.set(name, row.body)
  return row.body
}

/** For steps that ask for none of it: a call that begins to be answered, one that is over. */
export const noSetting = (ctx: Ctx): Setting => ({
  now: ctx.now,
  id: newId,
  flow: null,
  customer: null,
  queue: () => usualPolicy,
})
