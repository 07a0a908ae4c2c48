import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { NewMerge } from '#contract/duplicates.ts'
import { NewReceivable } from '#contract/receivables.ts'
import { openInteraction } from '#domains/interactions/index.ts'
import { listInteractions } from '#domains/interactions/queries.ts'
import { newId } from '#kernel/ids.ts'
import { asSystem } from '#kernel/react.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addCustomer, changeCustomer } from '../actions.ts'
import { readAnew } from '../finding/rebuild.ts'
import { identify, rememberIdentity, touch } from '../identify.ts'
import { customersWithPhone } from '../ownWishes.ts'
import { customersFound, listCustomers, oneCustomer } from '../queries.ts'
import { leaveAlone, reachOf, recordConsent } from '../reaching.ts'
import { deliver } from '../receivables/bringing.ts'
import { placeByHand, standingsOf } from '../segments/standing.ts'
import { timelineOf } from '../timeline.ts'
import { compare } from './comparing.ts'
import { lookAt } from './finding.ts'
import { mergeCustomers, partCustomers } from './merging.ts'
import { dismissPair } from './pairs.ts'
import { lookThrough } from './passing.ts'
import { duplicatesOf, listDuplicates, mergesOf } from './queries.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const add = (more: Record<string, unknown>) => house.work(ctx => addCustomer(ctx, NewCustomer.parse(more)))
const versionOf = async (id: string) => (await house.work(ctx => oneCustomer(ctx, id))).version
const merge = async (keptId: string, goneId: string, more: Record<string, unknown> = {}) => {
  const asked = { keptId, goneId, keptVersion: await versionOf(keptId), goneVersion: await versionOf(goneId), ...more }
  return house.work(ctx => mergeCustomers(ctx, NewMerge.parse(asked)))
}
const part = (id: string, differ = true) => house.work(ctx => partCustomers(ctx, id, { differ }))
const pairsOf = (id: string) => house.work(ctx => duplicatesOf(ctx, id))
let n = 100_000_00
const phone = () => `138${n++}`
const home = () => `桂花园 ${n++} 幢 2 单元 901`

describe('candidates', () => {
  test('are found when a file is added, changed or learns a number, and fall away when it is not so any more', async () => {
    const [number, at] = [phone(), home()]
    const a = await add({ name: '陈雨桐', phone: number, address: at })
    const b = await add({ name: '陈雨彤', address: at })
    const c = await add({ name: '何建国' })
    await house.settle()
    expect(await pairsOf(a.id)).toMatchObject([{ score: 58, reasons: ['said', 'address'], state: 'open' }])
    await house.work(ctx => rememberIdentity(ctx, c.id, 'phone', number))
    await house.settle()
    expect((await pairsOf(a.id)).map(pair => pair.score)).toEqual([58, 55])
    await house.work(ctx => changeCustomer(ctx, b.id, { version: 1, address: '别处 1 号' }))
    await house.settle()
    expect((await pairsOf(a.id)).map(pair => pair.reasons)).toEqual([['phone']])
    expect(await pairsOf(b.id)).toEqual([])
  })

  test('are found among files that were there before, part by part', async () => {
    const at = home()
    await house.house.control.query(
      `insert into customers.customer (tenant_id, id, number, kind, name, address, since)
       select $1, gen_random_uuid(), 'OLD' || n, 'person', case when n < 3 then '旧户' else '旧户' || chr(20000 + n) end, case when n < 3 then $2 else '' end, now() from generate_series(1, 250) n`,
      [house.tenantId, at],
    )
    // Transactions of other databases of this cluster hold it up for a while.
    const found = async () => {
      while ((await house.work(lookThrough)) > 0);
      const { rows } = await house.work(ctx => listDuplicates(ctx, {}))
      return rows.filter(pair => pair.a.name === '旧户' && pair.b.name === '旧户')
    }
    await expect.poll(found, { timeout: 20_000 }).toMatchObject([{ score: 60 }])
  })

  test('a telephone that more than fifty share pairs nobody', async () => {
    const number = phone()
    const many = await Promise.all(
      Array.from({ length: 52 }, (_, i) => add({ name: `总机${String.fromCodePoint(0x5000 + 7 * i)}`, phone: number })),
    )
    await house.settle()
    const last = many.at(-1)?.id ?? ''
    await house.work(async ctx => rememberIdentity(ctx, last, 'web', 'somebody'))
    await house.settle()
    expect(await pairsOf(last)).toEqual([])
  })

  test('dismissed by somebody, return only when what was compared has changed', async () => {
    const number = phone()
    const [a, b] = [await add({ name: '甲某某', phone: number }), await add({ name: '乙某人', phone: number })]
    await house.settle()
    const [pair] = await pairsOf(a.id)
    await house.work(ctx => dismissPair(ctx, pair?.id ?? '', true))
    await house.work(ctx => changeCustomer(ctx, b.id, { version: 1, note: '无关' }))
    await house.work(lookThrough)
    await house.settle()
    expect(await pairsOf(a.id)).toEqual([])
    await house.work(ctx => dismissPair(ctx, pair?.id ?? '', false))
    expect(await pairsOf(a.id)).toMatchObject([{ id: pair?.id }])
    await house.work(ctx => dismissPair(ctx, pair?.id ?? '', true))
    await house.work(ctx => changeCustomer(ctx, b.id, { version: 2, name: '甲某某' }))
    await house.settle()
    expect(await pairsOf(a.id)).toMatchObject([{ score: 85, state: 'open' }])
  })
})

