import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listKeyAccounts } from '#domains/customers/care/accounts.ts'
import { standingOf } from '#domains/customers/care/standing.ts'
import { nextSlice } from '#domains/customers/care/tending.ts'
import { alikeFiles } from '#domains/customers/duplicates/alike.ts'
import { findCustomers } from '#domains/customers/finding/find.ts'
import { matchesOf } from '#domains/customers/importing/matches.ts'
import { outlook } from '#domains/customers/outlook/queries.ts'
import { notesOf } from '#domains/customers/profile/notes.ts'
import { profileOf } from '#domains/customers/profile/routes.ts'
import { listCustomers, oneCustomer } from '#domains/customers/queries.ts'
import { timelineCounts, timelineOf } from '#domains/customers/timeline.ts'
import { me as myself } from '#domains/identity/queries.ts'
import { listFindings } from '#domains/improvement/queries.ts'
import { attainmentsOf } from '#domains/improvement/standards.ts'
import { countSlot } from '#domains/insight/counting.ts'
import { countedContacts, figures } from '#domains/insight/figures.ts'
import { countAll } from '#domains/insight/index.ts'
import { figureOver } from '#domains/insight/measuring.ts'
import { wallboard } from '#domains/insight/queries.ts'
import { listInteractions } from '#domains/interactions/queries.ts'
import { listConversations } from '#domains/messaging/queries.ts'
import { voicesOf } from '#domains/needs/askers.ts'
import { listNeeds } from '#domains/needs/queries.ts'
import { similarNeeds } from '#domains/needs/similar.ts'
import { mine } from '#domains/routing/queries.ts'
import { listOpportunities } from '#domains/sales/queries.ts'
import { wordsIn } from '#domains/sample/furnishing.ts'
import { grow } from '#domains/sample/growing/grow.ts'
import { firstOf } from '#domains/sample/history.ts'
import { makeSample } from '#domains/sample/index.ts'
import { entriesOf, listTickets, ticketById } from '#domains/tickets/queries.ts'
import type { User } from '#kernel/access.ts'
import { familyOf } from '#kernel/family.ts'
import { asSystem } from '#kernel/react.ts'
import type { Ctx } from '#kernel/work.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { explained } from '#testing/plans.ts'

// Twenty thousand contacts and tickets: enough that the planner no longer prefers to read all of them.
const size = 20_000
let house: TestHouse
let me: User
/** Someone who talks with customers and sees only their own and what waits in their queues. */
let agent: User
/** Someone who looks after forty customers and takes care of forty more. */
let carer: User
const ids = { customer: '', ticket: '', department: '', queue: '', phone: '', number: '', standard: '', need: '' }
const dayAgo = (n: number) => new Date(Date.now() - n * 86_400_000).toISOString().slice(0, 10)
beforeAll(async () => {
  house = await openHouse()
  const now = house.now()
  const tenantId = await makeSample(house.house, house.url, { size: { contacts: 2_000, customers: 300 }, language: 'zh', now })
  const amount = { contacts: size, customers: 4_000, tickets: size }
  await grow(house.url, { tenantId, now, language: 'zh', say: wordsIn('zh'), first: firstOf(now), amount, tell: () => {} })
  await asSystem(house.house, tenantId, countAll)
  // As an installation older than a minute: whether autovacuum has been here already must not decide.
  for (const table of ['insight.rollup', 'customers.customer', 'tickets.ticket', 'interactions.interaction'])
    await house.house.control.query(`analyze ${table}`)
  me = house.user({ tenantId })
  ids.standard = await manyFindings(tenantId)
  await manyPeople(tenantId)
  await manyNeeds(tenantId)
  carer = {
    ...me,
    id: await manyInCare(tenantId),
    grants: new Map([
      ['customer:read', 'own'],
      ['opportunity:read', 'own'],
    ]),
  }
  const { rows } = await house.house.control.query<Partial<typeof ids>>(
    `select (select customer_id from interactions.interaction where tenant_id = $1 and customer_id is not null order by started_at desc limit 1) as customer,
      (select id from tickets.ticket where tenant_id = $1 and status <> 'closed' order by id limit 1) as ticket,
      (select department_id from tickets.ticket where tenant_id = $1 and status <> 'closed' and department_id is not null order by id limit 1) as department,
      (select queue_id from interactions.interaction where tenant_id = $1 and queue_id is not null order by id limit 1) as queue`,
    [tenantId],
  )
  Object.assign(ids, rows[0])
  agent = {
    ...house.user({ tenantId, id: await busyHour(tenantId) }),
    grants: new Map([
      ['conversation:read', 'own'],
      ['routing:work', 'own'],
    ]),
  }
  const phone = await house.house.control.query<{ phone: string; number: string }>(
    'select phone, number from customers.customer where tenant_id = $1 and id = $2',
    [tenantId, ids.customer],
  )
  ids.phone = phone.rows[0]?.phone ?? ''
  ids.number = phone.rows[0]?.number ?? ''
}, 180_000)
afterAll(() => house.close())

