import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { markAbandoned, openInteraction } from '#domains/interactions/index.ts'
import { newId } from '#kernel/ids.ts'
import { openTickets } from '#testing/tickets.ts'
import { addCustomer } from '../actions.ts'
import { leaveAlone, recordConsent } from '../reaching.ts'
import { outlook } from './queries.ts'

const desk = openTickets()
const add = () => desk.house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: '何建国', phone: '13812340000' })))
const of = (id: string, actor = desk.house.user()) => desk.house.work(ctx => outlook(ctx, id), actor)
const call = { channel: 'phone', direction: 'in', queueId: null, agentId: null, subject: '', source: '' } as const
const rings = (customerId: string) =>
  desk.house.work(async ctx => markAbandoned(ctx, (await openInteraction(ctx, { ...call, state: 'waiting', customerId })).id))

test('whoever is in touch and was never asked is asked for consent', async () => {
  const { id } = await add()
  expect(await of(id)).toMatchObject({ open: 0, late: 0, contacts: 0, rating: null, mood: null, undisturbed: null, next: [] })
  await desk.house.work(ctx => openInteraction(ctx, { ...call, state: 'active', customerId: id }))
  expect(await of(id)).toMatchObject({ contacts: 1, mood: null, next: [{ code: 'consent' }] })
  await desk.house.work(
    ctx => recordConsent(ctx, id, { purpose: 'notice', channel: 'sms', given: true, source: 'phone', proof: '' }),
    desk.house.user(),
  )
  expect((await of(id)).next).toEqual([])
})

test('a complaint, a call that nobody answered and a bill that is overdue, each with what to do', async () => {
  const { id } = await add()
  await desk.open({ customerId: id, kindId: desk.table.ids.complaint, categoryId: null, title: '抄表不准' })
  await rings(id)
  await desk.house.work(async ctx => {
    await sql`insert into customers.account (tenant_id, customer_id, overdue_amount, overdue_since, billed_for, heard_at) values
      (${ctx.tenantId}, ${id}, 8640, '2026-01-01', '2026-01-01', ${ctx.now})`.execute(ctx.db)
    await leaveAlone(ctx, id, { on: true, until: null, reason: '' })
  })
  const seen = await of(id)
  expect(seen).toMatchObject({ open: 1, contacts: 1, undisturbed: { until: null } })
  expect(seen.next.map(step => step.code)).toEqual(['call_back', 'overdue', 'open'])
  expect(seen.mood).toMatchObject({
    score: 55,
    level: 'fair',
    reasons: [
      { code: 'complaint', n: 1, points: -15 },
      { code: 'unanswered', n: 1, points: -5 },
    ],
  })
})

test('two files of one customer are one; whoever reads no tickets and contacts learns nothing of them; a stranger nothing at all', async () => {
  const [kept, gone] = [await add(), await add()]
  await desk.open({ customerId: gone.id, title: '水压低' })
  await rings(gone.id)
  await desk.house.work(ctx =>
    sql`update customers.customer set merged_into = ${kept.id} where tenant_id = ${ctx.tenantId} and id = ${gone.id}`.execute(ctx.db),
  )
  for (const id of [kept.id, gone.id]) expect(await of(id)).toMatchObject({ open: 1, contacts: 1 })
  const few = desk.house.user({ grants: new Map([['customer:read', 'all']]) })
  expect(await of(kept.id, few)).toMatchObject({ open: null, contacts: null, mood: null, next: [] })
  await expect(of(kept.id, desk.house.user({ tenantId: desk.house.otherTenantId }))).rejects.toThrow('customer.not_found')
  await expect(of(newId())).rejects.toThrow('customer.not_found')
})
