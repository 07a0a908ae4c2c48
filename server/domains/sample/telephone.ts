import { enter } from '#kernel/directory.ts'
import type { Ctx } from '#kernel/work.ts'
import { furnishFlow } from './callFlow.ts'
import { type Pair, people } from './centre.ts'
import { place } from './fill.ts'
import type { Ids, Say } from './furnishing.ts'

/** A made-up short number: no real one has five digits and three noughts. */
export const hotline = '95000'
const hotlineName: Pair = ['供水热线', 'Water hotline']

/** The hotline: its number, what callers hear, two queues of calls, and the agents who take them beside their chats. */
export async function furnishTelephone(ctx: Ctx, ids: Ids, say: Say): Promise<void> {
  const common = { channel: 'phone', calendarId: ids('calendar always'), preferSeconds: 20, shortAbandonSeconds: 5 }
  const target = { targetPercent: 80, targetSeconds: 20 }
  const line = (key: string, name: Pair) => ({ id: ids(`queue ${key}`), name: say(name), nameEn: name[1], ...common, ...target })
  await place(ctx, 'routing.queue', [
    {
      ...line('hotline', ['热线', 'Hotline']),
      ...{ demands: [], position: 10, ringSeconds: 20, wrapSeconds: 60 },
      ...{ overflowQueueId: null, overflowSeconds: 0, overflowWaiting: 0, overflowUnstaffed: false },
    },
    {
      ...line('hotline repairs', ['热线报修', 'Hotline repairs']),
      demands: [{ skillId: ids('skill repairs'), level: 3, relaxAfter: 30 }],
      ...{ position: 11, ringSeconds: 15, wrapSeconds: 90 },
      ...{ overflowQueueId: ids('queue hotline'), overflowSeconds: 90, overflowWaiting: 20, overflowUnstaffed: true },
    },
  ])
  const queueIds = ['hotline', 'hotline repairs'].map(key => ids(`queue ${key}`))
  await place(
    ctx,
    'voice.queue',
    queueIds.map(queueId => ({ queueId, recording: 'on', keepDays: 180, rating: true, musicId: null })),
  )
  const staffed = people.filter(p => p.chats !== undefined)
  await place(
    ctx,
    'routing.load',
    // A call takes the whole agent: it comes beside chats, and no chat comes beside it.
    staffed.map(({ login }) => ({ agentId: ids(`person ${login}`), channel: 'phone', capacity: 1, weight: 100, beside: 100 })),
  )
  await place(
    ctx,
    'routing.agent_queue',
    staffed.filter(p => p.role !== 'lead').flatMap(({ login }) => queueIds.map(queueId => ({ agentId: ids(`person ${login}`), queueId }))),
  )
  await furnishFlow(ctx, ids, say)
  await place(ctx, 'voice.number', [
    {
      id: ids('number hotline'),
      number: hotline,
      name: say(hotlineName),
      nameEn: hotlineName[1],
      flowId: ids('flow hotline'),
      trunkId: null,
      recording: null,
      outbound: true,
      language: 'zh',
    },
  ])
  await enter(ctx, 'number', hotline)
}
