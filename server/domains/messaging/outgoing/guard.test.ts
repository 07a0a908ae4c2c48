import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Purpose } from '#contract/outgoing.ts'
import { addCustomer } from '#domains/customers/index.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { provider } from '#testing/outgoing.ts'
import { leaveAlone, recordConsent } from '../../customers/reaching.ts'
import { mayReach } from './guard.ts'
import { knownOf } from './known.ts'
import { cancelNotice, oneNotice, previewNotice, sendNotice } from './notices.ts'
import { listOutbox } from './outbox.ts'
import { changePolicy } from './policy.ts'
import { addProvider } from './providers.ts'
import { firstPolicy } from './rules.ts'
import { sendMessage } from './send.ts'
import { newSender } from './sender.ts'

let house: TestHouse
let senders: ReturnType<typeof newSender>[]
const policy = {
  ...firstPolicy,
  quietFrom: 0,
  quietTo: 0,
  caps: { day: 2, week: 5, mailDay: null, mailWeek: null, smsDay: null, smsWeek: null },
}
beforeAll(async () => {
  house = await openHouse()
  senders = Array.from({ length: 16 }, () => newSender(house.house))
  await house.work(ctx => changePolicy(ctx, policy))
  await house.work(ctx => addProvider(ctx, provider('sms', { kind: 'practice' })))
  await house.work(ctx => addProvider(ctx, provider('mail', { kind: 'practice' })))
})
afterAll(async () => {
  await Promise.all(senders.map(s => s.stop()))
  await house.close()
})
let n = 0
const customer = (district = '') =>
  house.work(ctx =>
    addCustomer(ctx, {
      name: '顾盼', kind: 'person', tier: 'normal', phone: `1380000${String(++n).padStart(4, '0')}`, email: `k${n}@example.com`, address: '', district, postCode: '', note: '', tags: [], care: [],
    }),
  ) // biome-ignore format: a customer
const notice = (customerId: string, channel: 'mail' | 'sms' = 'sms') =>
  house.work(ctx =>
    sendMessage(ctx, { channel, purpose: 'notice', template: 'notice', variables: { title: '停水', content: '明天' }, customerId }),
  )
const sentOf = async (customerId: string) =>
  (await house.work(ctx => listOutbox(ctx, { customerId, size: 200 }))).rows.filter(m => m.state === 'delivered' || m.state === 'handed')
    .length

test('the cap is never passed by sixteen who send at the same moment', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ who: fc.nat(2), channel: fc.constantFrom('mail' as const, 'sms' as const) }), { minLength: 6, maxLength: 24 }),
      async plan => {
        const people = [await customer(), await customer(), await customer()]
        await Promise.all(plan.map(({ who, channel }) => notice(people[who]?.id ?? '', channel)))
        await Promise.all(senders.map(s => s.drain(house.tenantId)))
        for (const [who, person] of people.entries())
          expect(await sentOf(person.id)).toBe(Math.min(policy.caps.day, plan.filter(p => p.who === who).length))
      },
    ),
    { numRuns: 8 },
  )
}, 120_000)

test('what was refused says why, and a new day has new places', async () => {
  const { id } = await customer()
  for (let i = 0; i < 3; i++) await notice(id)
  await senders[0]?.drain(house.tenantId)
  const refused = (await house.work(ctx => listOutbox(ctx, { customerId: id, state: 'refused' }))).rows
  expect(refused.map(m => m.reason)).toEqual(['cap_day'])
  expect(await house.work(ctx => mayReach(ctx, { customerId: id, channel: 'sms', purpose: 'notice' }))).toMatchObject({
    may: false,
    reason: 'cap_day',
  })
  expect(await house.work(ctx => mayReach(ctx, { customerId: id, channel: 'sms', purpose: 'ticket' }))).toEqual({ may: true })
  const tomorrow = new Date(house.now().getTime() + 86_400_000)
  expect(await house.work(ctx => mayReach(ctx, { customerId: id, channel: 'sms', purpose: 'notice', at: tomorrow }))).toEqual({ may: true })
})

