import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listCustomers, oneCustomer, timelineOf } from '#domains/customers/queries.ts'
import { countSlot } from '#domains/insight/counting.ts'
import { countedContacts, figures } from '#domains/insight/figures.ts'
import { countAll } from '#domains/insight/index.ts'
import { listInteractions } from '#domains/interactions/queries.ts'
import { wordsIn } from '#domains/sample/furnishing.ts'
import { grow } from '#domains/sample/growing/grow.ts'
import { firstOf } from '#domains/sample/history.ts'
import { makeSample } from '#domains/sample/index.ts'
import { entriesOf, listTickets, ticketById } from '#domains/tickets/queries.ts'
import type { User } from '#kernel/access.ts'
import { asSystem } from '#kernel/react.ts'
import type { Ctx } from '#kernel/work.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { explained } from '#testing/plans.ts'

// Twenty thousand contacts and tickets: enough that the planner no longer prefers to read all of them.
const size = 20_000
let house: TestHouse
let me: User
const ids = { customer: '', ticket: '', department: '', queue: '', phone: '' }
beforeAll(async () => {
  house = await openHouse()
  const now = house.now()
  const tenantId = await makeSample(house.house, house.url, { size: { contacts: 2_000, customers: 300 }, language: 'zh', now })
  const amount = { contacts: size, customers: 4_000, tickets: size }
  await grow(house.url, { tenantId, now, language: 'zh', say: wordsIn('zh'), first: firstOf(now), amount, tell: () => {} })
  await asSystem(house.house, tenantId, countAll)
  await house.house.control.query('analyze insight.rollup')
  me = house.user({ tenantId })
  const { rows } = await house.house.control.query<Partial<typeof ids>>(
    `select (select customer_id from interactions.interaction where tenant_id = $1 and customer_id is not null order by started_at desc limit 1) as customer,
      (select id from tickets.ticket where tenant_id = $1 and status <> 'closed' order by id limit 1) as ticket,
      (select department_id from tickets.ticket where tenant_id = $1 and status <> 'closed' and department_id is not null order by id limit 1) as department,
      (select queue_id from interactions.interaction where tenant_id = $1 and queue_id is not null order by id limit 1) as queue`,
    [tenantId],
  )
  Object.assign(ids, rows[0])
  const phone = await house.house.control.query<{ phone: string }>(
    'select phone from customers.customer where tenant_id = $1 and id = $2',
    [tenantId, ids.customer],
  )
  ids.phone = phone.rows[0]?.phone ?? ''
}, 180_000)
afterAll(() => house.close())

/** Marked first, as a change of a contact does. */
async function countQuarter(ctx: Ctx) {
  const at = new Date(Math.floor(house.now().getTime() / 900_000) * 900_000 - 40 * 900_000)
  await sql`insert into insight.dirty (tenant_id, at) values (${ctx.tenantId}, ${at}) on conflict do nothing`.execute(ctx.db)
  await countSlot(ctx, at)
}

const large = ['ticket', 'entry', 'interaction', 'customer', 'customer_identity', 'rating', 'rollup']
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
  ['one customer', ctx => oneCustomer(ctx, ids.customer), 'customer_pkey', 10],
  ['the time line of a customer', ctx => timelineOf(ctx, ids.customer, { size: 50 }), 'customer_id_id_idx', 4_000],
  ['contacts of a customer', ctx => listInteractions(ctx, { customerId: ids.customer }), 'interaction_customer', 300],
  ['the newest contacts of a queue', ctx => listInteractions(ctx, { queueId: ids.queue }), 'interaction_queue', 200],
  ['figures of a year by agent', ctx => figures(ctx, { period: 'year', by: 'agent' }), 'rollup_pkey', 400],
  ['figures of a week by queue', ctx => figures(ctx, { period: 'week', by: 'queue' }), 'rollup_pkey', 150],
  ['a quarter that is counted again', ctx => countQuarter(ctx), 'interaction_counted', 200],
  [
    'the contacts behind a figure',
    ctx => countedContacts(ctx, { period: 'month', by: 'queue', counted: 'offered' }),
    'interaction_counted',
    400,
  ],
]
test.each(cases)('%s', async (_, fn, index, mostRows) => {
  const { indexes, scanned, read } = await explained(house, me, fn)
  expect(
    indexes.some(name => name === index || name.endsWith(index)),
    indexes.join(', '),
  ).toBe(true)
  expect(scanned.filter(table => large.includes(table))).toEqual([])
  expect(read).toBeLessThanOrEqual(mostRows)
})
