import { sql } from 'kysely'
import { type AutomationOffer, type FieldOffer, type Option, trigger } from '#kernel/automation.ts'
import type { Ctx } from '#kernel/work.ts'
import { ratingGiven } from './events.ts'
import { visibleRatings } from './queries.ts'

const queues = async (ctx: Ctx): Promise<Option[]> => {
  const { rows } = await sql<Option>`select id as value, name, name_en as "nameEn" from routing.fact_queue
    where tenant_id = ${ctx.tenantId} and not retired order by position, id limit 500`.execute(ctx.db)
  return rows
}
const score: FieldOffer = { key: 'score', kind: 'number', name: '评分', nameEn: 'Score' }
const agent: FieldOffer = { key: 'agent', kind: 'person', name: '坐席', nameEn: 'Agent' }
const queue: FieldOffer = { key: 'queue', kind: 'queue', name: '队列', nameEn: 'Queue', options: queues }

async function load(ctx: Ctx, id: string) {
  const r = await visibleRatings(ctx)
    .select(['r.score', 'r.words', 'r.agentId', 'r.queueId', 'r.taskId', 'r.customerId', 'r.ratedAt'])
    .where('r.id', '=', id)
    .executeTakeFirst()
  if (!r) return null
  return {
    label: `${r.score} ★ ${r.words}`.trim(),
    path: '/ratings',
    fields: {
      score: r.score,
      words: r.words,
      agent: r.agentId,
      queue: r.queueId,
      wonBack: r.taskId !== null,
      ratedAt: r.ratedAt,
      customerId: r.customerId,
    },
  }
}

export const automation: AutomationOffer = {
  subjects: [
    {
      noun: 'rating',
      name: '评价',
      nameEn: 'Rating',
      fields: [
        score,
        { key: 'words', kind: 'text', name: '客户的话', nameEn: 'What was written' },
        agent,
        queue,
        { key: 'wonBack', kind: 'yesno', name: '已有回访待办', nameEn: 'Has a win-back task' },
        { key: 'ratedAt', kind: 'time', name: '评价时间', nameEn: 'Rated at' },
      ],
      load,
    },
  ],
  triggers: [
    trigger(ratingGiven, {
      subject: 'rating',
      name: '客户已评价',
      nameEn: 'A customer rates',
      fields: [score, agent, queue],
      is: d => ({ score: d.score, agent: d.agentId, queue: d.queueId }),
    }),
  ],
}
