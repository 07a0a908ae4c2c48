import { expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import type { TimelineAsked } from '#contract/timeline.ts'
import { openInteraction } from '#domains/interactions/index.ts'
import { openTickets } from '#testing/tickets.ts'
import { addCustomer } from './actions.ts'
import { rememberIdentity } from './identify.ts'
import { removeNote, rewriteNote, writeNote } from './profile/notes.ts'
import { recordConsent } from './reaching.ts'
import { timelineCounts, timelineOf } from './timeline.ts'

const desk = openTickets()
type Asked = Parameters<typeof TimelineAsked.parse>[0]
const add = (name: string) => desk.house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name })))
const names = async (id: string, asked: Asked = {}, actor = desk.house.user()) =>
  (await desk.house.work(ctx => timelineOf(ctx, id, asked as Parameters<typeof timelineOf>[2]), actor)).rows.map(row => row.name)

async function lived() {
  const { id } = await add('何建国')
  const talk = await desk.house.work(ctx =>
    openInteraction(ctx, {
      channel: 'chat',
      direction: 'in',
      state: 'active',
      customerId: id,
      queueId: null,
      agentId: null,
      subject: '水费 100% 没扣？',
      source: 'web',
    }),
  )
  await desk.open({ customerId: id, title: '海棠里停水', text: '四楼以上' })
  await desk.house.work(
    ctx => recordConsent(ctx, id, { purpose: 'survey', channel: 'sms', given: false, source: 'phone', proof: '录音 0921' }),
    desk.house.user(),
  )
  return { id, talk }
}

test('of one sort only: a contact, a ticket, what concerns the file', async () => {
  const { id } = await lived()
  expect(await names(id)).toEqual(['consent.recorded', 'ticket.opened', 'interaction.opened', 'customer.added'])
  expect(await names(id, { sort: 'contact' })).toEqual(['interaction.opened'])
  expect(await names(id, { sort: 'ticket' })).toEqual(['ticket.opened'])
  expect(await names(id, { sort: 'file' })).toEqual(['consent.recorded', 'customer.added'])
  expect(await names(id, { sort: 'rating' })).toEqual([])
  const counted = await desk.house.work(ctx => timelineCounts(ctx, id), desk.house.user())
  expect(counted).toEqual({ counts: { contact: 1, ticket: 1, rating: 0, task: 0, message: 0, need: 0, note: 0, file: 2 }, whole: true })
})

test('found by the words of a contact, a ticket, a proof, as they stand: signs of patterns are signs', async () => {
  const { id } = await lived()
  await lived()
  expect(await names(id, { q: '水费' })).toEqual(['interaction.opened'])
  expect(await names(id, { q: '100%' })).toEqual(['interaction.opened'])
  expect(await names(id, { q: '1%费' })).toEqual([])
  expect(await names(id, { q: '四楼' })).toEqual(['ticket.opened'])
  expect(await names(id, { q: '0921' })).toEqual(['consent.recorded'])
  expect(await names(id, { q: '停水', sort: 'contact' })).toEqual([])
})

test('who may not read tickets neither sees them nor finds by them', async () => {
  const { id } = await lived()
  const few = desk.house.user({
    grants: new Map([
      ['customer:read', 'all'],
      ['interaction:read', 'all'],
    ]),
  })
  expect(await names(id, {}, few)).toEqual(['consent.recorded', 'interaction.opened', 'customer.added'])
  expect(await names(id, { q: '四楼' }, few)).toEqual([])
  expect((await desk.house.work(ctx => timelineCounts(ctx, id), few)).counts.ticket).toBe(0)
})

test('a number of theirs is not told sign by sign: whether it matches is found out by nobody', async () => {
  const { id } = await lived()
  await desk.house.work(ctx => rememberIdentity(ctx, id, 'phone', '138 1234 6021'))
  expect(await names(id)).toContain('customer.identified')
  for (const q of ['138', '+8613812346021', '6021', '何建国']) expect(await names(id, { q })).toEqual([])
})

test('words of a ticket that one may not open are not found, either', async () => {
  const { id } = await lived()
  const elsewhere = desk.house.user({
    departmentId: desk.table.ids.office,
    grants: new Map([
      ['customer:read', 'all'],
      ['ticket:read', 'own'],
    ] as const),
  })
  expect(await names(id, {}, elsewhere)).toContain('ticket.opened')
  expect(await names(id, { q: '四楼' }, elsewhere)).toEqual([])
})

test('a note is told as it stands, however many were written since; removed, it is not', async () => {
  const { id } = await lived()
  const by = desk.house.user()
  const write = (text: string) => desk.house.work(ctx => writeNote(ctx, id, { text, pinned: false }), by)
  const oldest = await write('水表在花坛里')
  for (let n = 0; n < 31; n++) await write(`备注 ${n}`)
  const told = async (asked: Asked) =>
    (await desk.house.work(ctx => timelineOf(ctx, id, asked as Parameters<typeof timelineOf>[2]), by)).rows.map(row => row.words)
  expect(await told({ q: '花坛' })).toEqual(['水表在花坛里'])
  await desk.house.work(ctx => rewriteNote(ctx, { id, noteId: oldest.id, body: { version: 1, text: '水表在门厅' } }), by)
  expect(await told({ q: '花坛' })).toEqual(['水表在门厅'])
  await desk.house.work(ctx => removeNote(ctx, { id, noteId: oldest.id, removed: true }), by)
  expect(await told({ q: '花坛' })).toEqual([null])
})
