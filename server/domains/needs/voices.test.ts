import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { NewMerge } from '#contract/duplicates.ts'
import { NewNeed, wentAstray } from '#contract/needs.ts'
import { mergeCustomers, partCustomers } from '#domains/customers/duplicates/merging.ts'
import { addCustomer, addSegment } from '#domains/customers/index.ts'
import { oneCustomer } from '#domains/customers/queries.ts'
import { leaveAlone } from '#domains/customers/reaching.ts'
import { timelineOf } from '#domains/customers/timeline.ts'
import { joinCustomer, openInteraction } from '#domains/interactions/index.ts'
import { addProvider } from '#domains/messaging/outgoing/providers.ts'
import { newId } from '#kernel/ids.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { provider } from '#testing/outgoing.ts'
import { answerNeed, captureNeed, changeNeed, moveNeed, toldInPerson } from './actions.ts'
import { askersOf, voicesOf } from './askers.ts'
import { mergeNeeds, partNeed } from './merging.ts'
import { courseOf, listNeeds, needById } from './queries.ts'
import { speakFor } from './voices.ts'

let house: TestHouse
const templateId = newId()
beforeAll(async () => {
  house = await openHouse()
  await house.work(ctx =>
    ctx.db.insertInto('needs.template').values({ id: templateId, name: '服务改进', fields: '[]', departmentId: null }).execute(),
  )
})
afterAll(() => house.close())

let phones = 138_1000_0000
const customer = (more: Record<string, unknown> = {}) => house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: '何建国', ...more })))
const reachable = (more: Record<string, unknown> = {}) => customer({ phone: String(phones++), ...more })
const capture = (more: Record<string, unknown> = {}) =>
  house.work(ctx => captureNeed(ctx, NewNeed.parse({ templateId, title: '网上预约上门', ...more })))
const speak = (id: string, customerId: string | null, words = '', more: Partial<Parameters<typeof speakFor>[2]> = {}) =>
  house.work(ctx => speakFor(ctx, id, { customerId, interactionId: null, from: null, words, ...more }))
const need = (id: string) => house.work(ctx => needById(ctx, id))
const voices = async (id: string, query: Parameters<typeof voicesOf>[2] = {}) => (await house.work(ctx => voicesOf(ctx, id, query))).rows
const answer = async (id: string, text = '已经可以', state: 'done' | 'planned' = 'done') => {
  const { version } = await need(id)
  await house.work(ctx => answerNeed(ctx, id, { state, text, tell: true, version }))
  await house.settle()
}
async function merge(keptId: string, goneId: string): Promise<string> {
  const versionOf = async (id: string) => (await house.work(ctx => oneCustomer(ctx, id))).version
  const asked = { keptId, goneId, keptVersion: await versionOf(keptId), goneVersion: await versionOf(goneId) }
  const { id } = await house.work(ctx => mergeCustomers(ctx, NewMerge.parse(asked)))
  await house.settle()
  return id
}