test('consent, its withdrawal and being left alone are obeyed at the moment of sending', async () => {
  const { id } = await customer()
  const may = async (purpose: Purpose) => {
    const verdict = await house.work(ctx => mayReach(ctx, { customerId: id, channel: 'sms', purpose }))
    return verdict.may || verdict.reason
  }
  expect(await may('marketing')).toBe('no_consent')
  await house.work(ctx =>
    recordConsent(ctx, id, { purpose: 'marketing', channel: 'sms', given: true, source: 'counter', proof: '柜台签字 0618' }),
  )
  expect(await may('marketing')).toBe(true)
  await notice(id)
  await house.work(ctx => leaveAlone(ctx, id, { on: true, until: null, reason: '来电要求' }))
  await senders[0]?.drain(house.tenantId)
  expect((await house.work(ctx => listOutbox(ctx, { customerId: id }))).rows[0]).toMatchObject({
    state: 'refused',
    reason: 'do_not_disturb',
  })
  expect(await may('ticket')).toBe(true)
  await house.work(ctx => leaveAlone(ctx, id, { on: false, until: null, reason: '' }))
  await house.work(ctx => recordConsent(ctx, id, { purpose: 'notice', channel: 'sms', given: false, source: 'phone', proof: '' }))
  expect(await may('notice')).toBe('consent_declined')
})

test('quiet hours hold and let go by themselves', async () => {
  const { id } = await customer()
  const minute = (house.now().getUTCHours() * 60 + house.now().getUTCMinutes() + 8 * 60) % 1440
  await house.work(ctx => changePolicy(ctx, { ...policy, quietFrom: minute, quietTo: (minute + 60) % 1440 }))
  await notice(id)
  await senders[0]?.drain(house.tenantId)
  expect((await house.work(ctx => listOutbox(ctx, { customerId: id }))).rows[0]).toMatchObject({ state: 'waiting', reason: 'quiet_hours' })
  await house.work(ctx => changePolicy(ctx, policy))
  await house.pass(61)
  await senders[0]?.drain(house.tenantId)
  expect(await sentOf(id)).toBe(1)
})

test('a notice goes to all who may be reached, says why not to the others, and each is asked once', async () => {
  const district = '海棠里'
  const people = await Promise.all(Array.from({ length: 30 }, () => customer(district)))
  for (const p of people.slice(0, 5)) await house.work(ctx => leaveAlone(ctx, p.id, { on: true, until: null, reason: '' }))
  const asked = {
    channel: 'sms' as const,
    template: 'notice',
    language: 'zh' as const,
    variables: { title: '计划停水', content: '明天九点' },
    audience: { district },
  }
  expect((await house.work(knownOf)).districts).toContain(district)
  expect(await house.work(ctx => previewNotice(ctx, asked))).toMatchObject({
    chosen: 30,
    reached: 25,
    reasons: [{ reason: 'do_not_disturb', n: 5 }],
    segments: 1,
  })
  const { id } = await house.work(ctx => sendNotice(ctx, { ...asked, name: '停水通知' }))
  await Promise.all(senders.map(s => s.drain(house.tenantId)))
  await senders[0]?.drain(house.tenantId)
  expect(await house.work(ctx => oneNotice(ctx, id))).toMatchObject({
    state: 'done',
    total: 30,
    text: '计划停水：明天九点',
    counts: { delivered: 25, refused: 5 },
    reasons: [{ reason: 'do_not_disturb', n: 5 }],
  })
  await expect(house.work(ctx => cancelNotice(ctx, id))).rejects.toMatchObject({ code: 'notice.over' })
  expect(await house.said('notice.ended')).toHaveLength(1)
  await expect(house.work(ctx => sendNotice(ctx, { ...asked, name: 'x', variables: { title: 'x' } }))).rejects.toMatchObject({
    code: 'template.variable_missing',
  })
})
