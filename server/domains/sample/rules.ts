import { sql } from 'kysely'
import type * as z from 'zod'
import { type automation, RuleBody } from '#contract/automation.ts'
import { addRule, publishRule } from '#domains/automation/index.ts'
import { idAt } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import type { Pair } from './centre.ts'
import { place, type Row } from './fill.ts'
import type { Ids, Say } from './furnishing.ts'

type Draft = { key: string; name: Pair; note: Pair; trigger: string; body: z.input<typeof RuleBody> }

/** Five rules a water utility lives with, and what they did of late. */
const drafts = (ids: Ids, say: Say): Draft[] => [
  {
    key: 'burst',
    name: ['爆管先派急单', 'A burst main comes first'],
    note: ['汛期前启用', 'In force before the rains'],
    trigger: 'ticket.opened',
    body: {
      condition: {
        match: 'any',
        of: [
          { field: 'title', op: 'contains', value: ['爆管', '大量漏水', 'burst'] },
          { field: 'text', op: 'contains', value: ['爆管', 'burst'] },
        ],
      },
      actions: [
        { action: 'ticket.set_priority', params: { priority: 'urgent' } },
        {
          action: 'rule.tell',
          params: { personId: ids('person lead'), text: say(['有爆管，先看一下', 'A burst main: have a look first']) },
        },
      ],
    },
  },
  {
    key: 'waits',
    name: ['半小时没派单提醒班长', 'Nobody dispatched it for half an hour'],
    note: ['', ''],
    trigger: 'ticket.opened',
    body: {
      condition: { match: 'all', of: [{ field: 'status', op: 'is', value: ['accepted'] }] },
      wait: { minutes: 30, working: true, calendarId: null },
      actions: [
        { action: 'rule.tell', params: { personId: ids('person lead'), text: say(['半小时没派单', 'Not dispatched for half an hour']) } },
      ],
    },
  },
  {
    key: 'late',
    name: ['重点户超时写备注并建待办', 'A key customer’s ticket is overdue'],
    note: ['', ''],
    trigger: 'ticket.overdue',
    body: {
      condition: { match: 'all', of: [{ field: 'tier', op: 'is', value: ['gold', 'key'] }] },
      actions: [
        {
          action: 'ticket.comment',
          params: { text: say(['重点户超时，今天内给客户回电', 'A key customer waits too long: call them today']) },
        },
        {
          action: 'task.open',
          params: {
            title: say(['给重点户回电说明进度', 'Call the key customer about the progress']),
            ownerId: ids('person lead'),
            minutes: 120,
          },
        },
      ],
    },
  },
  {
    key: 'soon',
    name: ['急单将超时自动催办', 'An urgent ticket due soon is urged'],
    note: ['', ''],
    trigger: 'ticket.warned',
    body: {
      condition: { match: 'all', of: [{ field: 'priority', op: 'is', value: ['urgent', 'high'] }] },
      actions: [
        { action: 'ticket.urge', params: { text: say(['快到时限了，先处理这一单', 'Its time is nearly up: see to this one first']) } },
      ],
    },
  },
  {
    key: 'low',
    name: ['一分评价马上告诉主管', 'One star: the supervisor knows at once'],
    note: ['', ''],
    trigger: 'rating.given',
    body: {
      condition: { match: 'all', of: [{ field: 'score', op: 'atMost', value: 1 }] },
      actions: [{ action: 'rule.tell', params: { personId: ids('person supervisor'), text: say(['有一分评价', 'Rated one']) } }],
    },
  },
]

export async function automate(ctx: Ctx, ids: Ids, say: Say): Promise<void> {
  const system = ctx.actor
  const admin = await ctx.house.standIn(ctx, ids('person admin'))
  if (admin === null) return
  ctx.actor = admin
  const made: { rule: z.output<typeof automation.one.reply>; draft: Draft }[] = []
  for (const draft of drafts(ids, say)) {
    const rule = await addRule(ctx, { name: say(draft.name), trigger: draft.trigger, body: RuleBody.parse(draft.body) })
    made.push({ rule: await publishRule(ctx, rule.id, { revision: rule.revision, note: say(draft.note) }), draft })
  }
  ctx.actor = system
  const traces: Row[] = []
  for (const { rule, draft } of made) for (const trace of await tracesOf(ctx, rule, draft)) traces.push(trace)
  await place(ctx, 'automation.run', traces)
}

const pressing = (priority: string) => priority === 'urgent' || priority === 'high'
type Happened = {
  eventId: string
  at: Date
  id: string
  title: string
  status: string
  priority: string
  tier: string | null
  score: number | null
}
/** What the rule would have said to the latest events of its kind; nothing of it is done again. */
async function tracesOf(ctx: Ctx, rule: z.output<typeof automation.one.reply>, { key, trigger }: Draft): Promise<Row[]> {
  const { rows } =
    await sql<Happened>`select e.id as "eventId", e.at, e.about as id, coalesce(t.title, '') as title, coalesce(t.status, '') as status, coalesce(t.priority, '') as priority, c.tier,
      (e.detail->>'score')::int as score
    from (select id, at, about, customer_id, detail from kernel.event where tenant_id = ${ctx.tenantId} and name = ${trigger} order by id desc limit 60) e
    left join tickets.ticket t on t.tenant_id = ${ctx.tenantId} and t.id = e.about
    left join customers.customer c on c.tenant_id = ${ctx.tenantId} and c.id = e.customer_id
    order by e.id`.execute(ctx.db)
  return rows.map(row => {
    const step = (field: string, op: string, value: unknown, seen: unknown, holds: boolean) => ({ field, op, value, seen, holds })
    const burst = /爆管|大量漏水|burst/i.test(row.title)
    const [holds, steps] =
      key === 'burst'
        ? [burst, [step('title', 'contains', ['爆管', '大量漏水', 'burst'], row.title.slice(0, 80), burst)]]
        : key === 'waits'
          ? [row.status === 'accepted', [step('status', 'is', ['accepted'], row.status || 'accepted', row.status === 'accepted')]]
          : key === 'late'
            ? [
                row.tier === 'gold' || row.tier === 'key',
                [step('tier', 'is', ['gold', 'key'], row.tier, row.tier === 'gold' || row.tier === 'key')],
              ]
            : key === 'soon'
              ? [pressing(row.priority), [step('priority', 'is', ['urgent', 'high'], row.priority, pressing(row.priority))]]
              : [row.score === 1, [step('score', 'atMost', 1, row.score, row.score === 1)]]
    const id = idAt(row.at)
    return {
      id,
      ruleId: rule.id,
      version: rule.version,
      trigger,
      eventId: row.eventId,
      subjectNoun: trigger.slice(0, trigger.indexOf('.')),
      subjectId: row.id,
      chain: id,
      depth: 0,
      at: row.at,
      outcome: holds ? 'done' : key === 'waits' ? 'dropped' : 'missed',
      reason: !holds && key === 'waits' ? 'no_longer' : '',
      steps,
      actions: holds ? rule.body.actions.map(({ action }) => ({ action, state: 'done', code: null, facts: {} })) : [],
      said: { is: {}, was: {} },
      dueAt: null,
    }
  })
}
