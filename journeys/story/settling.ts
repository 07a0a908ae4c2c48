import assert from 'node:assert/strict'
import * as z from 'zod'
import { insight, Wallboard } from '#contract/insight.ts'
import { contactOutcomes, contactReasons } from '#contract/interactions.ts'
import { conversations, widget } from '#contract/messaging.ts'
import { departments } from '#contract/people.ts'
import { surveys } from '#contract/surveys.ts'
import { tasks } from '#contract/tasks.ts'
import { ticketCategories, ticketKinds, tickets } from '#contract/tickets.ts'
import { keyFile, type Stage, type Step } from './cast.ts'
import { newClient, Refused, until } from './client.ts'
import type { Story } from './steps.ts'

function only<T>(thing: T | undefined, what: string): T {
  if (thing === undefined) throw new Error(`not there: ${what}`)
  return thing
}

/** 6: a ticket from the conversation; the crew works; the customer follows by the link and hears of it in the chat; closed. */
export async function theTicketIsDone(stage: Stage, story: Story): Promise<{ step: Step; link: string }> {
  const { say, base, field } = stage
  const agent = stage.agents[story.agent]
  const [kinds, categories, places] = await Promise.all([
    agent.call(ticketKinds.list, { query: {} }),
    agent.call(ticketCategories.list, { query: {} }),
    agent.call(departments.list, { query: {} }),
  ])
  const kind = only(
    kinds.find(k => k.code === 'BX'),
    'the kind BX',
  )
  const category = only(
    categories.find(c => c.kindId === kind.id && c.nameEn === 'No water'),
    'the category No water',
  )
  const crew = only(
    places.find(d => d.id === field.me.user.departmentId),
    'the crew of the field account',
  )
  const form = {
    kindId: kind.id,
    categoryId: category.id,
    title: say('海棠里 3 幢无水', 'No water, Haitang building 3'),
    text: say('全楼无水，家有婴儿', 'Whole building, baby at home'),
    priority: 'high' as const,
    place: say('海棠里 3 幢 2 单元 901', 'Haitang, Building 3, 2-901'),
    fields: { symptom: 'none', affected: 24 },
    customerId: story.customerId,
    conversationId: story.conversationId,
    departmentId: crew.id,
    clientId: crypto.randomUUID(),
  }
  await assert.rejects(
    agent.call(tickets.open, { body: { ...form, clientId: crypto.randomUUID(), fields: { symptom: 'made up' } } }),
    (error: unknown) => error instanceof Refused && error.code === 'ticket.field_invalid',
  )
  const [ticket, twin] = await Promise.all([agent.call(tickets.open, { body: form }), agent.call(tickets.open, { body: form })])
  assert.equal(twin.id, ticket.id)
  assert.equal(ticket.status, 'dispatched')
  const params = { id: ticket.id }

  // The customer hears of every step in the chat, with the link under which nobody needs to sign in.
  const toldOf = (code: string) =>
    until(`${code} in the chat`, async () =>
      (await story.visitor.call(widget.messages, { query: { afterSeq: 0 } })).find(m => m.code === code && m.facts?.ticketId === ticket.id),
    )
  const card = await toldOf('ticket.dispatched')
  const link = z.string().parse(card.facts?.link)
  const progress = newClient(base, link.slice(link.indexOf('#') + 1))
  assert.equal((await progress.call(tickets.progress)).status, 'dispatched')

  const mine = await field.call(tickets.list, { query: { box: 'mine', size: 50 } })
  assert.ok(
    mine.rows.some(t => t.id === ticket.id),
    'the crew has it on its list',
  )
  await field.call(tickets.take, { params })
  await toldOf('ticket.taken')
  await assert.rejects(field.call(tickets.take, { params }), Refused)
  await field.call(tickets.resolve, {
    params,
    body: { text: say('更换 DN300 管段 2.5 米，已恢复供水。', 'Replaced 2.5 m of the DN300 main; supply is back.') },
  })
  await toldOf('ticket.resolved')
  const closed = await agent.call(tickets.close, { params, body: { text: say('已告知客户', 'The customer was told') } })
  const seen = await progress.call(tickets.progress)
  assert.deepEqual([closed.status, seen.status, seen.number], ['closed', 'closed', ticket.number])
  assert.deepEqual(
    seen.steps.map(s => s.kind),
    ['opened', 'dispatched', 'taken', 'resolved', 'closed'],
  )

  await toldOf('ticket.closed')
  const told = (await story.visitor.call(widget.messages, { query: { afterSeq: 0 } })).filter(m => m.facts?.ticketId === ticket.id)

  return {
    link: link.slice(link.indexOf('#') + 1),
    step: {
      n: 6,
      did: say(
        `${agent.me.user.name} 由会话建单 ${ticket.number} 派${crew.name}，${field.me.user.name} 接单、办结，客户凭链接看进度并在会话中收到 ${told.length} 次通知，坐席结案`,
        `${agent.me.user.name} opens ${ticket.number} from the chat for ${crew.nameEn}; ${field.me.user.name} takes and resolves it; the customer follows the link and is told ${told.length} times in the chat; closed`,
      ),
      says: say(
        `工单 ${closed.status}，应于 ${closed.dueAt?.toISOString() ?? '—'} 前，${closed.late ? '超时' : '达标'}`,
        `ticket ${closed.status}, due ${closed.dueAt?.toISOString() ?? '—'}, ${closed.late ? 'late' : 'in time'}`,
      ),
      look: `curl -s ${base}/api/progress -K ${keyFile('progress')}`,
    },
  }
}