/** Four thousand needs of twenty departments, said by four thousand customers. */
async function manyNeeds(tenantId: string): Promise<void> {
  const ask = (text: string) => house.house.control.query<{ id: string }>(text, [tenantId])
  await ask(`insert into needs.need (tenant_id, id, title, template_id, state, department_id, voices, opened_at, changed_at, search)
    select $1, gen_random_uuid(), 'need ' || n, (select id from needs.template where tenant_id = $1 limit 1), (array['heard', 'taken', 'done'])[1 + n % 3],
      (select id from identity.department where tenant_id = $1 order by id offset n % 4 limit 1), n % 97, now() - n * interval '1 hour', now() - n * interval '1 minute', ('''w' || n || '''')::tsvector
    from generate_series(1, 4000) n`)
  await ask(`insert into needs.voice (tenant_id, id, need_id, customer_id, interaction_id, at)
    select $1, gen_random_uuid(), o.id, c.id, gen_random_uuid(), now() from (select id, row_number() over (order by id) as n from needs.need where tenant_id = $1) o
    join (select id, row_number() over (order by id) as n from customers.customer where tenant_id = $1) c on c.n % 500 = o.n % 500 on conflict do nothing`)
  for (const table of ['need', 'voice']) await house.house.control.query(`analyze needs.${table}`)
  const { rows } = await ask('select id from needs.need where tenant_id = $1 order by voices desc limit 1')
  ids.need = rows[0]?.id ?? ''
}

/** A large centre: whoever is named is found by key. */
async function manyPeople(tenantId: string): Promise<void> {
  await house.house.control.query(
    `insert into identity.person (tenant_id, id, login, name, password_hash, role_id, added_at)
     select $1, gen_random_uuid(), 'many' || n, '坐席' || n, '', (select id from identity.role where tenant_id = $1 limit 1), now() from generate_series(1, 5000) n`,
    [tenantId],
  )
  await house.house.control.query('analyze identity.person')
}

/** Customers in the hands of many: each of a hundred people looks after forty and takes care of forty, of one all are asked for. */
async function manyInCare(tenantId: string): Promise<string> {
  const ask = (text: string) => house.house.control.query<{ id: string }>(text, [tenantId])
  const among = (n: string) => `(select id, row_number() over (order by id) % 100 as n from customers.customer where tenant_id = $1) c
    join (select id, row_number() over (order by id) - 1 as n from identity.person where tenant_id = $1) p on p.n = ${n}`
  await ask(
    `insert into customers.carer (tenant_id, customer_id, user_id, since) select $1, c.id, p.id, now() from ${among('(c.n + 7) % 100')} on conflict do nothing`,
  )
  await ask(`update customers.customer u set owner_id = p.id from ${among('c.n')} where u.tenant_id = $1 and u.id = c.id`)
  await ask(`insert into customers.note (tenant_id, id, customer_id, text, written_at)
    select $1, gen_random_uuid(), c.id, 'n', now() from customers.customer c, generate_series(1, 5) where c.tenant_id = $1`)
  await ask(`insert into sales.opportunity (tenant_id, id, title, name, stage_id, state, source, owner_id, opened_by_id, expected_on, opened_at, changed_at)
    select $1, gen_random_uuid(), 'o' || g.n, 'lead', (select id from sales.stage where tenant_id = $1 limit 1), 'open', 'contact', p.id, q.id,
      date '2026-01-01' + g.n, now(), now() - g.n * interval '1 minute'
    from generate_series(1, 4000) g (n) join (select id, row_number() over (order by id) - 1 as n from identity.person where tenant_id = $1) p on p.n = g.n % 100
    join (select id, row_number() over (order by id) - 1 as n from identity.person where tenant_id = $1) q on q.n = (g.n + 7) % 100`)
  await house.house.control.query('analyze sales.opportunity')
  for (const table of ['customer', 'carer', 'note', 'record']) await house.house.control.query(`analyze customers.${table}`)
  const { rows } = await ask('select user_id as id from customers.carer where tenant_id = $1 group by 1 order by count(*) desc, 1 limit 1')
  return rows[0]?.id ?? ''
}

