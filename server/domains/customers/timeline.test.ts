import { describe, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { NewReceivable } from '#contract/receivables.ts'
import type { TimelineAsked } from '#contract/timeline.ts'
import { openInteraction } from '#domains/interactions/index.ts'
import { newId } from '#kernel/ids.ts'
import { openTickets } from '#testing/tickets.ts'
import { addCustomer, changeCustomer } from './actions.ts'
import { rememberIdentity } from './identify.ts'
import { decideMasking } from './masking/settings.ts'
import { removeNote, rewriteNote, writeNote } from './profile/notes.ts'
import { leaveAlone, recordConsent } from './reaching.ts'
import { deliver } from './receivables/bringing.ts'
import { timelineCounts, timelineOf } from './timeline.ts'

const desk = openTickets()
type Asked = Parameters<typeof TimelineAsked.parse>[0]
const add = (name: string) => desk.house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name })))
const names = async (id: string, asked: Asked = {}, actor = desk.house.user()) =>
  (await desk.house.work(ctx => timelineOf(ctx, id, asked as Parameters<typeof timelineOf>[2]), actor)).rows.map(row => row.name)

const contact = { channel: 'chat', direction: 'in', state: 'active', queueId: null, agentId: null, subject: '', source: 'web' } as const

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
  expect(counted).toEqual({
    counts: { contact: 1, ticket: 1, rating: 0, task: 0, message: 0, need: 0, receivable: 0, note: 0, file: 2 },
    whole: true,
  })
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

