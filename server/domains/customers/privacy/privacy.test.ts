import { afterAll, beforeAll, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { addPerson, openSession, type RoleCode } from '#domains/identity/index.ts'
import { mayReach } from '#domains/messaging/outgoing/guard.ts'
import { changePolicy } from '#domains/messaging/outgoing/policy.ts'
import { firstPolicy } from '#domains/messaging/outgoing/rules.ts'
import { sendMessage } from '#domains/messaging/outgoing/send.ts'
import { openTask } from '#domains/tasks/actions/tasks.ts'
import { asSystem } from '#kernel/react.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addCustomer } from '../actions.ts'
import { recordConsent } from '../reaching.ts'
import { eraseCustomer } from './erasure.ts'
import { setHold } from './holding.ts'
import { beginKeeping, changeKeeping, previewKeeping } from './keeping.ts'
import { addLeftAlone, liftLeftAlone, listLeftAlone } from './leavingAlone.ts'
import { sweepLeft } from './sweep.ts'

let house: TestHouse
const tokens = new Map<RoleCode, string>()
beforeAll(async () => {
  house = await openHouse()
  await house.work(ctx => changePolicy(ctx, { ...firstPolicy, quietFrom: 0, quietTo: 0 }))
  for (const code of ['agent', 'supervisor', 'admin'] as const)
    await house.work(async ctx => {
      const role = await ctx.db.selectFrom('identity.role').select('id').where('code', '=', code).executeTakeFirstOrThrow()
      const person = await addPerson(ctx, {
        name: code,
        login: code,
        password: 'Deep-Water-7',
        roleId: role.id,
        departmentId: null,
        teamId: null,
      })
      tokens.set(code, (await openSession(ctx, person.id, { ip: '10.0.0.1', userAgent: 'test' })).token)
    })
})
afterAll(() => house.close())

const add = (phone: string, more: object = {}) => house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: '周敏', phone, ...more })))
const call = (who: RoleCode, method: 'GET' | 'POST' | 'PUT', url: string, payload?: object) =>
  house.app.inject({ method, url: `/api${url}`, headers: { authorization: `Bearer ${tokens.get(who)}` }, ...(payload ? { payload } : {}) })

test('only who answers for privacy erases, hands over and keeps; another tenant’s customer is not there', async () => {
  const { id, number } = await add('13812340001')
  const foreign = await asSystem(house.house, house.otherTenantId, ctx => addCustomer(ctx, NewCustomer.parse({ name: '别家' })))
  const reason = '本人申请'
  for (const [method, url, body] of [
    ['GET', '/customers/ID/erasure', undefined],
    ['POST', '/customers/ID/erasure', { number, reason }],
    ['POST', '/customers/ID/data-package', { reason, language: 'zh' }],
    ['PUT', '/customers/ID/hold', { on: true, reason }],
  ] as const) {
    for (const who of ['agent', 'supervisor'] as const)
      expect((await call(who, method, url.replace('ID', id), body)).json().code).toBe('access.denied')
    expect((await call('admin', method, url.replace('ID', foreign.id), body)).json().code).toBe('customer.not_found')
  }
  expect((await call('agent', 'GET', `/customers/${id}/privacy`)).json()).toEqual({ erasedAt: null, erasing: false, hold: null })
  expect((await call('agent', 'GET', '/keeping')).json().code).toBe('access.denied')
  expect((await call('supervisor', 'GET', '/left-alone')).statusCode).toBe(200)
  expect((await call('agent', 'GET', '/left-alone')).json().code).toBe('access.denied')
})

test('a number on the register is not contacted, whoever has it, until it is taken off', async () => {
  const { id } = await add('13812340002')
  await house.work(ctx => recordConsent(ctx, id, { purpose: 'marketing', channel: 'sms', given: true, source: 'phone', proof: '' }))
  const may = () => house.work(ctx => mayReach(ctx, { customerId: id, channel: 'sms', purpose: 'marketing' }))
  expect(await may()).toEqual({ may: true })
  const kept = await house.work(ctx =>
    addLeftAlone(ctx, { values: ['138 1234 0002', 'no number', 'A@Example.com', '13812340002'], until: null, reason: '不想被打扰' }),
  )
  expect(kept).toEqual({ added: 2, known: 0, wrong: ['no number'] })
  // All of them come back, to be put right.
  const wrong = Array.from({ length: 130 }, (_, n) => `no number ${'x'.repeat(n % 7)}${n}`)
  expect(await house.work(ctx => addLeftAlone(ctx, { values: wrong, until: null, reason: '' }))).toEqual({ added: 0, known: 0, wrong })
  expect(await may()).toMatchObject({ may: false, reason: 'do_not_disturb' })
  const found = await house.work(ctx => listLeftAlone(ctx, { q: '13812340002' }))
  expect(found.rows).toMatchObject([{ purpose: null, source: 'table', reason: '不想被打扰' }])
  expect(found.rows[0]?.value).toContain('****')
  await house.work(ctx => liftLeftAlone(ctx, found.rows[0]?.id ?? '', '本人要求'))
  expect(await may()).toEqual({ may: true })
})

