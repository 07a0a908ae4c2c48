import { sql } from 'kysely'
import type { FlowBody, FlowFault, FlowNode } from '#contract/flows.ts'
import { nameQueues } from '#domains/routing/index.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'

type What = 'queue' | 'sound' | 'calendar'
type Named = { what: What; id: string; field: string }
type There = { what: What; id: string; fits: boolean }

/** What a node names beside other nodes. */
const namedBy = (node: FlowNode): Named[] => [
  ...('queueId' in node ? [{ what: 'queue' as const, id: node.queueId, field: 'queueId' }] : []),
  ...('sound' in node && node.sound.announcementId !== null
    ? [{ what: 'sound' as const, id: node.sound.announcementId, field: 'sound.announcementId' }]
    : []),
  ...('musicId' in node && node.musicId !== null ? [{ what: 'sound' as const, id: node.musicId, field: 'musicId' }] : []),
  ...('calendarId' in node && node.calendarId !== null ? [{ what: 'calendar' as const, id: node.calendarId, field: 'calendarId' }] : []),
]

/** Queues that are gone or serve another channel, announcements and hours that are gone. */
export async function namesLost(ctx: Ctx, { nodes }: FlowBody): Promise<FlowFault[]> {
  const ids = [...new Set(nodes.flatMap(node => namedBy(node).map(named => named.id)))]
  if (ids.length === 0) return []
  const { rows } = await sql<There>`
    select 'queue' as what, id, channel = 'phone' as fits from routing.fact_queue where tenant_id = ${ctx.tenantId} and id = any(${ids}::uuid[]) and not retired
    union all select 'sound', id, true from voice.announcement where tenant_id = ${ctx.tenantId} and id = any(${ids}::uuid[]) and not retired
    union all select 'calendar', id, true from identity.fact_calendar where tenant_id = ${ctx.tenantId} and id = any(${ids}::uuid[]) and not retired`.execute(
    ctx.db,
  )
  return nodes.flatMap(node =>
    namedBy(node).flatMap(({ what, id, field }) => {
      const there = rows.find(row => row.what === what && row.id === id)
      if (there?.fits) return []
      return [{ node: node.key, field, code: there ? 'flow.queue_other_channel' : `flow.${what}_gone` }]
    }),
  )
}

/** What a flow names must be there on the day it is published, and its queues cannot be put away in between. */
export async function checkNamed(ctx: Ctx, flow: FlowBody): Promise<void> {
  const faults = await namesLost(ctx, flow)
  const [first] = faults
  const name = flow.nodes.find(node => node.key === first?.node)?.name ?? ''
  if (first)
    throw new Refusal('conflict', first.code === 'flow.queue_other_channel' ? first.code : 'flow.names_lost', {
      node: first.node,
      name,
      faults,
    })
  await nameQueues(ctx, flow.nodes.flatMap(node => ('queueId' in node ? [node.queueId] : [])), ['phone']) // biome-ignore format: one line reads better
}