test("whoever serves every customer finds by the words of a colleague's contact, which stands on the line; others do not", async () => {
  const { id } = await lived()
  const [colleague, narrow] = (['all', 'own'] as const).map(scope =>
    desk.house.user({
      id: newId(),
      grants: new Map([
        ['customer:read', scope],
        ['interaction:read', 'own'],
      ] as const),
    }),
  )
  expect(await names(id, {}, colleague)).toContain('interaction.opened')
  expect(await names(id, { q: '水费' }, colleague)).toEqual(['interaction.opened'])
  await desk.house.work(ctx =>
    ctx.db
      .insertInto('customers.carer')
      .values({ customerId: id, userId: narrow?.id ?? '', since: desk.house.now() })
      .execute(),
  )
  expect(await names(id, { q: '水费' }, narrow)).toEqual([])
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

test('bills and their payments stand on the line in their place, page by page, and are found by their words', async () => {
  const { id } = await add('账单客户')
  const day = (n: number) => new Date(desk.house.now().getTime() - n * 86_400_000)
  const on = (n: number) => day(n).toISOString().slice(0, 10)
  const bill = (extId: string, n: number, more: object = {}) =>
    NewReceivable.parse({
      extId,
      customerId: id,
      number: `SF-${extId}`,
      kind: '水费',
      amount: 80_00,
      openAmount: 80_00,
      issuedOn: on(n),
      dueOn: on(n - 20),
      ...more,
    })
  const items = [bill('a', 70, { openAmount: 0, settledAt: day(40).toISOString() }), bill('b', 50, { kind: '污水处理费' }), bill('c', -40)]
  await desk.house.work(ctx => deliver(ctx, { source: '', items }))
  await desk.house.work(ctx => openInteraction(ctx, { ...contact, customerId: id }))
  const line = ['interaction.opened', 'customer.added', 'receivable.settled', 'receivable.billed', 'receivable.billed']
  expect((await names(id)).filter(name => name !== 'receivable.overdue')).toEqual(line)
  expect((await names(id, { sort: 'receivable' })).filter(name => name !== 'receivable.overdue')).toEqual(line.slice(2))
  expect(await names(id, { q: 'SF-a' })).toEqual(['receivable.settled', 'receivable.billed'])
  expect(await names(id, { q: '污水' })).toEqual(['receivable.billed'])
  expect(await names(id, { q: '污水', sort: 'contact' })).toEqual([])
  const paged: string[] = []
  for (let after: string | undefined, n = 0; n < 10; n++) {
    const page = await desk.house.work(ctx => timelineOf(ctx, id, { size: 1, after }), desk.house.user())
    paged.push(...page.rows.map(row => row.name))
    if (!page.next) break
    after = page.next
  }
  expect(paged).toEqual(await names(id))
  expect((await desk.house.work(ctx => timelineCounts(ctx, id), desk.house.user())).counts.receivable).toBe(2)
})

test('while something is looked for, what is found is counted', async () => {
  const { id } = await lived()
  const counted = async (q: string) => (await desk.house.work(ctx => timelineCounts(ctx, id, { q }), desk.house.user())).counts
  expect(await counted('水费')).toMatchObject({ contact: 1, ticket: 0, file: 0 })
  expect(await counted('四楼')).toMatchObject({ contact: 0, ticket: 1, file: 0 })
  expect(await counted('0921')).toMatchObject({ contact: 0, ticket: 0, file: 1 })
})

test('who is to be left alone stands there with why; a consent with what proves it', async () => {
  const { id } = await lived()
  const told = async () => (await desk.house.work(ctx => timelineOf(ctx, id, {}), desk.house.user())).rows.map(row => [row.name, row.words])
  await desk.house.work(ctx => leaveAlone(ctx, id, { on: true, until: null, reason: '电话太多，只收短信' }))
  expect((await told()).slice(0, 2)).toEqual([
    ['customer.left_alone', '电话太多，只收短信'],
    ['consent.recorded', '录音 0921'],
  ])
  await desk.house.work(ctx => leaveAlone(ctx, id, { on: false, until: null, reason: '' }))
  expect((await told())[0]).toEqual(['customer.left_alone', null])
})

describe('a change of the file', () => {
  const changed = async (id: string, actor = desk.house.user()) =>
    (await desk.house.work(ctx => timelineOf(ctx, id, {}), actor)).rows.find(row => row.name === 'customer.changed')?.changes
  const sorted = (changes: Awaited<ReturnType<typeof changed>>) =>
    Object.fromEntries((changes ?? []).map(({ field, was, is }) => [field, [was.join(), is.join()]]))
  const plant = {
    name: '何建国',
    phone: '13812346021',
    email: 'he@water.cn',
    address: '杭州市滨江区榕溪里 37 幢',
    district: '滨江',
    tags: ['老户'],
  }
  const moved = async () => {
    const { id, version } = await desk.house.work(ctx => addCustomer(ctx, NewCustomer.parse(plant)))
    const body = {
      ...{ version, name: '何建中', phone: '13912346022', email: 'jian@water.cn', address: '杭州市西湖区海棠里 5 幢', district: '' },
      ...{ tier: 'gold' as const, tags: ['老户', '新区'], care: ['elderly' as const], note: '先打电话' },
    }
    await desk.house.work(ctx => changeCustomer(ctx, id, body))
    return id
  }

  test('says from what to what, numbers as the reader sees them', async () => {
    expect(sorted(await changed(await moved()))).toEqual({
      name: ['何建国', '何建中'],
      tier: ['normal', 'gold'],
      phone: ['138****6021', '139****6022'],
      email: ['h***@water.cn', 'j***@water.cn'],
      address: [plant.address, '杭州市西湖区海棠里 5 幢'],
      district: ['滨江', ''],
      note: ['', '先打电话'],
      tags: ['老户', '老户,新区'],
      care: ['', 'elderly'],
    })
  })

  test('says of a field that the reader does not see only that it changed', async () => {
    const id = await moved()
    const actor = desk.house.user({ key: true })
    for (const field of ['phone', 'address'] as const)
      await desk.house.work(ctx => decideMasking(ctx, { role: 'key', field, showing: field === 'phone' ? 'hidden' : 'masked' }))
    const seen = sorted(await changed(id, actor))
    expect([seen.phone, seen.address]).toEqual([undefined, ['杭州市滨江区****', '杭州市西湖区****']])
    expect(JSON.stringify(await changed(id, actor))).not.toMatch(/榕溪|海棠|6021/)
  })

  test('whose values were erased, or that was told before values were kept, says only which fields', async () => {
    const id = await moved()
    await desk.house.house.control.query(
      'delete from kernel.event_value where event_id in (select id from kernel.event where customer_id = $1)',
      [id],
    )
    expect(Object.keys(sorted(await changed(id)))).toEqual(['tier', 'district', 'tags'])
  })
})