describe('two files of one customer', () => {
  test('are one voice once they are merged, and two again when taken apart', async () => {
    const [a, b, other] = [await customer({ name: '陆晚舟' }), await customer({ name: '陆晚洲' }), await customer()]
    const one = await capture({ customerId: a.id })
    await speak(one.id, b.id)
    await speak(one.id, other.id)
    expect((await need(one.id)).voices).toBe(3)
    const merged = await merge(a.id, b.id)
    expect((await need(one.id)).voices).toBe(2)
    // Both stand under the name of the file that is kept, and both files lead to the need.
    expect((await voices(one.id)).map(v => v.customerName).sort()).toEqual(['何建国', '陆晚舟', '陆晚舟'])
    for (const id of [a.id, b.id]) {
      const { rows } = await house.work(ctx => listNeeds(ctx, { customerId: id }))
      expect(rows.map(row => row.id)).toEqual([one.id])
    }
    await house.work(ctx => partCustomers(ctx, merged, { differ: true }))
    await house.settle()
    expect((await need(one.id)).voices).toBe(3)
  })

  test('say it again under the file that is kept, and the words are added to what the other file said', async () => {
    const [a, b] = [await customer({ name: '周敏' }), await customer({ name: '周敏敏' })]
    const one = await capture({ customerId: b.id, words: '早点有' })
    await merge(a.id, b.id)
    await speak(one.id, a.id, '周末也要')
    expect(await voices(one.id)).toMatchObject([{ words: '早点有\n周末也要', customerId: a.id }])
    expect((await need(one.id)).voices).toBe(1)
  })

  test('are found by the segment of the file that is kept', async () => {
    const [a, b] = [await customer({ name: '林念初', tags: ['会员甲'] }), await customer({ name: '林念初' })]
    const one = await capture({ customerId: b.id })
    await merge(a.id, b.id)
    const segment = await house.work(ctx =>
      addSegment(ctx, {
        name: '会员甲',
        nameEn: '',
        note: '',
        condition: { match: 'all', of: [{ field: 'tags', op: 'hasAny', value: ['会员甲'] }] },
      }),
    )
    const { rows } = await house.work(ctx => listNeeds(ctx, { segment: segment.id }))
    expect(rows.map(row => row.id)).toEqual([one.id])
  })
})

test('a customer who said both of two needs is one voice of the merged one, and one of each when they are parted', async () => {
  const { id } = await customer()
  const [a, b] = [await capture({ customerId: id, title: '短信报停' }), await capture({ customerId: id, title: '发短信就能报停' })]
  expect(await house.work(ctx => mergeNeeds(ctx, b.id, { intoId: a.id, version: 1 }))).toMatchObject({ voices: 1 })
  await speak(a.id, id, '还要回执')
  expect((await need(a.id)).voices).toBe(1)
  await house.work(ctx => partNeed(ctx, b.id))
  expect([(await need(a.id)).voices, (await need(b.id)).voices]).toEqual([1, 1])
})

describe('what is said in a contact', () => {
  const contact = (customerId: string | null) =>
    house.work(ctx =>
      openInteraction(ctx, { channel: 'phone', direction: 'in', customerId, source: '96116', subject: '', queueId: null, state: 'active' }),
    )

  test('is said by whoever the contact is with, found from the contact, and follows it to whoever that turns out to be', async () => {
    const [first, right] = [await customer({ name: '第一位' }), await customer({ name: '真正的' })]
    const { id: interactionId } = await contact(null)
    const one = await capture({ interactionId, words: '想自己选时间' })
    expect(await voices(one.id)).toMatchObject([{ customerId: null, interactionId }])
    for (const [who, name] of [
      [first, '第一位'],
      [right, '真正的'],
    ] as const) {
      await house.work(ctx => joinCustomer(ctx, interactionId, who.id))
      await house.settle()
      expect(await voices(one.id)).toMatchObject([{ customerName: name, words: '想自己选时间' }])
    }
    expect((await need(one.id)).voices).toBe(1)
    expect((await house.work(ctx => listNeeds(ctx, { from: interactionId }))).rows.map(row => row.id)).toEqual([one.id])
    const { rows } = await house.work(ctx => timelineOf(ctx, right.id, {}))
    expect(rows.map(row => row.name)).toContain('need.voiced')
    // Another contact of the same customer says nothing new: nobody is asked for.
    const { id: again } = await contact(right.id)
    await speak(one.id, null, '', { interactionId: again })
    expect((await need(one.id)).voices).toBe(1)
  })

  test('corrected, takes along only what was first said in it', async () => {
    const [right, wrong] = [await customer({ name: '说过的' }), await customer({ name: '另一位' })]
    const [{ id: first }, { id: second }] = [await contact(right.id), await contact(right.id)]
    const one = await capture({ interactionId: first, words: '上月说的' })
    await speak(one.id, null, '今天说的', { interactionId: second })
    await house.work(ctx => joinCustomer(ctx, second, wrong.id))
    await house.settle()
    expect(await voices(one.id)).toMatchObject([{ customerName: '说过的', words: '上月说的\n今天说的', interactionId: first }])
  })

  test('joins what the customer had said before', async () => {
    const { id } = await customer()
    const one = await capture({ customerId: id, words: '以前说的' })
    const { id: interactionId } = await contact(null)
    await speak(one.id, null, '这次说的', { interactionId })
    expect((await need(one.id)).voices).toBe(2)
    await house.work(ctx => joinCustomer(ctx, interactionId, id))
    await house.settle()
    expect((await need(one.id)).voices).toBe(1)
    expect(await voices(one.id)).toMatchObject([{ words: '以前说的\n这次说的', interactionId }])
  })
})

