import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { audit } from '#contract/audit.ts'
import { automation } from '#contract/automation.ts'
import { customers } from '#contract/customers.ts'
import { documents } from '#contract/documents.ts'
import { improvements } from '#contract/improvement.ts'
import { interactions } from '#contract/interactions.ts'
import { invitations } from '#contract/invitations.ts'
import { outbox } from '#contract/outgoing.ts'
import { accounts } from '#contract/people.ts'
import { standards } from '#contract/standards.ts'
import { surveys } from '#contract/surveys.ts'
import { tickets } from '#contract/tickets.ts'
import { work } from '#contract/work.ts'
import { listRuns } from '#domains/automation/queries.ts'
import { listCustomers } from '#domains/customers/queries.ts'
import { listDocuments } from '#domains/documents/queries.ts'
import { listAudit } from '#domains/identity/audit.ts'
import { listPeople } from '#domains/identity/people.ts'
import { listFindings } from '#domains/improvement/queries.ts'
import { listStandards } from '#domains/improvement/standards.ts'
import { listInteractions } from '#domains/interactions/queries.ts'
import { listOutbox } from '#domains/messaging/outgoing/outbox.ts'
import { listInvitations } from '#domains/surveys/invitations.ts'
import { listRatings } from '#domains/surveys/queries.ts'
import { listWork } from '#domains/tasks/work.ts'
import { listTickets } from '#domains/tickets/queries.ts'
import { newId } from '#kernel/ids.ts'
import type { Page } from '#kernel/paging.ts'
import type { Ctx } from '#kernel/work.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { explained } from '#testing/plans.ts'
import { setTheTable } from '#testing/tickets.ts'