/** Everything the schema holds of these files, in the words of the database. */
async function snapshot(...ids: string[]) {
  const { rows } = await house.house.control.query<{ all: unknown }>(
    `select jsonb_build_object(
      'files', (select jsonb_agg(to_jsonb(c) - 'version' - 'changed_xid' - 'search' order by id) from customers.customer c where id = any($1)),
      'search', (select jsonb_agg(search::text order by id) from customers.customer c where id = any($1)),
      'identities', (select jsonb_agg(to_jsonb(c) order by id) from customers.customer_identity c where customer_id = any($1)),
      'addresses', (select jsonb_agg(to_jsonb(c) order by id) from customers.address c where customer_id = any($1)),
      'relations', (select jsonb_agg(to_jsonb(c) order by id) from customers.relation c where customer_id = any($1) or to_id = any($1)),
      'carers', (select jsonb_agg(to_jsonb(c) order by customer_id, user_id) from customers.carer c where customer_id = any($1)),
      'records', (select jsonb_agg(to_jsonb(c) - 'changed_xid' order by id) from customers.record c where customer_id = any($1)),
      'consents', (select jsonb_agg(to_jsonb(c) order by customer_id, purpose, channel) from customers.consent c where customer_id = any($1)),
      'accounts', (select jsonb_agg(to_jsonb(c) order by customer_id) from customers.account c where customer_id = any($1)),
      'flags', (select jsonb_agg(to_jsonb(c) order by id) from customers.flag c where customer_id = any($1)),
      'plans', (select jsonb_agg(to_jsonb(c) order by id) from customers.care_plan c where customer_id = any($1)),
      'rounds', (select jsonb_agg(to_jsonb(c) order by id) from customers.care_round c where customer_id = any($1)),
      'pins', (select jsonb_agg(to_jsonb(c) order by customer_id, kind) from customers.ladder_pin c where customer_id = any($1)),
      'undisturbed', (select jsonb_agg(to_jsonb(c) order by customer_id) from customers.undisturbed c where customer_id = any($1))) as all`,
    [ids],
  )
  return rows[0]?.all
}

/** A reader of numbers that anybody can repeat. */
function dice(seed: number) {
  let state = seed
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  return { one: <T>(all: readonly T[]): T => all[Math.floor(next() * all.length)] as T, chance: (p: number) => next() < p }
}

