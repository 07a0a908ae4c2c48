import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { NewMerge } from '#contract/duplicates.ts'
import { NewConsent } from '#contract/outgoing.ts'
import { leftAlone } from '#contract/privacy.ts'
import { mayReach } from '#domains/messaging/outgoing/guard.ts'
import { newId } from '#kernel/ids.ts'
import { heard } from '#testing/heard.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addCustomer } from './actions.ts'
import { mayCall, mustBeWelcome } from './calling.ts'
import { mergeCustomers } from './duplicates/merging.ts'
import { takeBatch } from './feed/batch.ts'
import { sayForOneself } from './ownWishes.ts'
import { addLeftAlone, listLeftAlone } from './privacy/leavingAlone.ts'
import { digestsOf } from './privacy/surviving.ts'
import { consentWords, leaveAlone, reachOf, recordConsent } from './reaching.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
  noon = new Date(`${new Date(house.now().getTime() + 3 * 86_400_000).toISOString().slice(0, 10)}T04:00:00Z`)
})
afterAll(() => house.close())

let n = 0
const add = async () => {
  n += 1
  const phone = `138000${String(10_000 + n)}`
  const { id } = await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: `客户 ${n}`, phone, email: `c${n}@water.cn` })))
  return { id, phone }
}
const say = (id: string, said: Record<string, unknown>) =>
  house.work(ctx =>
    recordConsent(ctx, id, NewConsent.parse({ purpose: 'marketing', channel: 'sms', given: true, source: 'form', proof: '', ...said })),
  )
/** Out of the quiet hours, some days from now. */
let noon = new Date(0)
const reaches = (customerId: string, channel: 'sms' | 'mail' = 'sms', at = noon) =>
  house.work(ctx => mayReach(ctx, { customerId, channel, purpose: 'marketing', at }))