test('who declined and was erased is not asked again under the same number, until they agree anew', async () => {
  const first = await add('13812340003')
  await house.work(ctx => recordConsent(ctx, first.id, { purpose: 'survey', channel: 'sms', given: false, source: 'phone', proof: '' }))
  await house.work(ctx => eraseCustomer(ctx, first.id, { number: first.number, reason: '申请' }))
  await house.settle()
  const again = await add('13812340003')
  expect(again.id).not.toBe(first.id)
  const may = () => house.work(ctx => mayReach(ctx, { customerId: again.id, channel: 'sms', purpose: 'survey' }))
  expect(await may()).toMatchObject({ may: false, reason: 'consent_declined' })
  await house.work(ctx => recordConsent(ctx, again.id, { purpose: 'survey', channel: 'sms', given: true, source: 'phone', proof: '' }))
  expect(await may()).toEqual({ may: true })
  // The tombstone takes no more words.
  expect((await call('admin', 'GET', `/customers/${first.id}`)).json()).toMatchObject({ name: '已删除客户', phone: null })
})

test('who comes back before the last trace is gone keeps what they bring', async () => {
  const first = await add('13812340077', { email: 'soon@example.com' })
  await house.work(ctx => eraseCustomer(ctx, first.id, { number: first.number, reason: '申请' }))
  const again = await add('13812340077', { email: 'soon@example.com' })
  await house.settle()
  expect(
    await house.work(ctx =>
      ctx.db.selectFrom('customers.customer').select(['phone', 'email', 'name']).where('id', '=', again.id).execute(),
    ),
  ).toEqual([{ phone: '+8613812340077', email: 'soon@example.com', name: '周敏' }])
})

test('what is older than its kind is kept goes at night, shown before, and nothing of who is held', async () => {
  const [open, held] = [await add('13812340004', { email: 'open@example.com' }), await add('13812340005', { email: 'held@example.com' })]
  for (const { id } of [open, held])
    await house.work(ctx =>
      sendMessage(ctx, {
        channel: 'mail',
        purpose: 'ticket',
        template: 'ticket_opened',
        customerId: id,
        variables: { number: 'BX-1', link: 'https://x.cn/p' },
      }),
    )
  await house.house.control.query(`update messaging.outgoing set state = 'delivered' where tenant_id = $1`, [house.tenantId])
  await house.work(ctx => setHold(ctx, held.id, { on: true, reason: '诉讼' }))
  await house.pass(40 * 24 * 60)
  expect(await house.work(ctx => previewKeeping(ctx, { kind: 'outgoing_texts', days: 60 }))).toMatchObject({ rows: 0, oldest: null })
  expect(await house.work(ctx => previewKeeping(ctx, { kind: 'outgoing_texts', days: 30 }))).toMatchObject({ rows: 1, more: false })
  await house.work(ctx => changeKeeping(ctx, { kind: 'outgoing_texts', days: 30 }))
  await house.work(beginKeeping)
  await house.settle()
  const { rows: texts } = await house.house.control.query(
    `select customer_id as "customerId", address, state from messaging.outgoing where tenant_id = $1 order by id`,
    [house.tenantId],
  )
  expect(texts).toEqual([
    { customerId: open.id, address: null, state: 'delivered' },
    { customerId: held.id, address: 'held@example.com', state: 'delivered' },
  ])
  expect(await house.said('keeping.over')).toEqual([{ kind: 'outgoing_texts', days: 30, rows: 1 }])
  // Nothing is left for the next night, and nobody is told of nothing.
  await house.work(beginKeeping)
  await house.settle()
  expect(await house.said('keeping.over')).toHaveLength(1)
})