// Twenty thousand of each, several at every value: enough that reading all of them is the worse way, and that places must be kept among equals.
let house: TestHouse
const many = 20_000
beforeAll(async () => {
  house = await openHouse()
  const table = await setTheTable(house)
  const fill = (text: string, ...more: string[]) => house.house.control.query(text, [house.tenantId, ...more])
  const minutes = (by: number) => `date_trunc('minute', now()) - (g / ${by}) * interval '1 minute'`
  await fill(
    `insert into tickets.ticket (tenant_id, id, number, opened_on, title, status, priority, kind_id, opened_by_id, opened_at, changed_at, due_at, target_minutes)
     select $1, gen_random_uuid(), 'BX-0101-' || g, '2026-01-01', 't' || g, case when g % 5 = 0 then 'handling' else 'closed' end,
       (array['urgent', 'high', 'normal', 'low'])[1 + g % 4], $2, $3, ${minutes(3)}, ${minutes(7)}, case when g % 11 = 0 then null else ${minutes(4)} end, 60
     from generate_series(1, ${many}) g`,
    table.ids.repair,
    table.ids.clerk,
  )
  await fill(
    `insert into customers.customer (tenant_id, id, number, kind, name, since, last_contact_at)
     select $1, gen_random_uuid(), 'QY' || lpad((g * 7919 % ${many})::text, 6, '0'), 'person', '户 ' || g / 3, ${minutes(2)}, case when g % 3 = 0 then ${minutes(5)} end from generate_series(1, ${many}) g`,
  )
  await fill(
    `insert into tasks.task (tenant_id, id, title, kind, opened_at, due_at, done_at)
     select $1, gen_random_uuid(), 't' || g, 'todo', ${minutes(3)}, ${minutes(4)}, case when g % 2 = 0 then ${minutes(1)} end from generate_series(1, ${many}) g`,
  )
  await fill(
    `insert into tasks.approval (tenant_id, id, kind, title, asked_by_id, asked_at, state, due_at, decided_at)
     select $1, gen_random_uuid(), 'other', 'a' || g, $2, ${minutes(3)}, case when g % 2 = 0 then 'open' else 'approved' end, ${minutes(4)}, case when g % 2 = 0 then null else ${minutes(1)} end from generate_series(1, ${many}) g`,
    table.ids.clerk,
  )
  await fill(
    `insert into surveys.rating (tenant_id, id, interaction_id, score, rated_at)
     select $1, gen_random_uuid(), gen_random_uuid(), 1 + g % 5, ${minutes(3)} from generate_series(1, ${many}) g`,
  )
  await fill(
    `insert into surveys.invitation (tenant_id, id, ticket_id, customer_id, matter, matter_en, state, made_at, ends_at)
     select $1, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), '工单', 'Ticket', case when g % 3 = 0 then 'refused' else 'sent' end, now(), now() from generate_series(1, ${many}) g`,
  )
  await fill(
    `insert into interactions.interaction (tenant_id, id, channel, direction, state, started_at, answered_at, ended_at)
     select $1, gen_random_uuid(), 'chat', 'in', case when g % 9 = 0 then 'abandoned' else 'done' end, ${minutes(3)}, case when g % 9 > 0 then ${minutes(3)} end, ${minutes(3)} + (g % 900) * interval '1 second' from generate_series(1, ${many}) g`,
  )
  await fill(
    `insert into messaging.outgoing (tenant_id, id, channel, purpose, template, language, state, priority, due_at, not_after, made_at)
     select $1, gen_random_uuid(), 'sms', 'notice', 'notice', 'zh', 'delivered', 5, now(), now(), now() from generate_series(1, ${many}) g`,
  )
  await fill(
    `insert into identity.person (tenant_id, id, login, name, role_id, added_at)
     select $1, gen_random_uuid(), 'p' || g, '人 ' || g / 3, $2, now() from generate_series(1, 5000) g`,
    table.ids.role,
  )
  await fill(
    `insert into improvement.standard (tenant_id, id, kind, name) select $1, gen_random_uuid(), 'result', '标 ' || g / 3 from generate_series(1, 5000) g`,
  )
  await fill(
    `insert into improvement.finding (tenant_id, id, title, source_noun, stage, opened_at, due_at, changed_at, closed_at)
     select $1, gen_random_uuid(), 'f' || g, 'other', case when g % 2 = 0 then 'found' else 'closed' end, ${minutes(3)}, ${minutes(4)}, now(), case when g % 2 = 0 then null else ${minutes(5)} end from generate_series(1, 5000) g`,
  )
  await fill(
    `with r as (insert into automation.rule (tenant_id, id, trigger, name, body, changed_at) values ($1, gen_random_uuid(), 'ticket.opened', '规', '{}', now()) returning id)
     insert into automation.run (tenant_id, id, rule_id, version, trigger, event_id, subject_noun, subject_id, chain, depth, at, outcome)
     select $1, gen_random_uuid(), r.id, 1, 'ticket.opened', gen_random_uuid(), 'ticket', gen_random_uuid(), gen_random_uuid(), 0, now(), case when g % 4 = 0 then 'done' else 'missed' end from generate_series(1, ${many}) g, r`,
  )
  await fill(
    `with t as (insert into documents.template (tenant_id, id, name, source, draft, changed_at) values ($1, gen_random_uuid(), '函', 'tickets.ticket', '{}', now()) returning id),
     d as (insert into documents.document (tenant_id, id, template_id, title, language, versions, made_by_id, made_at) select $1, gen_random_uuid(), t.id, 'd' || g, 'zh', 1, $2, now() from generate_series(1, 5000) g, t returning id)
     insert into documents.version (tenant_id, document_id, number, template_version, params, inputs, state, made_at) select $1, d.id, 1, 1, '{}', '{}', 'made', now() from d`,
    table.ids.clerk,
  )
  await fill(
    `insert into kernel.event (tenant_id, id, name, about, at, actor_kind, seen_by, detail, audit)
     select $1, ($2 || lpad(to_hex(g), 12, '0'))::uuid, 'x.y', gen_random_uuid(), now(), 'system', 'x:y', '{}', g % 4 = 0 from generate_series(1, ${many}) g`,
    newId().slice(0, 24),
  )
  for (const name of [
    'automation.run',
    'documents.document',
    'documents.version',
    'kernel.event',
    'tickets.ticket',
    'customers.customer',
    'tasks.task',
    'tasks.approval',
    'surveys.rating',
    'interactions.interaction',
  ])
    await house.house.control.query(`vacuum (analyze) ${name}`)
  for (const name of ['messaging.outgoing', 'identity.person', 'improvement.standard', 'improvement.finding'])
    await house.house.control.query(`vacuum (analyze) ${name}`)
}, 180_000)
afterAll(() => house.close())