describe('answering back', () => {
  beforeAll(() => house.work(ctx => addProvider(ctx, provider('sms', { kind: 'practice' }))))
  let one: { id: string }
  let [yes, no, file] = ['', '', '']
  beforeEach(async () => {
    ;[yes, no, file] = [(await reachable()).id, (await reachable()).id, (await customer()).id]
    await house.work(ctx => leaveAlone(ctx, no, { on: true, until: null, reason: '不要打扰' }))
    one = await capture({ customerId: yes, title: `夜间抢修进度 ${phones}` })
    await speak(one.id, no)
    await speak(one.id, file)
    await speak(one.id, null, '路过的人说的')
  })
  const of = async (customerId: string) => (await voices(one.id)).find(v => v.customerId === customerId)

  test('goes through the outbox past the guard; whoever it does not reach stands there with the reason and may be told in person', async () => {
    await expect(house.work(async ctx => toldInPerson(ctx, (await voicesOf(ctx, one.id, {})).rows[0]?.id ?? ''))).rejects.toThrow(
      'need.not_answered',
    )
    await answer(one.id)
    expect(await of(yes)).toMatchObject({ untold: null, messageId: expect.any(String), messageState: expect.any(String) })
    expect(await of(no)).toMatchObject({ untold: 'do_not_disturb', messageId: null })
    expect(await of(file)).toMatchObject({ untold: 'no_address', messageId: null })
    expect(await house.work(ctx => askersOf(ctx, one.id))).toMatchObject({ customers: 3, told: 1, astray: 2, waiting: 0 })
    const unreached = await voices(one.id, { unreached: true })
    expect(unreached.map(v => v.customerId).sort()).toEqual([no, file].sort())
    expect(unreached.every(wentAstray)).toBe(true)

    await house.work(ctx => toldInPerson(ctx, unreached.find(v => v.customerId === file)?.id ?? ''))
    expect(await of(file)).toMatchObject({ untold: null, toldByName: expect.any(String) })
    expect((await voices(one.id, { unreached: true })).map(v => v.customerId)).toEqual([no])
    for (const [id, way] of [
      [yes, 'message'],
      [no, 'none'],
      [file, 'person'],
    ] as const) {
      const told = (await house.work(ctx => timelineOf(ctx, id, {}))).rows.find(row => row.name === 'need.told' && row.detail.way === way)
      expect(told, way).toMatchObject({ about: one.id, detail: { state: 'done', way } })
    }
  })

  test('the same answer again goes only to those whom it did not reach; another answer to all', async () => {
    await answer(one.id)
    const first = (await of(yes))?.messageId
    await house.house.control.query(`update messaging.outgoing set state = 'failed' where id = $1`, [first])
    expect(await of(yes)).toMatchObject({ messageState: 'failed' })
    await house.work(ctx => leaveAlone(ctx, no, { on: false, until: null, reason: '' }))
    await answer(one.id)
    const [second, other] = [(await of(yes))?.messageId, (await of(no))?.messageId]
    expect(second).not.toBe(first)
    expect(other).toEqual(expect.any(String))
    await answer(one.id)
    expect([(await of(yes))?.messageId, (await of(no))?.messageId]).toEqual([second, other])
    await answer(one.id, '推迟到明年', 'planned')
    expect((await of(no))?.messageId).not.toBe(other)
  })

  test('an answer that still waits when another is given is called off', async () => {
    await answer(one.id)
    const first = (await of(yes))?.messageId
    await house.house.control.query(
      `update messaging.outgoing set state = 'waiting', due_at = now() + interval '1 day', ended_at = null where id = $1`,
      [first],
    )
    await answer(one.id, '推迟到明年', 'planned')
    expect((await of(yes))?.messageId).not.toBe(first)
    const { rows } = await house.house.control.query('select state, ended_at is not null as over from messaging.outgoing where id = $1', [
      first,
    ])
    expect(rows).toEqual([{ state: 'cancelled', over: true }])
  })

  test('two files of one customer are told once', async () => {
    const again = await customer()
    await speak(one.id, again.id)
    await merge(yes, again.id)
    await answer(one.id)
    const told = (await voices(one.id)).filter(v => v.customerId === yes)
    expect(told.map(v => v.untold).sort()).toEqual([null, 'told_already'])
  })
})