describe('a word of consent', () => {
  test('stands with its proof, and every earlier one stays in the history', async () => {
    const { id } = await add()
    await say(id, { wording: '隐私政策 2.1', proof: '签名页 3' })
    await house.pass(60)
    await say(id, { given: false, source: 'phone' })
    await say(id, { channel: 'wechat' })
    const { consents } = await house.work(ctx => reachOf(ctx, id))
    expect(consents).toMatchObject([
      { channel: 'sms', given: false, source: 'phone', wording: '' },
      { channel: 'wechat', given: true },
    ])
    const words = await house.work(ctx => consentWords(ctx, id))
    expect(words.map(w => [w.channel, w.given, w.wording, w.proof])).toEqual(
      expect.arrayContaining([
        ['sms', true, '隐私政策 2.1', '签名页 3'],
        ['sms', false, '', ''],
        ['wechat', true, '', ''],
      ]),
    )
    expect(words).toHaveLength(3)
  })

  test('that was said before what stands is history and changes nothing', async () => {
    const { id } = await add()
    await say(id, { given: false })
    await say(id, { given: true, at: new Date(house.now().getTime() - 86_400_000).toISOString() })
    expect((await house.work(ctx => reachOf(ctx, id))).consents).toMatchObject([{ given: false }])
    expect(await house.work(ctx => consentWords(ctx, id))).toMatchObject([{ given: false }, { given: true }])
  })

  test('points at a file and a contact of that customer, and of nobody else', async () => {
    const { id } = await add()
    await expect(say(id, { keptId: newId() })).rejects.toThrow('file.not_found')
    await expect(say(id, { interactionId: newId() })).rejects.toThrow('interaction.not_found')
    await expect(say(id, { until: new Date(house.now().getTime() - 1).toISOString() })).rejects.toThrow('consent.over_already')
    await expect(say(id, { at: new Date(house.now().getTime() + 60_000).toISOString() })).rejects.toThrow('consent.future')
  })

  test('of their own that stood for a time alone stands for good; said again it is not written twice', async () => {
    const { id } = await add()
    await say(id, { given: false, until: new Date(noon.getTime() + 60_000).toISOString() })
    const declines = () => house.work(ctx => sayForOneself(ctx, id, { purpose: 'marketing', channel: 'sms', given: false, proof: 'TD' }))
    await declines()
    await declines()
    expect((await house.work(ctx => reachOf(ctx, id))).consents).toMatchObject([{ given: false, until: null, proof: 'TD' }])
    expect(await house.work(ctx => consentWords(ctx, id))).toHaveLength(2)
  })

  test('is read of both files once they are one', async () => {
    const [kept, gone] = [await add(), await add()]
    await say(gone.id, { proof: '从另一份来' })
    await house.work(ctx => mergeCustomers(ctx, NewMerge.parse({ keptId: kept.id, goneId: gone.id, keptVersion: 1, goneVersion: 1 })))
    expect(await house.work(ctx => consentWords(ctx, kept.id))).toMatchObject([{ proof: '从另一份来' }])
  })

  test('comes in a batch, and the same again writes nothing', async () => {
    const item = {
      extId: 'crm-c',
      name: '批',
      consents: [{ purpose: 'survey', channel: 'phone', given: false, source: 'import', proof: 'CRM 7' }],
    }
    const did = async () => (await house.work(ctx => takeBatch(ctx, [item]))).results[0]
    const { id } = (await did()) ?? {}
    expect((await did())?.did).toBe('same')
    expect(await house.work(ctx => consentWords(ctx, id ?? ''))).toMatchObject([{ channel: 'phone', given: false, proof: 'CRM 7' }])
    Object.assign(item.consents[0] ?? {}, { given: true })
    expect((await did())?.did).toBe('changed')
  })

  test('that another system says every night does not take back what the customer said since, nor do two files that became one', async () => {
    const consent = (given: boolean, proof: string) => ({ purpose: 'marketing', channel: 'sms', given, source: 'contract', proof })
    const nightly = ['night-a', 'night-b'].map((extId, n) => ({ extId, name: '夜', consents: [consent(n === 0, `C-1${n}`)] }))
    const did = async () => {
      await house.pass(60)
      return (await house.work(ctx => takeBatch(ctx, nightly))).results
    }
    const [a, b] = (await did()).map(one => one.id ?? '')
    await house.pass(60)
    await house.work(ctx => sayForOneself(ctx, a ?? '', { purpose: 'marketing', channel: 'sms', given: false, proof: '退订' }))
    expect((await did()).map(one => one.did)).toEqual(['same', 'same'])
    const stands = async () => (await house.work(ctx => reachOf(ctx, a ?? ''))).consents
    expect(await stands()).toMatchObject([{ given: false, source: 'message' }])
    await house.work(ctx => mergeCustomers(ctx, NewMerge.parse({ keptId: a, goneId: b, keptVersion: 1, goneVersion: 1 })))
    expect((await did()).map(one => one.did)).toEqual(['same', 'same'])
    expect(await house.work(ctx => consentWords(ctx, a ?? ''))).toHaveLength(3)
    // What it says otherwise than before is news, whatever else it repeats.
    nightly[1]?.consents.push(consent(true, 'C-12'), consent(false, 'C-12'), consent(true, 'C-12'))
    expect((await did()).map(one => one.did)).toEqual(['same', 'changed'])
    expect(await stands()).toMatchObject([{ given: true, proof: 'C-12' }])
  })

  test('comes in a batch with few statements, however many they are of', async () => {
    const items = Array.from({ length: 40 }, (_, n) => ({
      extId: `many-${n}`,
      name: `多 ${n}`,
      consents: ['mail', 'phone', 'app'].map(channel => ({ purpose: 'notice', channel, given: true, source: 'import', proof: `${n}` })),
    }))
    const said = await heard(() => house.work(ctx => takeBatch(ctx, items)))
    expect(said.filter(({ text }) => text.includes('consent'))).toHaveLength(1)
    const { rows } = await house.house.control.query(`select 1 from customers.consent where purpose = 'notice' and channel = 'app'`)
    expect(rows).toHaveLength(40)
  })
})

