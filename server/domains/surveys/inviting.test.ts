import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { carriers } from '#adapters/carriers.ts'
import { NewCustomer } from '#contract/customers.ts'
import type { Inviting } from '#contract/invitations.ts'
import { NewTicket } from '#contract/tickets.ts'
import { addCustomer } from '#domains/customers/index.ts'
import { leaveAlone, recordConsent } from '#domains/customers/reaching.ts'
import { markAnswered, markEnded, openInteraction } from '#domains/interactions/index.ts'
import { changePolicy } from '#domains/messaging/outgoing/policy.ts'
import { lendCarriers } from '#domains/messaging/outgoing/ports.ts'
import { addProvider } from '#domains/messaging/outgoing/providers.ts'
import { firstPolicy } from '#domains/messaging/outgoing/rules.ts'
import { newSender } from '#domains/messaging/outgoing/sender.ts'
import { addSuppression } from '#domains/messaging/outgoing/suppressions.ts'
import { closeTicket, resolveTicket } from '#domains/tickets/actions/steps.ts'
import { openTicket } from '#domains/tickets/index.ts'
import { makeView } from '#domains/views/actions.ts'
import { countEverywhere } from '#domains/views/counting.ts'
import { listViews } from '#domains/views/queries.ts'
import { newId } from '#kernel/ids.ts'
import { asSystem } from '#kernel/react.ts'
import { openColleagues } from '#testing/colleagues.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { provider } from '#testing/outgoing.ts'
import { setTheTable } from '#testing/tickets.ts'
import { recordRating } from './actions.ts'
import { listInvitations } from './invitations.ts'
import { follow, setInviting } from './inviting.ts'
import { csat, listRatings } from './queries.ts'
import { isDrawn, standardInviting } from './rules.ts'

let house: TestHouse
let table: Awaited<ReturnType<typeof setTheTable>>
let sender: ReturnType<typeof newSender>
/** What left the house, by its address. */
const sent = new Map<string, string>()
const all: Inviting = {
  ...standardInviting,
  contacts: { ...standardInviting.contacts, on: true },
  tickets: { ...standardInviting.tickets, on: true },
  pauseDays: 0,
}
beforeAll(async () => {
  house = await openHouse()
  table = await setTheTable(house)
  lendCarriers({
    ...carriers,
    practice: {
      ...carriers.practice,
      open: () => ({
        send: async envelopes =>
          envelopes.map(e => {
            sent.set(e.address, e.text)
            return { state: 'delivered', ref: e.id }
          }),
        close: async () => {},
      }),
    },
  })
  sender = newSender(house.house)
  await house.work(async ctx => {
    await changePolicy(ctx, { ...firstPolicy, quietFrom: 0, quietTo: 0, linkBase: 'https://kf.example.cn' })
    await addProvider(ctx, provider('sms', { kind: 'practice' }))
    await addProvider(ctx, provider('mail', { kind: 'practice' }))
  })
})
afterAll(async () => {
  await sender.stop()
  lendCarriers(carriers)
  await house.close()
})

let n = 0
const customer = (more: { phone?: string; email?: string } = { phone: `1371234${String(++n).padStart(4, '0')}` }) =>
  house.work(async ctx => (await addCustomer(ctx, NewCustomer.parse({ name: '周敏', ...more }))).id)
const contact = (customerId: string | null, queueId: string | null = null) =>
  house.work(async ctx => {
    const { id } = await openInteraction(ctx, {
      channel: 'phone', direction: 'in', customerId, queueId, subject: '无水', source: 'line', state: 'waiting',
    }) // biome-ignore format: one call
    await markAnswered(ctx, id, newId())
    await markEnded(ctx, id)
    return id
  })