type Row = { id: string }
type Order = {
  list: string
  sort: string
  page: (ctx: Ctx, paging: { after?: string | undefined; size: number }) => Promise<Page<Row>>
  index: string
}
// Of what is kept by the month every part has its own index, named by its columns.
const indexes: Record<string, Record<string, string>> = {
  'tickets all': { changed: 'ticket_changed', opened: 'ticket_opened', due: 'ticket_by_due', priority: 'ticket_by_priority' },
  'tickets open': { changed: 'ticket_open', opened: 'ticket_open_opened', due: 'ticket_open_by_due', priority: 'ticket_open_by_priority' },
  customers: { contact: 'customer_listed', name: 'customer_name', number: 'customer_number', added: 'customer_pkey' },
  'work open': { due: 'task_open approval_open', opened: 'task_opened approval_opened' },
  'work done': { due: 'task_done approval_decided', opened: 'task_newest approval_newest' },
  people: { name: 'person_name' },
  ratings: { time: 'rating_newest', score: 'rating_worst', '-score': 'rating_best' },
  invitations: { time: 'invitation_pkey' },
  contacts: { time: 'interaction_newest', duration: 'interaction_longest' },
  outbox: { time: 'outgoing_pkey' },
  standards: { added: 'standard_', name: 'standard_name' },
  findings: { due: 'finding_open', opened: 'finding_opened' },
  traces: { time: 'run_told' },
  documents: { time: 'document_' },
  audit: { time: 'tenant_id_id_idx' },
  'findings closed': { due: 'finding_closed', opened: 'finding_opened' },
}

/** Every order of the contract, so that none is offered without its index. */
const ordersOf = <S extends string>(
  list: string,
  sorts: { unwrap: () => { options: readonly S[] } },
  page: (ctx: Ctx, paging: { after?: string | undefined; size: number }, sort: S) => Promise<Page<Row>>,
): Order[] =>
  sorts.unwrap().options.map(sort => ({
    list,
    sort,
    page: (ctx, paging) => page(ctx, paging, sort),
    index: indexes[list]?.[sort] ?? indexes[list]?.[sort.replace('-', '')] ?? `no index is named for ${list} ${sort}`,
  }))

const all: readonly Order[] = [
  ...ordersOf('tickets all', tickets.list.query.shape.sort, (ctx, p, sort) => listTickets(ctx, { box: 'all', sort, ...p })),
  ...ordersOf('tickets open', tickets.list.query.shape.sort, (ctx, p, sort) => listTickets(ctx, { box: 'open', sort, ...p })),
  ...ordersOf('customers', customers.list.query.shape.sort, (ctx, p, sort) => listCustomers(ctx, { sort, ...p })),
  ...ordersOf('work open', work.list.query.shape.sort, (ctx, p, sort) => listWork(ctx, { box: 'open', sort, ...p })),
  ...ordersOf('work done', work.list.query.shape.sort, (ctx, p, sort) => listWork(ctx, { box: 'done', sort, ...p })),
  ...ordersOf('people', accounts.people.query.shape.sort, (ctx, p, sort) => listPeople(ctx, { sort, ...p })),
  ...ordersOf('ratings', surveys.ratings.query.shape.sort, (ctx, p, sort) => listRatings(ctx, { sort, ...p })),
  ...ordersOf('invitations', invitations.list.query.shape.sort, (ctx, p, sort) => listInvitations(ctx, { sort, ...p })),
  ...ordersOf('contacts', interactions.list.query.shape.sort, (ctx, p, sort) => listInteractions(ctx, { sort, ...p })),
  ...ordersOf('outbox', outbox.list.query.shape.sort, (ctx, p, sort) => listOutbox(ctx, { sort, ...p })),
  ...ordersOf('traces', automation.runs.query.shape.sort, (ctx, p, sort) => listRuns(ctx, { sort, ...p })),
  ...ordersOf('documents', documents.list.query.shape.sort, (ctx, p, sort) => listDocuments(ctx, { sort, ...p })),
  ...ordersOf('audit', audit.list.query.shape.sort, (ctx, p, sort) => listAudit(ctx, { sort, ...p })),
  ...ordersOf('standards', standards.list.query.shape.sort, (ctx, p, sort) => listStandards(ctx, { sort, ...p })),
  ...ordersOf('findings', improvements.list.query.shape.sort, (ctx, p, sort) => listFindings(ctx, { sort, ...p })),
  ...ordersOf('findings closed', improvements.list.query.shape.sort, (ctx, p, sort) => listFindings(ctx, { board: 'closed', sort, ...p })),
]