test('whoever was silent for years is erased, who is held or owes is not', async () => {
  const before = await add('13812340006')
  await house.pass(1000 * 24 * 60)
  const fresh = await add('13812340007')
  await house.work(ctx => changeKeeping(ctx, { kind: 'customers', days: 900 }))
  await house.work(beginKeeping)
  await house.settle()
  const names = await house.work(ctx => ctx.db.selectFrom('customers.customer').select(['id', 'name']).execute())
  const nameOf = (id: string) => names.find(n => n.id === id)?.name
  expect(nameOf(before.id)).toBe('已删除客户')
  expect(nameOf(fresh.id)).toBe('周敏')
  // The one who is held by law since the test before.
  expect(names.filter(n => n.name === '周敏')).toHaveLength(2)
}, 180_000)

test('those with something open keep nobody else from going; the next night goes on behind them', async () => {
  const busy: string[] = []
  for (let n = 10; n < 32; n++) busy.push((await add(`138123400${n}`)).id)
  const quiet = await add('13812340099')
  for (const customerId of busy)
    await house.work(ctx =>
      openTask(ctx, {
        kind: 'todo',
        title: '待办',
        text: '',
        matter: null,
        customerId,
        ownerId: null,
        departmentId: null,
        dueAt: null,
        facts: {},
      }),
    )
  const [first] = busy
  const night = async () => {
    await house.work(beginKeeping)
    for (let turn = 0; turn < 8; turn++) {
      await house.settle()
      await house.pass(1)
    }
  }
  await house.pass(1000 * 24 * 60)
  await night()
  const left = async () => {
    const rows = await house.work(ctx => ctx.db.selectFrom('customers.customer').select('id').where('erasedAt', 'is', null).execute())
    return new Set(rows.map(row => row.id))
  }
  const after = await left()
  expect(after.has(quiet.id)).toBe(false)
  expect(busy.every(id => after.has(id))).toBe(true)
  // Done at last: asked after again once all others were.
  await house.house.control.query(`update tasks.task set done_at = now() where customer_id = $1`, [first])
  await night()
  expect((await left()).has(first ?? '')).toBe(false)
}, 180_000)

test('whom a look that was cancelled or failed left behind are looked for by the next one, and every night', async () => {
  const admin = await house.work(ctx =>
    ctx.db.selectFrom('identity.person').selectAll().where('login', '=', 'admin').executeTakeFirstOrThrow(),
  )
  const person = house.user({ id: admin.id, name: admin.name })
  house.house.standIn = async () => person
  const erased = async (id: string) => {
    const { rows } = await house.house.control.query('select erased_at from customers.erasure where customer_id = $1', [id])
    return rows[0]?.erased_at !== null
  }
  const sweeps = async () =>
    (
      await house.house.control.query<{ id: string; state: string; asked_by_id: string | null }>(
        `select id, state, asked_by_id from kernel.run where tenant_id = $1 and kind = 'privacy.sweep' order by id`,
        [house.tenantId],
      )
    ).rows
  /** Erased as far as the look, which ends so before it begins. */
  const leave = async (phone: string, state: 'failed' | 'cancelled') => {
    const { id, number } = await add(phone)
    await house.as(person).work(ctx => eraseCustomer(ctx, id, { number, reason: '申请' }))
    const known = (await house.house.control.query('select known from customers.erasure where customer_id = $1', [id])).rows[0]?.known
    await house.settle()
    const last = (await sweeps()).at(-1)
    expect(last?.asked_by_id).toBeNull()
    await house.house.control.query('update kernel.run set state = $1 where id = $2', [state, last?.id])
    await house.house.control.query('update customers.erasure set erased_at = null, known = $1 where customer_id = $2', [
      JSON.stringify(known),
      id,
    ])
    return id
  }
  const first = await leave('13812340701', 'cancelled')
  const second = await leave('13812340702', 'failed')
  // The second one’s look took up the first before it was broken off.
  expect([await erased(first), await erased(second)]).toEqual([true, false])
  await house.work(sweepLeft)
  await house.settle()
  expect(await erased(second)).toBe(true)
  const before = (await sweeps()).length
  await house.work(sweepLeft)
  expect((await sweeps()).length).toBe(before)
}, 60_000)

test('of a night’s people there is one look through everything', async () => {
  const { rows } = await house.house.control.query<{ erased: number; sweeps: number }>(
    `select count(*)::int as erased, count(distinct swept_by)::int as sweeps from customers.erasure where tenant_id = $1 and erased_at is not null`,
    [house.tenantId],
  )
  const { erased = 0, sweeps = 0 } = rows[0] ?? {}
  expect(sweeps).toBeLessThan(erased)
})
