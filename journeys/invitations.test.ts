import { afterAll, beforeAll, expect, test } from 'vitest'
import { customers, NewCustomer } from '#contract/customers.ts'
import { invitations, invited } from '#contract/invitations.ts'
import { reaching } from '#contract/outgoing.ts'
import { outgoingPolicy, providers } from '#contract/outgoingSettings.ts'
import { surveys } from '#contract/surveys.ts'
import { tasks } from '#contract/tasks.ts'
import { NewTicket, tickets } from '#contract/tickets.ts'
import { addPerson, openSession } from '#domains/identity/index.ts'
import { startSender } from '#domains/messaging/index.ts'
import { startWorker } from '#kernel/worker.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { mailTo, openMailServer, openPost, provider } from '#testing/outgoing.ts'
import { setTheTable } from '#testing/tickets.ts'
import { type Client, newClient } from './story/client.ts'

let house: TestHouse
let base: string
let admin: Client
let kindId: string
/** What left the house. */
const texts: string[] = []
const stops: (() => Promise<unknown>)[] = []
let post: Awaited<ReturnType<typeof openMailServer>>
beforeAll(async () => {
  house = await openHouse()
  house.house.settings.privateHosts = ['127.0.0.1']
  kindId = (await setTheTable(house)).ids.repair
  base = await house.app.listen({ port: 0, host: '127.0.0.1' })
  post = await openMailServer()
  const gateway = await openPost(async body => {
    const { messages } = JSON.parse(body) as { messages: { reference: string; text: string }[] }
    texts.push(...messages.map(m => m.text))
    return {
      text: JSON.stringify({ messages: messages.map(m => ({ reference: m.reference, id: `v-${m.reference}`, state: 'accepted' })) }),
    }
  })
  stops.push((await startWorker(house.house, house.reactions)).stop, startSender(house.house).stop, post.close, gateway.close)
  const token = await house.work(async ctx => {
    const role = await ctx.db.selectFrom('identity.role').select('id').where('code', '=', 'admin').executeTakeFirstOrThrow()
    const person = { name: '秦朗', login: 'asking', password: 'Deep-Water-7', roleId: role.id, departmentId: null, teamId: null }
    return (await openSession(ctx, (await addPerson(ctx, person)).id, { ip: '10.0.0.1', userAgent: 'test' })).token
  })
  admin = newClient(base, token)
  const caps = { day: null, week: null, mailDay: null, mailWeek: null, smsDay: null, smsWeek: null }
  const policy = await admin.call(outgoingPolicy.read)
  await admin.call(outgoingPolicy.change, { body: { ...policy, caps, quietFrom: 0, quietTo: 0, linkBase: base } })
  const sms = provider('sms', { kind: 'http', url: gateway.url, account: 'q', signature: '清源供水' }, { secret: 'whsec_c2VjcmV0' })
  for (const body of [sms, provider('mail', mailTo(post.port))]) await admin.call(providers.add, { body })
}, 120_000)
afterAll(async () => {
  for (const stop of stops) await stop()
  await house.close()
})

const decoded = (raw: string) =>
  [...raw.matchAll(/base64\r\n\r\n([A-Za-z0-9+/=\r\n]+)/g)].map(m => Buffer.from(m[1] ?? '', 'base64').toString('utf8')).join('\n')
const said = () => [...texts, ...post.letters.map(l => decoded(l.raw))]

test.each([
  ['zh', 'sms', '已办结，您的评价很重要'],
  ['en', 'mail', 'Tell us how it went'],
] as const)(
  'a closed ticket asks its customer over the wire, once (%s by %s)',
  async (language, first, words) => {
    await house.work(ctx => ctx.db.updateTable('identity.tenant').set({ language }).execute())
    const policy = await admin.call(invitations.policy)
    const asking = { on: true, kindIds: [], afterMinutes: 0, share: 100 }
    await admin.call(invitations.setPolicy, { body: { ...policy, first, tickets: asking, pauseDays: 30 } })
    const mark = language === 'zh' ? '1' : '2'
    const body = NewCustomer.parse({ name: '沈一鸣', phone: `1377777000${mark}`, email: `asked${mark}@example.cn` })
    const customer = await admin.call(customers.add, { body })
    const close = async () => {
      const { id, number } = await admin.call(tickets.open, { body: NewTicket.parse({ kindId, title: '无水', customerId: customer.id }) })
      await admin.call(tickets.resolve, { params: { id }, body: { text: '已恢复' } })
      await admin.call(tickets.close, { params: { id }, body: { text: '' } })
      return { id, number }
    }
    const ticket = await close()
    const letter = () => said().find(text => text.includes(ticket.number) && text.includes(words)) ?? ''
    await expect.poll(letter, { timeout: 30_000 }).not.toBe('')
    const token = /\/survey#([\w.-]+)/.exec(letter())?.[1] ?? ''

    const them = newClient(base, token)
    expect(await them.call(invited.look)).toMatchObject({ state: 'open', score: null })
    expect(await them.call(invited.answer, { body: { score: 1, words: '来了三次' } })).toMatchObject({ state: 'answered', score: 1 })
    await expect(them.call(invited.answer, { body: { score: 5, words: '' } })).rejects.toMatchObject({ code: 'invitation.answered' })
    await expect(newClient(base, `${token}x`).call(invited.look)).rejects.toMatchObject({ code: 'access.link_invalid' })

    expect((await admin.call(surveys.ratings, { query: {} })).rows[0]).toMatchObject({ ticketId: ticket.id, score: 1, words: '来了三次' })
    const won = await admin.call(tasks.list, { query: { box: 'open', matterId: ticket.id } })
    expect(won.rows.map(t => t.kind)).toEqual(['winback'])

    // Within the pause nobody is asked again, and the ticket says so.
    const second = await close()
    const why = async () => (await admin.call(invitations.ofTicket, { params: { id: second.id } })).invitation?.reason
    await expect.poll(why, { timeout: 30_000 }).toBe('asked_recently')

    if (first === 'mail') {
      const raw = post.letters.find(l => l.to.includes(`asked${mark}@example.cn`))?.raw ?? ''
      const address = /^List-Unsubscribe: <(.+)>/im.exec(raw)?.[1] ?? ''
      const click = await fetch(address, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) })
      expect(click.status).toBe(200)
      const { consents } = await admin.call(reaching.read, { params: { id: customer.id } })
      expect(consents).toMatchObject([{ purpose: 'survey', channel: 'mail', given: false, source: 'message' }])
    }
  },
  90_000,
)