/** Years of improvement: four thousand findings, three in four of them over, and a standard judged every day. */
async function manyFindings(tenantId: string): Promise<string> {
  const ask = (text: string) => house.house.control.query<{ id: string }>(text, [tenantId])
  await ask(`insert into improvement.finding (tenant_id, id, title, source_noun, stage, opened_at, changed_at, due_at, closed_at)
    select $1, gen_random_uuid(), 'finding ' || n, 'idea', case when n % 4 > 0 then 'closed' else (array['found', 'planned', 'doing', 'checking', 'checked', 'acting'])[1 + n / 4 % 6] end,
      now(), now(), now() + n * interval '1 hour', case when n % 4 > 0 then now() - n * interval '1 hour' end from generate_series(1, 4000) n`)
  const { rows } =
    await ask(`insert into improvement.attainment (tenant_id, id, standard_id, version_id, from_day, until_day, numerator, n, state, computed_at)
    select $1, gen_random_uuid(), v.standard_id, v.id, date '1990-01-01' + n, date '1990-01-02' + n, 1, 1, 'attained', now()
    from (select * from improvement.standard_version where tenant_id = $1 order by id limit 5) v, generate_series(1, 2000) n returning standard_id as id`)
  for (const table of ['finding', 'attainment']) await house.house.control.query(`analyze improvement.${table}`)
  return rows[0]?.id ?? ''
}

/** Of the talks that are over, some are open again: 20 in the hands of one agent, 100 in others', 400 that wait in a queue or were left. */
async function busyHour(tenantId: string): Promise<string> {
  const ask = async <R extends object>(text: string, ...more: unknown[]) =>
    (await house.house.control.query<R>(text, [tenantId, ...more])).rows
  const [busiest] = await ask<{ id: string }>(
    'select agent_id as id from messaging.conversation where tenant_id = $1 and agent_id is not null group by 1 order by count(*) desc limit 1',
  )
  const some = (which: string, n: number) =>
    `id in (select id from messaging.conversation where tenant_id = $1 and state = 'done' and agent_id ${which} $2 order by id desc limit ${n})`
  await ask(`update messaging.conversation set state = 'active' where tenant_id = $1 and ${some('=', 20)}`, busiest?.id)
  await ask(`update messaging.conversation set state = 'active' where tenant_id = $1 and ${some('<>', 100)}`, busiest?.id)
  await ask(`update messaging.conversation set state = 'left', agent_id = null where tenant_id = $1 and ${some('<>', 400)}`, busiest?.id)
  await house.house.control.query('analyze messaging.conversation')
  return busiest?.id ?? ''
}

/** Marked first, as a change of a contact does. */
async function countQuarter(ctx: Ctx) {
  const at = new Date(Math.floor(house.now().getTime() / 900_000) * 900_000 - 40 * 900_000)
  await sql`insert into insight.dirty (tenant_id, at) values (${ctx.tenantId}, ${at}) on conflict do nothing`.execute(ctx.db)
  await countSlot(ctx, at)
}