test('who asked is counted by kind, tier and segment, each customer once', async () => {
  const tagged = { tags: ['抄表到户'] }
  const [p, q, firm] = [await customer({ tier: 'key', ...tagged }), await customer(), await customer({ kind: 'organisation', ...tagged })]
  const one = await capture({ customerId: p.id })
  for (const who of [q, firm]) await speak(one.id, who.id)
  await speak(one.id, null, '没留名')
  const [held] = await Promise.all(
    [['抄表到户'], ['没有人']].map(value =>
      house.work(ctx =>
        addSegment(ctx, {
          name: value[0] ?? '',
          nameEn: '',
          note: '',
          condition: { match: 'all', of: [{ field: 'tags', op: 'hasAny', value }] },
        }),
      ),
    ),
  )
  const askers = await house.work(ctx => askersOf(ctx, one.id))
  expect(askers).toMatchObject({
    customers: 3,
    kinds: [
      { key: 'person', count: 2 },
      { key: 'organisation', count: 1 },
    ],
    told: 0,
    astray: 0,
    waiting: 3,
  })
  expect(askers.tiers.reduce((sum, tier) => sum + tier.count, 0)).toBe(3)
  expect(askers.tiers).toContainEqual({ key: 'key', count: 1 })
  expect(askers.segments?.find(s => s.key === held?.id)).toMatchObject({ name: '抄表到户', count: 2 })
  expect(askers.segments?.map(s => s.name)).not.toContain('没有人')
})

test('its course tells what was decided, by whom, and with which other need it was merged; not each voice', async () => {
  const [a, b] = [await capture({ title: '账单写明阶梯' }), await capture({ title: '账单看得懂' })]
  await speak(a.id, (await customer()).id)
  let { version } = await house.work(ctx => moveNeed(ctx, a.id, { state: 'taken', version: 1 }))
  const departmentId = newId()
  await house.work(ctx => ctx.db.insertInto('identity.department').values({ id: departmentId, name: '产品部' }).execute())
  version = (await house.work(ctx => changeNeed(ctx, a.id, { departmentId, version }))).version
  await house.work(ctx => mergeNeeds(ctx, b.id, { intoId: a.id, version: 1 }))
  const course = await house.work(ctx => courseOf(ctx, b.id))
  expect(course.map(step => step.name)).toEqual(['need.merged', 'need.changed', 'need.moved', 'need.captured'])
  expect(course[0]).toMatchObject({ otherTitle: '账单看得懂', detail: { fromId: b.id, intoId: a.id } })
  expect(course[1]?.detail).toMatchObject({ departmentId })
  expect(course[2]?.detail).toEqual({ from: 'heard', to: 'taken' })
})