const ticket = async (customerId: string) => {
  const id = await house.work(async ctx => {
    const { id } = await openTicket(ctx, NewTicket.parse({ kindId: table.ids.repair, title: '海棠里 3 幢无水', customerId }))
    await resolveTicket(ctx, id, { text: '已恢复' })
    await closeTicket(ctx, id, { text: '已恢复' })
    return id
  })
  return id
}
/** Time passes until they are asked, and what is to go out goes. */
const later = async () => {
  await house.settle()
  await house.pass(61)
  await house.settle()
  await sender.drain(house.tenantId)
  await house.settle()
}
const policy = (more: Partial<Inviting> = {}) => house.work(ctx => setInviting(ctx, { ...all, ...more }))
const invitationOf = async (id: string) =>
  (await house.work(ctx => listInvitations(ctx, { size: 200 }))).rows.find(i => i.interactionId === id || i.ticketId === id)
const tokenFor = async (customerId: string) => {
  const phone = await house.work(ctx =>
    ctx.db.selectFrom('customers.customer').select(['phone', 'email']).where('id', '=', customerId).executeTakeFirstOrThrow(),
  )
  const text = sent.get(phone.phone ?? phone.email ?? '') ?? ''
  return /https:\/\/kf\.example\.cn\/survey#(\S+)/.exec(text)?.[1] ?? ''
}
const call = async (token: string, body?: object) => {
  const reply = await house.app.inject({
    method: body ? 'POST' : 'GET',
    url: `/api/invitation${body ? '/answer' : ''}`,
    headers: { authorization: `Bearer ${token}` },
    ...(body ? { payload: body } : {}),
  })
  return { status: reply.statusCode, json: reply.json<Record<string, unknown>>() }
}

describe('after a contact', () => {
  test('the customer is asked by short message and answers once; it becomes the rating of the contact, a low one with its task', async () => {
    await policy()
    const who = await customer()
    const id = await contact(who)
    await later()
    expect(await invitationOf(id)).toMatchObject({ state: 'sent', channel: 'sms', reason: null, customerName: '周敏', score: null })
    const token = await tokenFor(who)
    const looked = await call(token)
    expect(looked).toMatchObject({ status: 200, json: { state: 'open', score: null } })
    expect(String(looked.json.matter)).toMatch(/^\d+ 月 \d+ 日的来电$/)
    expect(String(looked.json.matterEn)).toMatch(/^Your call of \d+ [A-Z][a-z]+$/)
    expect(await call(token, { score: 6, words: '' })).toMatchObject({ status: 400 })
    const both = await Promise.all([call(token, { score: 2, words: '等太久' }), call(token, { score: 5 })])
    expect(both.map(r => r.status).sort()).toEqual([200, 409])
    const { rows } = await house.work(ctx => listRatings(ctx, { size: 200 }))
    const rating = rows.filter(r => r.interactionId === id)
    expect(rating).toHaveLength(1)
    expect(await call(token)).toMatchObject({ json: { state: 'answered', score: rating[0]?.score } })
    expect((await call(token, { score: 1 })).json).toMatchObject({ code: 'invitation.answered' })
    expect(await invitationOf(id)).toMatchObject({ state: 'answered', score: rating[0]?.score })
    expect(
      await house.work(ctx => ctx.db.selectFrom('interactions.interaction').select('rating').where('id', '=', id).executeTakeFirst()),
    ).toEqual({
      rating: rating[0]?.score,
    })
  })

  test('whoever rated the chat meanwhile is not asked, nor asked twice', async () => {
    const [early, late] = [await customer(), await customer()]
    const [before, after] = [await contact(early), await contact(late)]
    const rating = { ticketId: null, agentId: null, queueId: null, score: 4, words: '' }
    await house.work(ctx => recordRating(ctx, { ...rating, interactionId: before, customerId: early }))
    await later()
    expect(await invitationOf(before)).toBeUndefined()
    await house.work(ctx => recordRating(ctx, { ...rating, interactionId: after, customerId: late }))
    expect(await call(await tokenFor(late))).toMatchObject({ json: { state: 'answered', score: 4 } })
  })

  test('the link is over after its days; a wrong one opens nothing', async () => {
    const who = await customer()
    await contact(who)
    await later()
    const token = await tokenFor(who)
    for (const wrong of [
      `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`,
      token.replace(house.tenantId.replaceAll('-', ''), house.otherTenantId.replaceAll('-', '')),
      'x',
    ])
      expect((await call(wrong)).json, wrong).toMatchObject({ code: 'access.link_invalid' })
    await house.pass(7 * 24 * 60)
    expect(await call(token)).toMatchObject({ status: 200, json: { state: 'expired' } })
    expect(await call(token, { score: 5 })).toMatchObject({ status: 410, json: { code: 'invitation.over' } })
  })
})

