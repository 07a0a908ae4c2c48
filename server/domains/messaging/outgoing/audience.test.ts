import { afterAll, beforeAll, expect, test } from 'vitest'
import { Condition } from '#contract/conditions.ts'
import { NewCustomer } from '#contract/customers.ts'
import type { Audience, NewNotice } from '#contract/outgoing.ts'
import { addCustomer, addSegment } from '#domains/customers/index.ts'
import { newId } from '#kernel/ids.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { provider } from '#testing/outgoing.ts'
import { changeCustomer } from '../../customers/actions.ts'
import { recordConsent } from '../../customers/reaching.ts'
import { cancelNotice, oneNotice, previewNotice, sendNotice } from './notices.ts'
import { listOutbox } from './outbox.ts'
import { addProvider } from './providers.ts'
import { newSender } from './sender.ts'

let house: TestHouse
let sender: ReturnType<typeof newSender>
const people: { id: string; number: string }[] = []
let segment = ''
beforeAll(async () => {
  house = await openHouse()
  sender = newSender(house.house)
  await house.work(ctx => addProvider(ctx, provider('mail', { kind: 'practice' })))
  for (let n = 0; n < 5; n++)
    people.push(
      await house.work(ctx =>
        addCustomer(ctx, NewCustomer.parse({ name: `户 ${n}`, email: `s${n}@example.com`, tags: n < 4 ? ['停水区'] : [], tier: n === 0 ? 'gold' : 'normal' })),
      ), // biome-ignore format: a customer
    )
  const condition = Condition.parse({ of: [{ field: 'tags', op: 'hasAny', value: ['停水区'] }] })
  segment = (await house.work(ctx => addSegment(ctx, { name: '停水区', nameEn: '', note: '', condition }))).id
})
afterAll(async () => {
  await sender.stop()
  await house.close()
})

const notice = (audience: Audience): NewNotice => ({
  name: '停水',
  channel: 'mail',
  template: 'notice',
  language: 'zh',
  variables: { title: '停水', content: '明天' },
  audience,
})
const preview = (audience: Audience) => house.work(ctx => previewNotice(ctx, notice(audience)))
const sentTo = async (noticeId: string) => (await house.work(ctx => listOutbox(ctx, { noticeId }))).rows.map(m => m.customerId).sort()
const ids = (...at: number[]) => at.map(n => people[n]?.id ?? '').sort()
const held = async () => (await house.house.control.query('select 1 from customers.segment_held')).rows.length

test('a notice to a segment is for those who are in it when it is sent, past the guard like any other', async () => {
  const declined = people[3]?.id ?? ''
  await house.work(ctx => recordConsent(ctx, declined, { purpose: 'notice', channel: 'mail', given: false, source: 'phone', proof: '' }))
  expect(await preview({ segment })).toMatchObject({ chosen: 4, bounded: false, reasons: [{ reason: 'consent_declined', n: 1 }] })
  expect(await preview({ segment, tier: 'gold' })).toMatchObject({ chosen: 1 })

  const { id } = await house.work(ctx => sendNotice(ctx, notice({ segment })))
  // Before anybody gathers: one leaves the segment, another comes.
  const tagged = (n: number, tags: string[]) => house.work(ctx => changeCustomer(ctx, people[n]?.id ?? '', { version: 1, tags }))
  await tagged(1, [])
  await tagged(4, ['停水区'])
  expect(await held()).toBe(4)
  await sender.drain(house.tenantId)
  expect(await sentTo(id)).toEqual(ids(0, 1, 2, 3))
  expect((await house.work(ctx => oneNotice(ctx, id))).counts).toMatchObject({ refused: 1 })
  expect(await held()).toBe(0)
  expect(await preview({ segment })).toMatchObject({ chosen: 4 })
})

test('a notice that is called off lets its segment go, and numbers are not mixed with one', async () => {
  const { id } = await house.work(ctx => sendNotice(ctx, notice({ segment })))
  expect(await held()).toBe(4)
  await house.work(ctx => cancelNotice(ctx, id))
  expect(await held()).toBe(0)
  const send = (audience: Audience) => house.work(ctx => sendNotice(ctx, notice(audience)))
  await expect(send({ segment, numbers: [people[0]?.number ?? ''] })).rejects.toMatchObject({ code: 'notice.audience_mixed' })
  await expect(send({ segment: newId() })).rejects.toMatchObject({ code: 'segment.not_found' })
})