describe.each(all)('$list by $sort', ({ page, index }) => {
  const boss = () => house.user()
  const pageOf = (after: string | undefined, size: number) => house.work(ctx => page(ctx, { after, size }), boss())

  test('comes from its index, on the first page and far behind', async () => {
    let after: string | undefined
    for (let n = 0; n < 3; n++) {
      const { indexes, scanned, read } = await explained(house, boss(), ctx => page(ctx, { after, size: 50 }))
      for (const name of index.split(' ')) expect(indexes.join(', ')).toContain(name)
      const whole = [
        'ticket',
        'customer',
        'task',
        'approval',
        'rating',
        'invitation',
        'interaction',
        'outgoing',
        'person',
        'standard',
        'finding',
        'run',
        'document',
        'event',
      ]
      expect(scanned.filter(name => whole.includes(name))).toEqual([])
      expect(read).toBeLessThan(1_500)
      after = (await pageOf(after, 200)).next ?? undefined
      expect(after).toBeDefined()
    }
  })

  test('keeps the places of equals: cut into pages it is as it is whole', async () => {
    const whole = (await pageOf(undefined, 190)).rows.map(row => row.id)
    const cut: string[] = []
    for (let after: string | undefined; cut.length < whole.length; ) {
      const { rows, next } = await pageOf(after, 19)
      cut.push(...rows.map(row => row.id))
      after = next ?? undefined
    }
    expect(cut).toEqual(whole)
    expect(new Set(cut).size).toBe(190)
  })
})

test('what is mine to do stands in any order, read from its own pile', async () => {
  const clerk = house.user()
  for (const sort of tickets.list.query.shape.sort.unwrap().options) {
    const { indexes, scanned } = await explained(house, clerk, ctx => listTickets(ctx, { box: 'mine', sort, size: 50 }))
    expect(indexes.filter(name => name.startsWith('ticket_')).length, sort).toBeGreaterThan(0)
    expect(scanned, sort).not.toContain('ticket')
  }
})

test('values stand as their order says, those without one last', async () => {
  const rows = async <R>(fn: (ctx: Ctx) => Promise<Page<R>>) => (await house.work(fn, house.user())).rows
  const rising = (values: readonly (number | string)[]) => values.every((v, n) => n === 0 || (values[n - 1] ?? v) <= v)
  const rank = ['urgent', 'high', 'normal', 'low']
  expect((await rows(ctx => listTickets(ctx, { box: 'all', sort: 'priority', size: 200 }))).every(t => t.priority === 'urgent')).toBe(true)
  expect(rising((await rows(ctx => listTickets(ctx, { box: 'open', sort: 'due', size: 200 }))).map(t => t.dueAt?.getTime() ?? 9e15))).toBe(
    true,
  )
  expect(
    rising((await rows(ctx => listTickets(ctx, { box: 'open', sort: 'priority', size: 200 }))).map(t => rank.indexOf(t.priority))),
  ).toBe(true)
  expect(rising((await rows(ctx => listCustomers(ctx, { sort: 'number', size: 200 }))).map(c => c.number))).toBe(true)
  expect(rising((await rows(ctx => listCustomers(ctx, { sort: '-number', size: 200 }))).map(c => c.number).reverse())).toBe(true)
  for (const sort of ['-contact', 'contact'] as const) {
    const contacts = (await rows(ctx => listCustomers(ctx, { sort, size: 200 }))).map(c => c.lastContactAt?.getTime() ?? 0)
    expect(rising(sort === 'contact' ? contacts : contacts.toReversed())).toBe(true)
    expect(contacts.every(at => at === 0)).toBe(sort === 'contact')
  }
  const longest = await rows(ctx => listInteractions(ctx, { sort: '-duration', size: 200 }))
  expect(rising(longest.map(i => (i.answeredAt?.getTime() ?? 0) - (i.endedAt?.getTime() ?? 0)))).toBe(true)
  expect((await rows(ctx => listRatings(ctx, { sort: 'score', size: 200 }))).map(r => r.score)).toEqual(
    Array.from({ length: 200 }, () => 1),
  )
  expect((await rows(ctx => listRatings(ctx, { sort: '-score', size: 200 }))).map(r => r.score)).toEqual(
    Array.from({ length: 200 }, () => 5),
  )
})

test('a page that was not cut by us is refused', async () => {
  const forged = Buffer.from(JSON.stringify(['nonsense', crypto.randomUUID()])).toString('base64url')
  for (const sort of ['opened', 'priority'] as const)
    await expect(house.work(ctx => listTickets(ctx, { box: 'all', sort, after: forged }), house.user())).rejects.toMatchObject({
      code: 'input.cursor',
    })
})
