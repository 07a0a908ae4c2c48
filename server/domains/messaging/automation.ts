import { sql } from 'kysely'
import * as z from 'zod'
import { moveContacts, prioritise } from '#domains/routing/index.ts'
import { type AutomationOffer, action, type FieldOffer, type Option, trigger } from '#kernel/automation.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { lockVisible } from './actions/answer.ts'
import { say } from './actions/say.ts'
import { conversationEnded, conversationStarted, customerWrote } from './events.ts'
import { sending } from './outgoing/ruleActions.ts'
import { oneConversation } from './queries.ts'

const queues = async (ctx: Ctx): Promise<Option[]> => {
  const { rows } = await sql<Option>`select id as value, name, name_en as "nameEn" from routing.fact_queue
    where tenant_id = ${ctx.tenantId} and not retired order by position, id limit 500`.execute(ctx.db)
  return rows
}
/** Everyone's answers: a team's and one's own are theirs to send. */
const answers = async (ctx: Ctx): Promise<Option[]> =>
  (
    await ctx.db
      .selectFrom('messaging.cannedAnswer')
      .select(['id', 'shortcut', 'text', 'textEn'])
      .where('retired', '=', false)
      .where('teamId', 'is', null)
      .where('ownerId', 'is', null)
      .orderBy('shortcut')
      .limit(500)
      .execute()
  ).map(a => ({ value: a.id, name: `${a.shortcut} ${a.text.slice(0, 40)}`, nameEn: `${a.shortcut} ${(a.textEn || a.text).slice(0, 60)}` }))

const queue: FieldOffer = { key: 'queue', kind: 'queue', name: '队列', nameEn: 'Queue', options: queues }
const states = [
  { value: 'waiting', name: '排队中', nameEn: 'Waiting' },
  { value: 'active', name: '会话中', nameEn: 'Active' },
  { value: 'wrap', name: '话后整理', nameEn: 'Wrap-up' },
  { value: 'done', name: '已结束', nameEn: 'Done' },
  { value: 'left', name: '留言', nameEn: 'Left a message' },
  { value: 'abandoned', name: '客户放弃', nameEn: 'Abandoned' },
]
const tiers = [
  { value: 'normal', name: '普通', nameEn: 'Normal' },
  { value: 'silver', name: '银卡', nameEn: 'Silver' },
  { value: 'gold', name: '金卡', nameEn: 'Gold' },
  { value: 'key', name: '重点', nameEn: 'Key' },
]
const writers = [
  { value: 'customer', name: '客户', nameEn: 'The customer' },
  { value: 'agent', name: '坐席', nameEn: 'An agent' },
]
const fields: FieldOffer[] = [
  { key: 'state', kind: 'choice', name: '状态', nameEn: 'State', options: states },
  queue,
  { key: 'agent', kind: 'person', name: '坐席', nameEn: 'Agent' },
  { key: 'tier', kind: 'choice', name: '客户等级', nameEn: 'Customer tier', options: tiers },
  { key: 'known', kind: 'yesno', name: '已识别客户', nameEn: 'Customer known' },
  { key: 'subject', kind: 'text', name: '咨询事项', nameEn: 'Subject' },
  { key: 'preview', kind: 'text', name: '最后一句', nameEn: 'Last words' },
  { key: 'lastAuthor', kind: 'choice', name: '最后说话的人', nameEn: 'Who spoke last', options: writers },
  { key: 'unread', kind: 'number', name: '未读条数', nameEn: 'Unread messages' },
  { key: 'startedAt', kind: 'time', name: '开始时间', nameEn: 'Started at' },
  { key: 'lastAt', kind: 'time', name: '最后一句的时间', nameEn: 'Last words at' },
  { key: 'rating', kind: 'number', name: '评分', nameEn: 'Rating' },
]

async function load(ctx: Ctx, id: string) {
  try {
    const c = await oneConversation(ctx, id)
    const { state, queueId, agentId, tier, customerId, subject, preview, lastAuthor, unread, startedAt, lastAt, rating } = c
    return {
      label: [c.customerName, subject].filter(Boolean).join(' '),
      path: `/desk?c=${id}`,
      fields: {
        state,
        queue: queueId,
        agent: agentId,
        tier,
        known: customerId !== null,
        subject,
        preview,
        lastAuthor,
        unread,
        startedAt,
        lastAt,
        rating,
        customerId,
      },
    }
  } catch (error) {
    if (error instanceof Refusal && error.kind === 'not_found') return null
    throw error
  }
}