async function randomFile({ one, chance }: ReturnType<typeof dice>, shared: { phone: string; friend: string; kind: string }): Promise<string> {
  const { id } = await add({
    name: one(['陈雨桐', '陈雨彤', '欧阳娜']),
    phone: chance(0.4) ? shared.phone : chance(0.6) ? phone() : null,
    email: chance(0.4) ? `r${n++}@water.cn` : null,
    address: chance(0.6) ? home() : '',
    note: one(['', '先来的', '后来的']),
    tags: ['甲', '乙', '丙'].filter(() => chance(0.5)),
    care: (['elderly', 'infant'] as const).filter(() => chance(0.5)),
    tier: one(['normal', 'gold']),
  })
  const ask = (text: string, ...more: unknown[]) => house.house.control.query(text, [house.tenantId, id, ...more])
  await ask('update customers.customer set fields = $3, stage = $4, balance_due = $5 where tenant_id = $1 and id = $2', JSON.stringify({ ...(chance(0.5) ? { floor: one(['1', '2']) } : {}), ...(chance(0.5) ? { plate: one(['A', 'B']) } : {}) }), one(['', 'steady']), one([0, 100]))
  await ask('update customers.customer_identity set main = true where tenant_id = $1 and customer_id = $2')
  if (chance(0.6)) await ask(`insert into customers.address (tenant_id, id, customer_id, main, detail, since) values ($1, gen_random_uuid(), $2, $3, '某处', now())`, chance(0.7))
  if (chance(0.6)) await ask(`insert into customers.relation (tenant_id, id, customer_id, to_id, kind, since) values ($1, gen_random_uuid(), $2, $3, 'household', now())`, shared.friend)
  if (chance(0.6)) await ask(`insert into customers.relation (tenant_id, id, customer_id, to_id, kind, since) values ($1, gen_random_uuid(), $3, $2, 'contact', now())`, shared.friend)
  if (chance(0.6)) await ask('insert into customers.carer (tenant_id, customer_id, user_id, since) values ($1, $2, $3, now())', chance(0.5) ? shared.friend : newId())
  if (chance(0.6)) await ask(`insert into customers.record (tenant_id, id, kind_id, customer_id, number, since) values ($1, gen_random_uuid(), $3, $2, $4, now())`, shared.kind, `M${n++}`)
  if (chance(0.5)) await ask(`insert into customers.care_plan (tenant_id, id, customer_id, visit_days, starts_on, changed_at) values ($1, gen_random_uuid(), $2, 30, now(), now())`)
  for (const kind of ['visit', 'contact']) {
    if (chance(0.5)) await ask(`insert into customers.care_round (tenant_id, id, customer_id, kind, due_on, task_id, opened_at) values ($1, gen_random_uuid(), $2, $3, now(), gen_random_uuid(), now())`, kind)
    if (chance(0.4)) await ask(`insert into customers.care_round (tenant_id, id, customer_id, kind, due_on, opened_at, done_at) values ($1, gen_random_uuid(), $2, $3, now(), now(), now())`, kind)
  }
  for (const kind of ['tier', 'stage']) if (chance(0.4)) await ask(`insert into customers.ladder_pin (tenant_id, customer_id, kind, reason, at) values ($1, $2, $3, '说好的', now())`, kind)
  if (chance(0.4)) await ask(`insert into customers.flag (tenant_id, id, customer_id, code, level, since, source, set_at) values ($1, gen_random_uuid(), $2, 'neglected', 'warn', now(), 'care', now())`)
  const bill = { customerId: id, currency: 'CNY', issuedOn: '2026-01-01', dueOn: '2026-01-20', hold: '', number: '', kind: 'water' }
  if (chance(0.5)) await house.work(ctx => deliver(ctx, { source: '账务', items: [NewReceivable.parse({ ...bill, extId: `B${n++}`, amount: 900, openAmount: one([0, 700]) })] }))
  for (const channel of ['mail', 'sms'] as const)
    if (chance(0.5)) await house.work(ctx => recordConsent(ctx, id, { purpose: 'survey', channel, given: chance(0.5), source: 'phone', proof: '录音' }))
  if (chance(0.4)) await house.work(ctx => leaveAlone(ctx, id, { on: true, until: chance(0.5) ? new Date(Date.now() + 86_400_000) : null, reason: '勿扰' }))
  return id
} // biome-ignore format: one thing a line