describe('who is not asked', () => {
  test('of other queues, of other people, of nobody known', async () => {
    const queue = newId()
    await policy({ contacts: { ...all.contacts, queueIds: [queue] } })
    const [here, elsewhere, nobody] = [await contact(await customer(), queue), await contact(await customer()), await contact(null, queue)]
    await later()
    expect((await invitationOf(here))?.state).toBe('sent')
    expect([await invitationOf(elsewhere), await invitationOf(nobody)]).toEqual([undefined, undefined])
    await policy({ contacts: { ...all.contacts, on: false } })
    const off = await contact(await customer())
    await later()
    expect(await invitationOf(off)).toBeUndefined()
  })

  test('each refusal stands there with its reason', async () => {
    await policy()
    const [declined, undisturbed, without, suppressed, byMail] = [
      await customer(), await customer(), await customer({}), await customer(), await customer({ email: 'zhou@example.cn' }),
    ] // biome-ignore format: one line of people
    await house.work(async ctx => {
      await recordConsent(ctx, declined, { purpose: 'survey', channel: 'sms', given: false, source: 'phone', proof: '' })
      await leaveAlone(ctx, undisturbed, { on: true, until: null, reason: '' })
      const row = await ctx.db.selectFrom('customers.customer').select('phone').where('id', '=', suppressed).executeTakeFirstOrThrow()
      await addSuppression(ctx, { channel: 'sms', address: row.phone ?? '', detail: '' })
    })
    const ids: string[] = []
    for (const who of [declined, undisturbed, without, suppressed, byMail]) ids.push(await contact(who))
    await later()
    const stands = []
    for (const id of ids) stands.push(await invitationOf(id))
    expect(stands.map(i => `${i?.state} ${i?.reason ?? i?.channel}`)).toEqual([
      'refused consent_declined',
      'refused do_not_disturb',
      'refused no_address',
      'refused suppressed',
      'sent mail',
    ])
    expect((await house.said('invitation.refused')).map(e => e.reason)).toEqual(
      expect.arrayContaining(['consent_declined', 'do_not_disturb', 'no_address', 'suppressed']),
    )
  })

  test('what the guard refuses when it was to go stands there too', async () => {
    const who = await customer()
    const id = await contact(who)
    await house.settle()
    await house.pass(61)
    await house.settle()
    expect((await invitationOf(id))?.state).toBe('sent')
    await house.work(ctx => leaveAlone(ctx, who, { on: true, until: null, reason: '' }))
    await sender.drain(house.tenantId)
    await house.settle()
    expect(await invitationOf(id)).toMatchObject({ state: 'refused', reason: 'do_not_disturb' })
    // Nobody reached them: the pause does not count it.
    await policy({ pauseDays: 30 })
    await house.work(ctx => leaveAlone(ctx, who, { on: false, until: null, reason: '' }))
    const next = await contact(who)
    await later()
    expect((await invitationOf(next))?.state).toBe('sent')
  })

  test('kept counts of views follow them, also when what was refused goes out after all and is answered', async () => {
    await policy()
    const { person } = await openColleagues(house)
    const boss = { ...house.user(), id: (await person('头', 'supervisor')).id }
    const views = [{}, { state: 'sent' }, { state: 'refused' }, { state: 'answered' }] as const
    const made: { query: (typeof views)[number]; id: string }[] = []
    for (const query of views) {
      const view = { list: 'invitations', name: '视图', share: 'private' as const, shareId: null, query, columns: null, pinned: true }
      made.push({ query, id: (await house.work(ctx => makeView(ctx, view), boss)).id })
    }
    const countsHold = async () => {
      await house.pass(1)
      await house.settle()
      await countEverywhere(house.house)
      const kept = new Map((await house.work(ctx => listViews(ctx, 'invitations'), boss)).map(v => [v.id, v.count]))
      for (const { query, id } of made) {
        const { rows } = await house.work(ctx => listInvitations(ctx, { ...query, size: 200 }))
        expect(kept.get(id), JSON.stringify(query)).toBe(rows.length)
      }
    }
    await countsHold()
    const who = await customer()
    const id = await contact(who)
    await house.settle()
    await house.pass(61)
    await house.settle()
    await countsHold()
    await house.work(ctx => leaveAlone(ctx, who, { on: true, until: null, reason: '' }))
    await sender.drain(house.tenantId)
    await countsHold()
    expect(await invitationOf(id)).toMatchObject({ state: 'refused' })
    // Another way out has taken it after all.
    const { messageId } = await house.work(ctx =>
      ctx.db.selectFrom('surveys.invitation').select('messageId').where('interactionId', '=', id).executeTakeFirstOrThrow(),
    )
    await house.work(ctx => follow(ctx, messageId ?? '', null))
    await countsHold()
    expect(await invitationOf(id)).toMatchObject({ state: 'sent', reason: null })
    const other = await customer()
    const answered = await contact(other)
    await later()
    await call(await tokenFor(other), { score: 5 })
    await countsHold()
    expect(await invitationOf(answered)).toMatchObject({ state: 'answered' })
  })

  test('of one customer only one within the pause, however many end at once', async () => {
    await policy({ pauseDays: 30 })
    const who = await customer()
    const ids = [await contact(who), await contact(who), await ticket(who)]
    await later()
    const stands = []
    for (const id of ids) stands.push((await invitationOf(id))?.reason ?? 'asked')
    expect(stands.sort()).toEqual(['asked', 'asked_recently', 'asked_recently'])
  })

  test('the share that is drawn', () => {
    const ids = Array.from({ length: 65536 }, (_, n) => n.toString(16).padStart(4, '0'))
    for (const share of [1, 25, 100])
      expect(Math.abs(ids.filter(id => isDrawn(id, share)).length / 65536 - share / 100)).toBeLessThan(0.0001)
  })
})