const contactOf = async (ctx: Ctx, id: string) => (await oneConversation(ctx, id)).interactionId
function settled({ refused: [no] }: Awaited<ReturnType<typeof prioritise>>): void {
  if (no) throw new Refusal('conflict', no.code, no.facts)
}

const ask = { kind: 'choice', name: '常用语', nameEn: 'Canned answer', options: answers } as const
export const automation: AutomationOffer = {
  subjects: [{ noun: 'conversation', name: '会话', nameEn: 'Conversation', fields, load }],
  triggers: [
    trigger(conversationStarted, {
      subject: 'conversation',
      name: '会话开始',
      nameEn: 'A conversation begins',
      fields: [queue, { key: 'left', kind: 'yesno', name: '非服务时间', nameEn: 'Out of hours' }],
      is: d => ({ queue: d.queueId, left: d.left }),
    }),
    trigger(customerWrote, { subject: 'conversation', name: '客户发来消息', nameEn: 'A customer writes' }),
    trigger(conversationEnded, {
      subject: 'conversation',
      name: '会话结束',
      nameEn: 'A conversation ends',
      fields: [
        {
          key: 'endedBy',
          kind: 'choice',
          name: '由谁结束',
          nameEn: 'Ended by',
          options: [...writers, { value: 'silence', name: '无人应答', nameEn: 'Silence' }],
        },
      ],
      is: d => ({ endedBy: d.by, agent: d.agentId }),
    }),
  ],
  actions: [
    action({
      key: 'conversation.say',
      on: 'conversation',
      may: 'conversation:write',
      name: '发送常用语',
      nameEn: 'Send a canned answer',
      params: z.object({ answerId: z.uuid() }),
      asks: { answerId: ask },
      run: async (ctx, { id }, { answerId }) => {
        const c = await lockVisible(ctx, id, 'conversation:write', 'conversation:read')
        if (c.state === 'done' || c.state === 'abandoned') throw new Refusal('conflict', 'conversation.not_open', { state: c.state })
        const answer = await ctx.db
          .selectFrom('messaging.cannedAnswer')
          .select(['text', 'textEn'])
          .where('id', '=', answerId)
          .where('retired', '=', false)
          .where('teamId', 'is', null)
          .where('ownerId', 'is', null)
          .executeTakeFirst()
        const { text, textEn } = found(answer, 'canned_answer', answerId)
        const visitor =
          c.visitorId === null
            ? undefined
            : await ctx.db.selectFrom('messaging.visitor').select('language').where('id', '=', c.visitorId).executeTakeFirst()
        const words = visitor?.language === 'en' && textEn !== '' ? textEn : text
        // What is still to be filled in is an agent's to fill in.
        if (/\{[^{}\n]{1,24}\}/.test(words)) throw new Refusal('conflict', 'canned_answer.has_blanks')
        await say(ctx, c, { author: 'system', authorId: null, authorName: '', kind: 'text', text: words })
      },
    }),
    action({
      key: 'conversation.move',
      on: 'conversation',
      may: 'routing:supervise',
      name: '排到别的队列',
      nameEn: 'Move to another queue',
      params: z.object({ queueId: z.uuid() }),
      asks: { queueId: { kind: 'choice', name: '队列', nameEn: 'Queue', options: queues } },
      run: async (ctx, { id }, { queueId }) => settled(await moveContacts(ctx, { ids: [await contactOf(ctx, id)], queueId })),
    }),
    action({
      key: 'conversation.prioritise',
      on: 'conversation',
      may: 'routing:supervise',
      name: '排到最前',
      nameEn: 'Put ahead in the queue',
      params: z.object({}),
      asks: {},
      run: async (ctx, { id }) => settled(await prioritise(ctx, { ids: [await contactOf(ctx, id)], ahead: true })),
    }),
    sending,
  ],
}