describe('two files', () => {
  test('of any sort, merged and taken apart, are exactly what they were', async () => {
    const friend = (await add({ name: '邻居' })).id
    for (let seed = 1; seed <= (Number(process.env.SEEDS) || 25); seed++) {
      const roll = dice(seed)
      const shared = { phone: phone(), friend, kind: newId() }
      const [a, b] = [await randomFile(roll, shared), await randomFile(roll, shared)]
      if (roll.chance(0.3))
        await house.house.control.query(
          `insert into customers.relation (tenant_id, id, customer_id, to_id, kind, since) values ($1, gen_random_uuid(), $2, $3, 'household', now())`,
          [house.tenantId, a, b],
        )
      const before = await snapshot(a, b)
      const fields = ['name', 'tier', 'phone', 'email', 'address', 'note', 'stage'] as const
      const choices = Object.fromEntries(fields.filter(() => roll.chance(0.5)).map(field => [field, roll.one(['kept', 'gone'] as const)]))
      const { id } = await merge(a, b, { choices, fields: roll.chance(0.5) ? { floor: 'gone' } : {} })
      expect(await snapshot(a, b), `seed ${seed}`).not.toEqual(before)
      await part(id)
      expect(await snapshot(a, b), `seed ${seed}`).toEqual(before)
    }
  }, 120_000)

  test('are one wherever somebody asks, and two again afterwards', async () => {
    const numbers = [phone(), phone()]
    const a = await add({ name: '陈雨桐', phone: numbers[0], tags: ['甲'] })
    const b = await add({ name: '陈玉彤', phone: numbers[1], tags: ['乙'], email: `both${n}@water.cn` })
    const contact = { channel: 'chat', direction: 'in', queueId: null, subject: '停水', source: 'widget', state: 'waiting' } as const
    await house.work(ctx => openInteraction(ctx, { ...contact, customerId: b.id }))
    await house.work(ctx => openInteraction(ctx, { ...contact, customerId: a.id }))
    const { id } = await merge(a.id, b.id)
    const known = async (claim: Parameters<typeof identify>[1]) => (await house.work(ctx => identify(ctx, claim)))?.id
    expect([await known({ customerId: b.id }), await known({ number: b.number }), await known({ phone: numbers[1] })]).toEqual([
      a.id,
      a.id,
      a.id,
    ])
    expect(await house.work(ctx => oneCustomer(ctx, b.id))).toMatchObject({
      id: a.id,
      name: '陈雨桐',
      tags: ['甲', '乙'],
      email: `b***@water.cn`,
    })
    const ids = async (q: string) => (await house.work(ctx => listCustomers(ctx, { q }))).rows.map(row => row.id)
    expect([await ids(b.number), await ids('陈玉彤'), await ids(numbers[1] ?? '')]).toEqual([[a.id], [a.id], [a.id]])
    expect(await house.work(ctx => customersFound(ctx, b.number))).toEqual([a.id])
    const line = async (id: string) => (await house.work(ctx => timelineOf(ctx, id, {}))).rows.map(row => row.name)
    expect((await line(a.id)).filter(name => name === 'customer.added')).toHaveLength(2)
    expect(await line(b.id)).toEqual(await line(a.id))
    const contacts = async (customerId: string) => (await house.work(ctx => listInteractions(ctx, { customerId }))).rows.length
    expect([await contacts(a.id), await contacts(b.id)]).toEqual([2, 2])
    expect(await house.work(ctx => compare(ctx, { keptId: a.id, goneId: b.id })).catch(error => error.message)).toBe('merge.one_already')
    await house.pass(5)
    await house.work(ctx => touch(ctx, b.id))
    expect((await house.work(ctx => oneCustomer(ctx, a.id))).lastContactAt).not.toBeNull()
    await expect(house.work(ctx => changeCustomer(ctx, b.id, { version: 2, name: '改' }))).rejects.toThrow('customer.merged_meanwhile')
    expect(await house.work(ctx => mergesOf(ctx, b.id))).toMatchObject([{ id, goneName: '陈玉彤', last: true, apartAt: null }])
    await part(id)
    expect(await known({ phone: numbers[1] })).toBe(b.id)
    expect(await line(b.id)).toEqual(
      expect.arrayContaining(['customer.parted', 'customer.merged_away', 'interaction.opened', 'customer.added']),
    )
    expect((await line(a.id)).filter(name => name === 'customer.added')).toHaveLength(1)
    expect([await contacts(a.id), await contacts(b.id)]).toEqual([1, 1])
    await expect(part(id)).rejects.toThrow('merge.apart_already')
  })

  test('keep the stricter word', async () => {
    const [a, b] = [await add({ name: '愿意' }), await add({ name: '不愿意' })]
    const say = (id: string, given: boolean) =>
      house.work(ctx => recordConsent(ctx, id, { purpose: 'marketing', channel: 'sms', given, source: 'phone', proof: '' }))
    await say(a.id, true)
    await say(b.id, false)
    await house.work(ctx => leaveAlone(ctx, b.id, { on: true, until: null, reason: '' }))
    const { id } = await merge(a.id, b.id)
    const reach = await house.work(ctx => reachOf(ctx, a.id))
    expect(reach).toMatchObject({ consents: [{ given: false }], undisturbed: { until: null } })
    expect(await house.work(ctx => reachOf(ctx, b.id))).toEqual(reach)
    await part(id)
    expect(await house.work(ctx => reachOf(ctx, a.id))).toMatchObject({ consents: [{ given: true }], undisturbed: null })
  })

  test('merged before words of consent had a text, come apart with the word that stood', async () => {
    const [a, b] = [await add({ name: '旧愿意' }), await add({ name: '旧不愿意' })]
    const say = (id: string, given: boolean) =>
      house.work(ctx => recordConsent(ctx, id, { purpose: 'marketing', channel: 'sms', given, source: 'phone', proof: '' }))
    await say(a.id, true)
    await say(b.id, false)
    const { id } = await merge(a.id, b.id)
    const old = `jsonb_set(moved, '{consents,0,was}', (moved #> '{consents,0,was}') - '{wording,until,kept_id,interaction_id}'::text[])`
    await house.house.control.query(`update customers.merge set moved = ${old} where id = $1`, [id])
    await part(id)
    expect(await house.work(ctx => reachOf(ctx, a.id))).toMatchObject({ consents: [{ given: true, wording: '' }] })
  })

  test('keep no word that is over, and the longer of two refusals', async () => {
    const [a, b] = [await add({ name: '以前拒绝' }), await add({ name: '现在' })]
    const say = (id: string, channel: 'sms' | 'mail', given: boolean, days: number | null) =>
      house.work(ctx =>
        recordConsent(ctx, id, {
          ...{ purpose: 'marketing', channel, given, source: 'phone', proof: '' },
          until: days === null ? null : new Date(ctx.now.getTime() + days * 86_400_000),
        }),
      )
    await say(a.id, 'sms', false, 1)
    await say(b.id, 'sms', true, null)
    await say(a.id, 'mail', false, 30)
    await say(b.id, 'mail', false, null)
    await house.pass(2 * 1440)
    const { id } = await merge(a.id, b.id)
    const words = async () => (await house.work(ctx => reachOf(ctx, a.id))).consents.map(c => [c.channel, c.given, c.until === null])
    expect((await words()).sort()).toEqual([
      ['mail', false, true],
      ['sms', true, true],
    ])
    await part(id)
    expect((await words()).find(([channel]) => channel === 'mail')).toEqual(['mail', false, false])
  })

  test('a step that was chosen stands as it stood there: by hand or by rule', async () => {
    for (const choice of ['kept', 'gone'] as const) {
      const [a, b] = [await add({ name: '锁定', tier: 'gold' }), await add({ name: '未锁' })]
      const place = { step: 'gold', reason: '老板说的' }
      await house.work(ctx => placeByHand(ctx, a.id, 'tier', place))
      const pinned = async () => (await house.work(ctx => standingsOf(ctx, a.id))).standings.find(one => one.kind === 'tier')
      const { id } = await merge(a.id, b.id, { choices: { tier: choice } })
      expect(await pinned()).toMatchObject(choice === 'kept' ? { step: 'gold', pinned: {} } : { step: 'normal', pinned: null })
      await part(id)
      expect(await pinned()).toMatchObject({ step: 'gold', pinned: { reason: '老板说的' } })
    }
  })

  test('what was changed since stays with the kept one', async () => {
    const [a, b] = [await add({ name: '甲', tags: ['甲'] }), await add({ name: '乙', tags: ['乙'], address: '乙处' })]
    const { id } = await merge(a.id, b.id)
    const { version } = await house.work(ctx => oneCustomer(ctx, a.id))
    await house.work(ctx => changeCustomer(ctx, a.id, { version, note: '后来', tags: ['甲', '乙', '丙'] }))
    await part(id)
    expect(await house.work(ctx => oneCustomer(ctx, a.id))).toMatchObject({ name: '甲', tags: ['甲', '丙'], note: '后来', address: '' })
    expect(await house.work(ctx => oneCustomer(ctx, b.id))).toMatchObject({ name: '乙', tags: ['乙'], note: '', address: '乙处' })
  })

  test('of three, the last merged comes apart first', async () => {
    const [a, b, c] = [
      await add({ name: '一', phone: phone() }),
      await add({ name: '二', phone: phone() }),
      await add({ name: '三', phone: phone() }),
    ]
    const before = await snapshot(a.id, b.id, c.id)
    const first = await merge(a.id, b.id)
    const second = await merge(c.id, b.id)
    expect(second.goneId).toBe(a.id)
    const { rows } = await house.house.control.query('select id from customers.customer where merged_into = $1 order by id', [c.id])
    expect(rows.map(row => row.id)).toEqual([a.id, b.id].sort())
    await expect(part(first.id)).rejects.toThrow('merge.later_first')
    await part(second.id)
    expect((await house.work(ctx => oneCustomer(ctx, b.id))).id).toBe(a.id)
    await part(first.id)
    expect(await snapshot(a.id, b.id, c.id)).toEqual(before)
  })

  test('of three are met in the list by the name of each, however many hold it, after an edit and a parting too', async () => {
    const [at, other] = [home(), home()]
    // So many that nobody fetches them before the list is put in order.
    await house.house.control.query(
      `insert into customers.customer (tenant_id, id, number, kind, name, search, search_version, since)
       select $1, gen_random_uuid(), 'CU' || n, 'person', '人', (select string_agg(quote_literal(w) || ':' || i, ' ') from unnest($2::text[]) with ordinality u (w, i))::tsvector, 1, now()
       from generate_series(1, 50) n`,
      [house.tenantId, ['公孙', '令狐', '独孤', '欧阳']],
    )
    const [a, b, c] = [await add({ name: '公孙大娘', address: at }), await add({ name: '令狐冲' }), await add({ name: '独孤求败' })]
    const met = async () => {
      const names = await Promise.all(['公孙', '令狐', '独孤', '欧阳'].map(q => house.work(ctx => listCustomers(ctx, { q, size: 200 }))))
      return names.map(({ rows }) => rows.filter(row => [a.id, b.id, c.id].includes(row.id)).length)
    }
    const first = await merge(a.id, b.id, { choices: { name: 'gone' } })
    const second = await merge(a.id, c.id)
    expect(await met()).toEqual([1, 1, 1, 0])
    await house.work(async ctx =>
      changeCustomer(ctx, a.id, { version: (await oneCustomer(ctx, a.id)).version, name: '欧阳锋', address: other }),
    )
    expect(await met()).toEqual([1, 1, 1, 1])
    await house.house.control.query(`update customers.customer set search = '', search_version = 0 where id = any($1)`, [
      [a.id, b.id, c.id],
    ])
    await house.work(readAnew)
    expect(await met()).toEqual([0, 1, 1, 1])
    await part(second.id)
    expect(await met()).toEqual([0, 1, 1, 1])
    await part(first.id)
    expect(await met()).toEqual([0, 1, 1, 1])
  })

  test('merged by two people at once are merged once, either way round', async () => {
    for (let turn = 0; turn < 6; turn++) {
      const [a, b] = [await add({ name: '同时甲' }), await add({ name: '同时乙' })]
      const asked = (keptId: string, goneId: string) => NewMerge.parse({ keptId, goneId, keptVersion: 1, goneVersion: 1 })
      const results = await Promise.allSettled([
        house.work(ctx => mergeCustomers(ctx, asked(a.id, b.id))),
        house.work(ctx => mergeCustomers(ctx, turn % 2 ? asked(b.id, a.id) : asked(a.id, b.id))),
      ])
      expect(results.map(result => result.status).sort()).toEqual(['fulfilled', 'rejected'])
      const { rows } = await house.house.control.query('select count(*)::int as n from customers.merge where kept_id = any($1)', [
        [a.id, b.id],
      ])
      expect(rows[0]?.n).toBe(1)
    }
  })

  test('of which one was changed since it was looked at are not merged, and nothing is', async () => {
    const [a, b] = [await add({ name: '看过' }), await add({ name: '改过' })]
    await house.work(ctx => changeCustomer(ctx, b.id, { version: 1, note: '新' }))
    await expect(merge(a.id, b.id, { goneVersion: 1 })).rejects.toThrow('merge.changed_meanwhile')
    await expect(merge(a.id, a.id)).rejects.toThrow('merge.one_already')
    expect((await house.work(ctx => oneCustomer(ctx, b.id))).id).toBe(b.id)
  })

  test('of another tenant, or beyond one’s reach, are not there', async () => {
    const mine = await add({ name: '本家' })
    const foreign = await asSystem(house.house, house.otherTenantId, ctx => addCustomer(ctx, NewCustomer.parse({ name: '别家' })))
    await expect(house.work(ctx => mergeCustomers(ctx, NewMerge.parse({ keptId: mine.id, goneId: foreign.id, keptVersion: 1, goneVersion: 1 })))).rejects.toThrow('customer.not_found')
    const other = await add({ name: '别人的' })
    const own = house.user({ grants: new Map([['customer:merge', 'own'], ['customer:read', 'own']]) })
    await expect(house.work(ctx => mergeCustomers(ctx, NewMerge.parse({ keptId: mine.id, goneId: other.id, keptVersion: 1, goneVersion: 1 })), own)).rejects.toThrow('customer.not_found')
    expect((await house.work(ctx => listDuplicates(ctx, {}), own)).rows).toEqual([])
    const { id } = await merge(mine.id, other.id)
    await expect(house.work(ctx => partCustomers(ctx, id, { differ: true }), own)).rejects.toThrow('merge.not_found')
  }) // biome-ignore format: one refusal a line
})