describe('whoever asks before reaching them', () => {
  test('a yes holds for its channel alone, and for its time', async () => {
    const { id } = await add()
    expect(await reaches(id)).toMatchObject({ may: false, reason: 'no_consent' })
    await say(id, { until: new Date(noon.getTime() + 60_000).toISOString() })
    expect(await reaches(id)).toEqual({ may: true })
    expect(await reaches(id, 'mail')).toMatchObject({ reason: 'no_consent' })
    expect(await reaches(id, 'sms', new Date(noon.getTime() + 60_000))).toMatchObject({ reason: 'no_consent' })
  })

  test('a call of our own needs a yes for marketing, and no no for a survey', async () => {
    const { id } = await add()
    const may = (purpose: 'marketing' | 'survey') => house.work(ctx => mayCall(ctx, id, purpose))
    expect([await may('marketing'), await may('survey')]).toEqual([
      { may: false, reason: 'no_consent' },
      { may: true, reason: null },
    ])
    await say(id, { channel: 'phone' })
    await say(id, { channel: 'phone', purpose: 'survey', given: false })
    expect([await may('marketing'), await may('survey')]).toEqual([
      { may: true, reason: null },
      { may: false, reason: 'consent_declined' },
    ])
    await house.work(ctx => leaveAlone(ctx, id, { on: true, until: null, reason: '' }))
    expect(await may('marketing')).toEqual({ may: false, reason: 'do_not_disturb' })
  })

  test('the register by number counts for whoever has it, also for nobody', async () => {
    const { id, phone } = await add()
    await house.work(ctx => addLeftAlone(ctx, leftAlone.add.body.parse({ values: [phone] })))
    expect(await house.work(ctx => mayCall(ctx, id, 'notice'))).toEqual({ may: false, reason: 'do_not_disturb' })
    const called = { customerId: null, phone: `+86${phone}`, purpose: 'survey' as const }
    await expect(house.work(ctx => mustBeWelcome(ctx, called))).rejects.toThrow('call.do_not_disturb')
  })

  test('what an erased person declined under a number others share counts for whoever comes back by that name', async () => {
    const phone = '13800099001'
    const named = (name: string) => house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name, phone })))
    const [back, mate] = [await named('钟 晓禾'), await named('钟父')]
    await house.work(async ctx => {
      const [, digest] = digestsOf(ctx, `+86${phone}`, '钟晓禾')
      await sql`insert into customers.left_alone (tenant_id, id, digest, purpose, channel, value, source, since)
        values (${ctx.tenantId}, ${newId()}, ${digest}, 'survey', 'phone', null, 'erased', ${ctx.now})`.execute(ctx.db)
    })
    const may = (id: string) => house.work(ctx => mayCall(ctx, id, 'survey'))
    expect(await may(back.id)).toEqual({ may: false, reason: 'consent_declined' })
    expect(await may(mate.id)).toEqual({ may: true, reason: null })
  })

  test('who is in the register for a time is entered anew for longer, and never for shorter', async () => {
    const { id, phone } = await add()
    const enter = (days: number | null) =>
      house.work(ctx =>
        addLeftAlone(ctx, {
          values: [phone],
          reason: `${days}`,
          until: days === null ? null : new Date(ctx.now.getTime() + days * 86_400_000),
        }),
      )
    const may = async () => (await house.work(ctx => mayCall(ctx, id, 'notice'))).may
    expect(await enter(1)).toMatchObject({ added: 1, known: 0 })
    await house.pass(2 * 1440)
    expect(await may()).toBe(true)
    expect(await enter(3)).toMatchObject({ added: 1, known: 0 })
    expect(await may()).toBe(false)
    expect(await enter(2)).toMatchObject({ added: 0, known: 1 })
    expect(await enter(null)).toMatchObject({ added: 1, known: 0 })
    expect(await enter(9)).toMatchObject({ added: 0, known: 1 })
    expect((await house.work(ctx => listLeftAlone(ctx, { q: phone }))).rows).toMatchObject([{ until: null, reason: 'null' }])
  })
})