const large = [
  'note',
  'carer',
  'ticket',
  'entry',
  'interaction',
  'customer',
  'customer_identity',
  'rating',
  'rollup',
  'finding',
  'attainment',
  'need',
  'voice',
]
const cases: [name: string, fn: (ctx: Ctx) => Promise<unknown>, index: string, mostRows: number][] = [
  ['all open tickets by last change', ctx => listTickets(ctx, { box: 'open' }), 'ticket_open', 200],
  [
    "a department's open tickets by last change",
    ctx => listTickets(ctx, { box: 'open', departmentId: ids.department }),
    'ticket_department',
    200,
  ],
  ['tickets of a customer', ctx => listTickets(ctx, { box: 'all', customerId: ids.customer }), 'ticket_customer', 300],
  ['a word that few tickets hold', ctx => listTickets(ctx, { box: 'all', q: 'BX-0101-0007' }), 'ticket_text', 200],
  ['a word that many tickets hold', ctx => listTickets(ctx, { box: 'all', q: '联系人' }), 'ticket_changed', 2_000],
  ['one ticket', ctx => ticketById(ctx, ids.ticket), 'ticket_pkey', 10],
  ['the course of a ticket', ctx => entriesOf(ctx, ids.ticket), 'entry_tenant_id_ticket_id_id_idx', 210],
  ['the newest customers', ctx => listCustomers(ctx, {}), 'customer_listed', 100],
  ['who is calling', ctx => listCustomers(ctx, { q: ids.phone }), 'customer_identity_value', 50],
  ['a name that many have, in the list', ctx => listCustomers(ctx, { q: '王' }), 'customer_listed', 6_000],
  ['a name that many have, in the order of names', ctx => listCustomers(ctx, { q: '王', sort: '-name' }), 'customer_search', 9_000],
  ['a name that few have, in the list', ctx => listCustomers(ctx, { q: '欧阳' }), 'customer_search', 4_500],
  ['how it stands with a customer', ctx => outlook(ctx, ids.customer), 'interaction_customer', 300],
  ['how much stands on the time line', ctx => timelineCounts(ctx, ids.customer), 'customer_id_id_idx', 4_000],
  ['whom to look at by plan', ctx => nextSlice(ctx, '2026-01-01'), 'customer_tier', 1_500],
  ['key accounts, whom nobody spoke with longest first', ctx => listKeyAccounts(ctx, { sort: 'contact' }), 'interaction_customer', 12_000],
  ['key accounts, whose care is most overdue first', ctx => listKeyAccounts(ctx, { sort: 'care' }), 'interaction_customer', 12_000],
  ['how care stands with two hundred', async ctx => standingOf(ctx, await nextSlice(ctx, '2026-01-02')), 'interaction_customer', 12_000],
  ['opportunities of somebody who sees their own', ctx => listOpportunities({ ...ctx, actor: carer }, {}), 'opportunity_opener', 400],
  ['opportunities heard in a contact', ctx => listOpportunities(ctx, { interactionId: ids.customer }), 'opportunity_contact', 10],
  ['opportunities by when they are expected', ctx => listOpportunities(ctx, { sort: 'expected' }), 'opportunity_expected', 200],
  ['the ids of a customer', ctx => familyOf(ctx, ids.customer), 'customer_family', 10],
  ['whose name a letter begins', ctx => findCustomers(ctx, { q: 'z' }), 'customer_listed', 4_200],
  ['whose name few have', ctx => findCustomers(ctx, { q: '欧阳' }), 'customer_search', 4_500],
  ['whose name nobody has', ctx => findCustomers(ctx, { q: 'vvv' }), 'customer_search', 4_200],
  ['whose telephone ends so', ctx => findCustomers(ctx, { q: ids.phone.slice(-4) }), 'customer_identity_last_four', 4_500],
  ['whose number begins so', ctx => findCustomers(ctx, { q: ids.number.slice(0, -1) }), 'customer_number', 4_600],
  [
    'who may be the one who is typed',
    ctx => alikeFiles(ctx, { phone: ids.phone, name: '王', address: '海棠里 3 幢 901' }),
    'match_key_holders',
    2_000,
  ],
  ['one customer', ctx => oneCustomer(ctx, ids.customer), 'customer_pkey', 10],
  ['who is called so and lives there', ctx => whoLivesThere(ctx), 'customer_name_address', 20],
  ['who belongs to a customer', ctx => profileOf(ctx, ids.customer), 'customer_identity_customer', 60],
  ['notes on a customer', ctx => notesOf(ctx, ids.customer, {}), 'note_of', 60],
  ['customers in my care', ctx => listCustomers({ ...ctx, actor: carer }, { mine: true }), 'carer_user', 400],
  [
    'customers in my care by last contact, for whoever sees no others',
    ctx => listCustomers({ ...ctx, actor: carer }, {}),
    'carer_user',
    300,
  ],
  ['the time line of a customer', ctx => timelineOf(ctx, ids.customer, { size: 50 }), 'customer_id_id_idx', 4_000],
  ['needs that most said', ctx => listNeeds(ctx, {}), 'need_voices', 200],
  ['needs that changed last and are open', ctx => listNeeds(ctx, { open: true, sort: '-changed' }), 'need_changed', 300],
  ["a department's needs", ctx => listNeeds(ctx, { departmentId: ids.department }), 'need_department_voices', 200],
  ['needs that few words hold', ctx => listNeeds(ctx, { q: 'w77' }), 'need_search', 200],
  ['needs that say nearly the same', ctx => similarNeeds(ctx, { title: 'w77 w78 w79' }), 'need_search', 300],
  ['what a customer needs', ctx => listNeeds(ctx, { customerId: ids.customer }), 'voice_customer', 300],
  ['what was needed in a contact', ctx => listNeeds(ctx, { from: ids.ticket }), 'voice_interaction', 100],
  ['who said a need', ctx => voicesOf(ctx, ids.need, {}), 'voice_need', 400],
  ['contacts of a customer', ctx => listInteractions(ctx, { customerId: ids.customer }), 'interaction_customer', 300],
  ['the newest contacts of a queue', ctx => listInteractions(ctx, { queueId: ids.queue }), 'interaction_queue', 200],
  ['figures of a year by agent', ctx => figures(ctx, { period: 'year', by: 'agent' }), 'rollup_pkey', 400],
  ['figures of a week by queue', ctx => figures(ctx, { period: 'week', by: 'queue' }), 'rollup_pkey', 150],
  ['findings of a column by due time', ctx => listFindings(ctx, { board: 'plan' }), 'finding_board', 400],
  ['findings that are over', ctx => listFindings(ctx, { board: 'closed' }), 'finding_closed', 400],
  ['what came of a standard', ctx => listFindings(ctx, { sourceId: ids.ticket }), 'finding_source', 400],
  ['periods of a standard', ctx => attainmentsOf(ctx, ids.standard, {}), 'attainment_standard', 200],
  [
    'a declared figure of a queue over a quarter',
    ctx => figureOver(ctx, 'service_level', { by: 'queue', key: ids.queue }, dayAgo(92), dayAgo(0)),
    'rollup_pkey',
    1_500,
  ],
  [
    'tickets on time over a month',
    ctx => figureOver(ctx, 'ticket_on_time', { by: 'centre', key: '' }, dayAgo(31), dayAgo(0)),
    'ticket_due',
    3_500,
  ],
  ['a quarter that is counted again', ctx => countQuarter(ctx), 'interaction_counted', 200],
  [
    'the contacts behind a figure',
    ctx => countedContacts(ctx, { period: 'month', by: 'queue', counted: 'offered' }),
    'interaction_counted',
    400,
  ],
]
/** As a table that is brought in asks for them. */
async function whoLivesThere(ctx: Ctx) {
  const { name, address } = await oneCustomer(ctx, ids.customer)
  const said = { name, address, number: '', extId: '', phone: '', email: '' }
  return matchesOf(ctx, [{ said }], { onMatch: 'skip', keys: ['place'] })
}