describe('after a ticket', () => {
  test('closed, its customer is asked once; the answer is the rating of the ticket', async () => {
    await policy()
    const who = await customer()
    const id = await ticket(who)
    await later()
    expect(await invitationOf(id)).toMatchObject({ state: 'sent', ticketId: id })
    const token = await tokenFor(who)
    expect((await call(token, { score: 1, words: '来了三次' })).status).toBe(200)
    const { rows } = await house.work(ctx => listRatings(ctx, { size: 200 }))
    const rating = rows.find(r => r.ticketId === id)
    expect(rating).toMatchObject({ score: 1, words: '来了三次', interactionId: null, customerId: who })
    const task = await house.work(ctx =>
      ctx.db
        .selectFrom('tasks.task')
        .selectAll()
        .where('id', '=', rating?.taskId ?? '')
        .executeTakeFirst(),
    )
    expect(task).toMatchObject({ kind: 'winback', matterNoun: 'ticket', matterId: id, text: '来了三次' })
    expect((await house.said('rating.given')).at(-1)).toMatchObject({ ticketId: id, interactionId: null })
  })
})

test('the response rate counts whoever was invited', async () => {
  const before = await house.work(ctx => csat(ctx))
  const who = await customer()
  await contact(who)
  await later()
  expect((await house.work(ctx => csat(ctx))).asked).toBe(before.asked + 1)
})

test('another organisation sees none of it', async () => {
  const rows = await asSystem(house.house, house.otherTenantId, async ctx => (await listInvitations(ctx, {})).rows)
  expect(rows).toEqual([])
  const own = house.user({ grants: new Map([['survey:read', 'own']]) })
  expect(await house.work(async ctx => (await listInvitations(ctx, {})).rows, own)).toEqual([])
})
