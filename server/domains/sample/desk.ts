import { Conditions } from '#contract/routingRules.ts'
import { enter } from '#kernel/directory.ts'
import { seal } from '#kernel/secrets.ts'
import type { Ctx } from '#kernel/work.ts'
import { cannedAnswers, presenceReasons, queueKeys, queues, routingRules, skillKeys, skills } from './catalogs.ts'
import { brand, hallWidgetKey, type Pair, people, simulationWidgetKey, teams, widgetKey, widgetSecret } from './centre.ts'
import { place } from './fill.ts'
import type { Ids, Say } from './furnishing.ts'
import { furnishTelephone } from './telephone.ts'

/** Where agents work: queues and skills, who is staffed how, widgets and ready words. */
export async function furnishDesk(ctx: Ctx, ids: Ids, say: Say): Promise<void> {
  await routing(ctx, ids, say)
  await furnishTelephone(ctx, ids, say)
  await rules(ctx, ids, say)
  await messaging(ctx, ids, say)
}

async function routing(ctx: Ctx, ids: Ids, say: Say) {
  await place(
    ctx,
    'routing.presence_reason',
    presenceReasons.map(({ name, state }, position) => ({
      id: ids(`presence ${name[1]}`),
      name: say(name),
      nameEn: name[1],
      state,
      position,
    })),
  )
  for (const key of skillKeys)
    await ctx.db
      .insertInto('routing.skill')
      .values({ id: ids(`skill ${key}`), name: say(skills[key]), nameEn: skills[key][1] })
      .execute()
  await place(
    ctx,
    'routing.queue',
    queueKeys.map((key, position) => {
      const q = queues[key]
      return {
        id: ids(`queue ${key}`),
        name: say(q.name),
        nameEn: q.name[1],
        channel: 'chat',
        calendarId: ids('calendar always'),
        position,
        demands: q.demands.map(({ skill, level, relaxAfter }) => ({ skillId: ids(`skill ${skill}`), level, relaxAfter })),
        ringSeconds: q.ring,
        preferSeconds: 20,
        wrapSeconds: q.wrap,
        targetPercent: q.target.percent,
        targetSeconds: q.target.seconds,
        shortAbandonSeconds: 5,
        overflowQueueId: 'overflow' in q ? ids(`queue ${q.overflow.to}`) : null,
        overflowSeconds: 'overflow' in q ? q.overflow.seconds : 0,
        overflowWaiting: 'overflow' in q ? 20 : 0,
        overflowUnstaffed: 'overflow' in q,
      }
    }),
  )
  const numbers = new Map((await ctx.db.selectFrom('routing.skill').select(['id', 'number']).execute()).map(s => [s.id, s.number]))
  const staffed = people.filter(p => p.chats !== undefined)
  const levels = staffed.map(p => ({
    id: ids(`person ${p.login}`),
    chats: p.chats ?? 0,
    isLead: p.role === 'lead',
    skills: skillKeys.flatMap((key, n) => {
      const level = p.skills?.[n]
      return level ? [{ skillId: ids(`skill ${key}`), level }] : []
    }),
  }))
  await place(
    ctx,
    'routing.presence',
    levels.map(({ id, skills: held }) => ({
      id,
      state: 'offline',
      since: ctx.now,
      idleSince: ctx.now,
      missesAllowed: 3,
      // As routing writes it: every level up to the agent's own, skill number × 8 + level.
      has: held
        .flatMap(({ skillId, level }) => Array.from({ length: level }, (_, n) => (numbers.get(skillId) ?? 0) * 8 + n + 1))
        .sort((a, b) => a - b),
    })),
  )
  await place(
    ctx,
    'routing.load',
    levels.map(({ id, chats }) => ({ agentId: id, channel: 'chat', capacity: chats, weight: Math.floor(100 / chats) })),
  )
  await place(
    ctx,
    'routing.agent_skill',
    levels.flatMap(({ id, skills: held }) => held.map(s => ({ agentId: id, ...s }))),
  )
  // Leads take over and help out; contacts are offered to agents.
  await place(
    ctx,
    'routing.agent_queue',
    levels.filter(l => !l.isLead).flatMap(({ id }) => queueKeys.map(key => ({ agentId: id, queueId: ids(`queue ${key}`) }))),
  )
}

async function rules(ctx: Ctx, ids: Ids, say: Say) {
  const [team = null] = Object.keys(teams)
  await place(
    ctx,
    'routing.rule',
    routingRules.map((rule, position) => ({
      id: ids(`rule ${rule.name[1]}`),
      name: say(rule.name),
      conditions: Conditions.parse({ tiers: rule.conditions.tiers, words: rule.conditions.words?.flat() }),
      queueId: rule.queue && ids(`queue ${rule.queue}`),
      priority: rule.priority,
      teamId: rule.team && team !== null ? ids(`team ${team}`) : null,
      position,
    })),
  )
}

async function messaging(ctx: Ctx, ids: Ids, say: Say) {
  await place(
    ctx,
    'messaging.canned_answer',
    cannedAnswers.map(({ shortcut, topic, text }) => ({
      ...{ id: ids(`canned ${shortcut}`), shortcut, topic: say(topic), text: say(text), textEn: text[1] },
    })),
  )
  const choice = (key: string, label: Pair, queue: string, reason: string | null) => ({
    key,
    label: say(label),
    labelEn: label[1],
    queueId: ids(`queue ${queue}`),
    reasonId: reason && ids(`reason ${reason}`),
  })
  const greeting: Pair = ['您好，我是清源供水的在线客服。请问是什么事？', 'Hello, this is Clearspring Water. What is it about?']
  const closed: Pair = [
    '现在是下班时间。请留言，上班后我们会尽快回复；紧急报修请选择「停水与报修」，全天有人值守。',
    'We are closed now. Leave a message and we answer when we open. For urgent repairs use the chat on our home page, day and night.',
  ]
  const words = {
    greeting: say(greeting),
    greetingEn: greeting[1],
    closedText: say(closed),
    closedTextEn: closed[1],
    brand,
    secret: seal(ctx.house.key, widgetSecret),
  }
  const everything = [
    choice('repairs', ['停水与报修', 'Outage or repair'], 'repairs', 'repairs'),
    choice('billing', ['水费与发票', 'Bills and invoices'], 'billing', 'billing'),
    choice('services', ['业务办理', 'Services'], 'services', 'services'),
    choice('other', ['其他', 'Something else'], 'web', null),
  ]
  const widget = (id: string, key: string, name: Pair, calendar: string, queue: string, choices: unknown[], sites: string[] = []) => ({
    ...words,
    id: ids(`widget ${id}`),
    key,
    name: say(name),
    calendarId: ids(`calendar ${calendar}`),
    queueId: ids(`queue ${queue}`),
    choices,
    sites,
  })
  await place(ctx, 'messaging.widget', [
    widget('site', widgetKey, ['清源供水网站', 'Clearspring website'], 'always', 'web', everything),
    widget(
      'hall',
      hallWidgetKey,
      ['网上营业厅', 'Online business office'],
      'web',
      'services',
      [
        choice('transfer', ['过户', 'Transfer'], 'services', 'services.transfer'),
        choice('connection', ['报装', 'New connection'], 'services', 'services.connection'),
        choice('invoice', ['发票', 'Invoice'], 'billing', 'billing.invoice'),
      ],
      ['https://hall.clearspring.example'],
    ),
    widget('simulation', simulationWidgetKey, ['模拟流量', 'Simulated traffic'], 'always', 'web', everything),
  ])
  for (const key of [widgetKey, hallWidgetKey, simulationWidgetKey]) await enter(ctx, 'widget', key)
}