test('after a merging the pair is settled; taken apart, it does not come back, unless the merging was only taken back', async () => {
  const number = phone()
  const [a, b] = [await add({ name: '成对甲', phone: number }), await add({ name: '成对乙', phone: number })]
  await house.settle()
  expect(await pairsOf(a.id)).toHaveLength(1)
  const first = await merge(a.id, b.id)
  await house.settle()
  expect(await pairsOf(a.id)).toEqual([])
  expect(await house.work(ctx => customersWithPhone(ctx, `+86${number}`))).toEqual([a.id])
  await part(first.id, false)
  await house.settle()
  expect(await pairsOf(b.id)).toHaveLength(1)
  await part((await merge(a.id, b.id)).id)
  await house.settle()
  expect(await pairsOf(b.id)).toEqual([])
})

test('two files that look at one another at once find the pair, whichever is faster', async () => {
  for (let round = 0; round < 20; round++) {
    const number = phone()
    const [a, b] = [await add({ name: '同时甲', phone: number }), await add({ name: '同时乙', phone: number })]
    // As after a parting: the pair stands open, the keys of one are not there yet.
    await house.work(async ctx => {
      await lookAt(ctx, a.id)
      await lookAt(ctx, b.id)
    })
    for (const table of ['match_key', 'match_look'])
      await house.house.control.query(`delete from customers.${table} where customer_id = $1`, [b.id])
    await Promise.all([a, b].map(one => house.work(ctx => lookAt(ctx, one.id))))
    await house.pass(1)
    await house.settle()
    expect(await pairsOf(a.id)).toHaveLength(1)
  }
})