/** 7: wrapped up with reason and outcome; rated low; somebody owes the customer an answer by a time. */
export async function theCustomerRates(stage: Stage, story: Story): Promise<{ step: Step; ratedAt: number }> {
  const { say, base, lead } = stage
  const agent = stage.agents[story.agent]
  const params = { id: story.conversationId }
  await agent.call(conversations.end, { params })
  const [reasons, outcomes] = await Promise.all([
    agent.call(contactReasons.list, { query: {} }),
    agent.call(contactOutcomes.list, { query: {} }),
  ])
  const reason = only(
    reasons.find(r => r.nameEn === 'No water'),
    'the reason No water',
  )
  const outcome = only(
    outcomes.find(o => o.nameEn === 'Ticket opened'),
    'the outcome Ticket opened',
  )
  const done = await agent.call(conversations.wrapUp, {
    params,
    body: { reasonId: reason.id, outcomeId: outcome.id, note: say('停水，已派抢修', 'Outage, crew sent') },
  })
  assert.equal(done.state, 'done')
  const rate = { score: 2, words: say('等了很久才来水', 'It took long until the water was back') }
  await story.visitor.call(widget.rate, { body: rate })
  const ratedAt = Date.now()
  await story.visitor.call(widget.rate, { body: rate })
  const rating = await until('the rating', async () =>
    (await lead.call(surveys.ratings, { query: { size: 20 } })).rows.find(
      r => r.interactionId === story.interactionId && r.taskId !== null,
    ),
  )
  const took = Date.now() - ratedAt
  assert.deepEqual([rating.score, rating.words, rating.agentId, rating.customerId], [2, rate.words, agent.me.user.id, story.customerId])
  const task = await lead.call(tasks.one, { params: { id: only(rating.taskId ?? undefined, 'the task') } })
  assert.equal(task.kind, 'winback')
  assert.ok(task.ownerId && task.dueAt)
  return {
    ratedAt,
    step: {
      n: 7,
      did: say(
        `${agent.me.user.name} 话后整理（${reason.name}，${outcome.name}），客户评 2 分：「${rate.words}」`,
        `${agent.me.user.name} wraps up (${reason.nameEn}, ${outcome.nameEn}); the customer rates 2: “${rate.words}”`,
      ),
      says: say(
        `${took} 毫秒后可见，回访任务归 ${task.ownerName}，应于 ${task.dueAt?.toISOString()} 前`,
        `visible after ${took} ms; the win-back task is ${task.ownerName}'s, due ${task.dueAt?.toISOString()}`,
      ),
      look: `curl -s ${base}/api/tasks/${task.id} -K ${keyFile('supervisor')}`,
    },
  }
}

/** 8: the wallboard has moved with all of it. */
export async function theWallboardMoves({ say, base, lead, leadLive, before }: Stage, ratedAt: number): Promise<Step> {
  const moved = (w: Wallboard) =>
    (['offered', 'answered', 'ratings', 'ticketsOpened', 'ticketsClosed'] as const).every(figure => w.today[figure] > before.today[figure])
  const push = await leadLive.next('wallboard', payload => moved(Wallboard.parse(payload)))
  const boards = leadLive.pushed.filter(p => p.name === 'wallboard').map(p => Wallboard.parse(p.payload))
  assert.ok(
    boards.some(w => w.waiting > 0),
    'somebody was seen waiting',
  )
  const now = await lead.call(insight.wallboard)
  assert.ok(moved(now))
  const took = push.at - ratedAt
  assert.ok(took < 3_000, `the wallboard moved only after ${took} ms`)
  const { offered, serviceLevel, ratings, ratingAverage, ticketsClosed } = now.today
  const level = serviceLevel === null ? '—' : `${(serviceLevel * 100).toFixed(1)}%`
  return {
    n: 8,
    did: say(
      `大屏随之变动：进线 ${before.today.offered} → ${offered}，评价 ${before.today.ratings} → ${ratings}，结案 ${before.today.ticketsClosed} → ${ticketsClosed}，评价后 ${Math.max(0, took)} 毫秒到达`,
      `The wallboard moves: offered ${before.today.offered} → ${offered}, ratings ${before.today.ratings} → ${ratings}, closed ${before.today.ticketsClosed} → ${ticketsClosed}, ${Math.max(0, took)} ms after the rating`,
    ),
    says: say(
      `排队 ${now.waiting}，服务水平 ${level}，今日评分 ${ratingAverage?.toFixed(2) ?? '—'}`,
      `waiting ${now.waiting}, service level ${level}, rating today ${ratingAverage?.toFixed(2) ?? '—'}`,
    ),
    look: `curl -s ${base}/api/wallboard -K ${keyFile('supervisor')}`,
  }
}