test.each(cases)('%s', async (_, fn, index, mostRows) => {
  const { indexes, scanned, read } = await explained(house, me, fn)
  expect(
    indexes.some(name => name === index || name.endsWith(index)),
    indexes.join(', '),
  ).toBe(true)
  expect(scanned.filter(table => large.includes(table))).toEqual([])
  expect(read).toBeLessThanOrEqual(mostRows)
})

// What waits in my queues is read whole, a few rows for each: that grows with the queue, not with the history.
const atTheDesk: [name: string, who: () => User, fn: (ctx: Ctx) => Promise<unknown>, index: string, mostRows: number][] = [
  ['my talks', () => agent, ctx => listConversations(ctx, { box: 'mine' }), 'conversation_', 200],
  ['what waits in my queues', () => agent, ctx => listConversations(ctx, { box: 'queue' }), 'conversation_', 2000],
  ['my talks that are over', () => agent, ctx => listConversations(ctx, { box: 'done' }), 'conversation_done', 300],
  [
    'the open talks of the team, as its agents see them',
    () => agent,
    ctx => listConversations(ctx, { box: 'team' }),
    'conversation_open',
    500,
  ],
  ['the open talks of everyone', () => me, ctx => listConversations(ctx, { box: 'team' }), 'conversation_open', 300],
  ['who I am', () => agent, ctx => myself(ctx), 'person_pkey', 10],
  ['my state and what rings', () => agent, ctx => mine(ctx), 'presence_pkey', 20],
  ['the wallboard', () => me, ctx => wallboard(ctx), 'interaction_queued', 800],
]
test.each(atTheDesk)('at the desk: %s', async (_, who, fn, index, mostRows) => {
  const { indexes, scanned, read } = await explained(house, who(), fn)
  expect(indexes.join(', ')).toContain(index)
  expect(scanned).toEqual([])
  expect(read).toBeLessThanOrEqual(mostRows)
})
