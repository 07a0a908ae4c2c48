import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { strFromU8, unzipSync } from 'fflate'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { customerExports } from '#contract/lists.ts'
import { NewNeed } from '#contract/needs.ts'
import { makeDocument } from '#domains/documents/documents.ts'
import { listTemplates } from '#domains/documents/templates.ts'
import { openSession, standIn } from '#domains/identity/index.ts'
import { addNote, answer, identifyConversation } from '#domains/messaging/actions/answer.ts'
import { endConversation, wrapUp } from '#domains/messaging/actions/end.ts'
import { visitorSays } from '#domains/messaging/actions/start.ts'
import { conversationRated } from '#domains/messaging/events.ts'
import { sendMessage } from '#domains/messaging/outgoing/send.ts'
import { answerNeed, captureNeed } from '#domains/needs/actions.ts'
import { commentOn, talkOfTask } from '#domains/tasks/actions/comments.ts'
import { finishTask, openTask } from '#domains/tasks/actions/tasks.ts'
import { closeTicket, dispatchTicket, resolveTicket, takeTicket } from '#domains/tickets/actions/steps.ts'
import { commentOnTicket } from '#domains/tickets/actions/write.ts'
import { openTicket } from '#domains/tickets/index.ts'
import type { User } from '#kernel/access.ts'
import { checkSeals, sealPastDays } from '#kernel/auditSeal.ts'
import { keepFile, placeFile, placeOf, recordFile } from '#kernel/files.ts'
import { newId } from '#kernel/ids.ts'
import { setTheDesk } from '#testing/chat.ts'
import { openDesk } from '#testing/desk.ts'
import { remains as remainsOf } from '#testing/everywhere.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { setTheTable } from '#testing/tickets.ts'
import { addCustomer, changeCustomer } from '../actions.ts'
import { identify, rememberIdentity } from '../identify.ts'
import { reveal } from '../masking/reveal.ts'
import { leaveAlone, recordConsent } from '../reaching.ts'
import { eraseCustomer, previewErasure } from './erasure.ts'
import { setHold } from './holding.ts'
import { askPackage } from './package.ts'

const mark = 'ZQXJ'
const name = '瑾瑜尕藏'
const phone = '13912345670'
const email = 'zqxj.person@example.com'
/** What a search for the person would look for, anywhere. */
const marks = [mark, mark.toLowerCase(), name, phone, '139 1234 5670', '139-1234-5670', [...phone].reverse().join(''), email]

let house: TestHouse
let db: pg.Client
let desk: Awaited<ReturnType<typeof setTheDesk>>
let table: Awaited<ReturnType<typeof setTheTable>>
let officer: User
let min: User
const ids = { customer: '', number: '', recording: '' }

beforeAll(async () => {
  house = await openHouse()
  db = new pg.Client({ connectionString: house.url })
  await db.connect()
  desk = await setTheDesk(house)
  table = await setTheTable(house)
  const people = openDesk(house)
  ;[min, officer] = [await people.person('张敏'), await people.person('李强')]
  await db.query(
    `update identity.person set role_id = (select id from identity.role r where r.tenant_id = person.tenant_id and code = 'admin') where id = $1`,
    [officer.id],
  )
  const all = house.user()
  house.house.standIn = async (ctx, id) =>
    (await standIn(ctx, id)) && house.user({ id, name: '李强', tenantId: ctx.tenantId, grants: all.grants })
}, 120_000)
afterAll(async () => {
  await db.end()
  await house.close()
})

const remains = (words: readonly string[]) => remainsOf(db, house.house.settings.filesFolder, words)

/** Every sum that reports are made of. */
async function figures() {
  const sums = async (text: string) => (await db.query(text)).rows
  return {
    rollups: await sums('select * from insight.rollup order by grain, dimension, at, key'),
    contacts: await sums(
      `select channel, direction, state, queue_id, agent_id, rating, count(*) from interactions.interaction group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6`,
    ),
    tickets: await sums(
      'select status, priority, kind_id, category_id, department_id, late, count(*) from tickets.ticket group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6',
    ),
    ratings: await sums('select score, agent_id, queue_id, count(*) from surveys.rating group by 1, 2, 3 order by 1, 2, 3'),
    calls: await sums(
      'select direction, stage, cause, queue_id, agent_id, count(*), sum(extract(epoch from ended_at - started_at)) from voice.call group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5',
    ),
    sent: await sums('select channel, purpose, state, count(*) from messaging.outgoing group by 1, 2, 3 order by 1, 2, 3'),
    tasks: await sums('select kind, owner_id, late, count(*), count(done_at) from tasks.task group by 1, 2, 3 order by 1, 2, 3'),
    customers: await sums('select tier, kind, district, stage, count(*) from customers.customer group by 1, 2, 3, 4 order by 1, 2, 3, 4'),
    events: await sums('select name, count(*) from kernel.event group by 1 order by 1'),
  }
}

async function settled() {
  await house.settle()
  await desk.rest()
  await house.settle()
}

test('a person is put into everything the house can hold', async () => {
  const as = house.as(officer)
  const customer = await as.work(ctx =>
    addCustomer(
      ctx,
      NewCustomer.parse({ name, phone, email, address: `${mark} 路 8 号`, note: `备注 ${mark}`, tags: [`${mark}标签`], care: ['elderly'] }),
    ),
  )
  ids.customer = customer.id
  ids.number = customer.number
  await as.work(ctx => changeCustomer(ctx, customer.id, { version: customer.version, note: `改过的备注 ${mark}` }))
  await as.work(ctx => reveal(ctx, customer.id, { reason: `核实 ${mark}` }))
  await as.work(ctx => rememberIdentity(ctx, customer.id, 'wechat', `wx-${mark}`))
  await as.work(ctx =>
    recordConsent(ctx, customer.id, { purpose: 'marketing', channel: 'sms', given: false, source: 'phone', proof: `${mark} 说不要` }),
  )
  await as.work(ctx => leaveAlone(ctx, customer.id, { on: true, until: null, reason: `${mark} 不想被打扰` }))

  const agent = await desk.agent('许知夏')
  const { actor: visitor } = await desk.visit()
  const conversation = await desk.start(visitor, `我是 ${name}，${mark} 家里没水`, { phone, name })
  await desk.accept(agent)
  await desk.as(agent, ctx => identifyConversation(ctx, conversation, customer.id))
  const file = await keepFile(house.house, visitor, `${mark}.txt`, Buffer.from(`附件 ${mark} ${phone}`))
  await desk.as(visitor, ctx => visitorSays(ctx, { text: '', fileId: file.id, clientId: newId() }))
  await desk.as(agent, ctx => answer(ctx, conversation, { text: `${name} 您好 ${mark}`, clientId: newId() }))
  await desk.as(agent, ctx => addNote(ctx, conversation, { text: `内部备注 ${mark} ${phone}`, clientId: newId() }))
  const { interactionId } = await house.work(ctx =>
    ctx.db.selectFrom('messaging.conversation').select('interactionId').where('id', '=', conversation).executeTakeFirstOrThrow(),
  )
  await desk.as(agent, ctx => endConversation(ctx, conversation))
  const words = await house.work(async ctx => {
    const [reasonId, outcomeId] = [newId(), newId()]
    await ctx.db.insertInto('interactions.contactReason').values({ id: reasonId, name: '无水', parentId: null }).execute()
    await ctx.db.insertInto('interactions.contactOutcome').values({ id: outcomeId, name: '已解决' }).execute()
    return { reasonId, outcomeId }
  })
  await desk.as(agent, ctx => wrapUp(ctx, conversation, { ...words, note: `小结 ${mark}` }))
  await house.work(ctx =>
    ctx.emit(
      conversationRated,
      { id: conversation, interactionId, customerId: customer.id },
      { interactionId, customerId: customer.id, agentId: agent.id, queueId: null, score: 5 },
      { words: `谢谢 ${mark}` },
    ),
  )
  await settled()

  const ticket = await as.work(ctx =>
    openTicket(ctx, table.ticket({ customerId: customer.id, title: `${name} 漏水`, text: `${mark} ${phone}`, place: `${mark} 路` })),
  )
  await as.work(ctx => commentOnTicket(ctx, ticket.id, { text: `留言 ${mark}`, public: true }))
  await settled()
  const templates = await house.as(min).work(ctx => listTemplates(ctx, {}))
  const templateId = templates.find(t => t.code === 'answer-letter')?.id ?? ''
  await house.as(min).work(ctx =>
    makeDocument(ctx, {
      templateId,
      title: `致 ${name} ${mark}`,
      language: 'zh',
      params: { ticketId: ticket.id },
      inputs: { answer: `已修好 ${mark}` },
    }),
  )
  await settled()
  await as.work(ctx => dispatchTicket(ctx, ticket.id, { departmentId: table.ids.crew, assigneeId: null, text: `先联系 ${name}` }))
  await table.as(table.worker, ctx => takeTicket(ctx, ticket.id))
  await table.as(table.worker, ctx => resolveTicket(ctx, ticket.id, { text: `修好了 ${mark}` }))
  await as.work(ctx => closeTicket(ctx, ticket.id, { text: `办结 ${mark}` }))

  const task = await as.work(ctx =>
    openTask(ctx, {
      title: `回访 ${name} ${mark}`,
      kind: 'follow_up',
      text: `${mark}`,
      matter: null,
      customerId: customer.id,
      ownerId: officer.id,
      departmentId: null,
      dueAt: null,
      facts: { who: name },
    } as Parameters<typeof openTask>[1]),
  )
  await as.work(async ctx => commentOn(ctx, await talkOfTask(ctx, task.id), { text: `打过电话 ${mark}`, mentionIds: [min.id] }))
  await as.work(ctx => finishTask(ctx, task.id, `已回访 ${mark}`))

  await house.work(ctx =>
    sendMessage(ctx, {
      channel: 'mail',
      purpose: 'ticket',
      template: 'ticket_opened',
      customerId: customer.id,
      variables: { number: `BX ${mark}`, link: `https://x.cn/${mark}` },
    }),
  )
  const needTemplate = newId()
  await house.work(ctx =>
    ctx.db.insertInto('needs.template').values({ id: needTemplate, name: '改进', fields: '[]', departmentId: null }).execute(),
  )
  const need = await as.work(ctx =>
    captureNeed(
      ctx,
      NewNeed.parse({ templateId: needTemplate, title: '夜间也能查进度', words: `我 ${name} ${mark} 想要`, customerId: customer.id }),
    ),
  )
  await as.work(ctx => answerNeed(ctx, need.id, { state: 'done', text: '已经可以', tell: true, version: 1 }))
  // A call that nobody knew, and one with a recording.
  ids.recording = newId()
  await house.work(async ctx => {
    for (const [customerId, caller] of [
      [customer.id, `+86${phone}`],
      [null, `+86${phone}`],
    ] as const) {
      const call = newId()
      await ctx.db
        .insertInto('voice.call')
        .values({ id: call, interactionId: newId(), direction: 'in', stage: 'over', line: 'practice', numberId: null, flowId: null, flowVersion: null, caller, called: '96116', customerId,
          customerName: customerId ? name : '', queueId: null, agentId: null, startedAt: ctx.now, answeredAt: null, endedAt: ctx.now, cause: 'normal', worstMos: null, recorded: false, dueAt: null,
          clientId: null, machine: JSON.stringify({ caller, name, mark }) }) // biome-ignore format: one row
        .execute()
      await ctx.db.insertInto('voice.leg').values({ id: newId(), callId: call, party: 'customer', agentId: null, number: caller, startedAt: ctx.now, ringingAt: null, answeredAt: null, endedAt: ctx.now, cause: null, code: null, quality: null }).execute() // biome-ignore format: one row
      if (customerId)
        await ctx.db.insertInto('voice.recording').values({ id: ids.recording, callId: call, interactionId: null, kind: 'talk', state: 'kept', reason: null, queueId: null, agentId: null, fileId: ids.recording, startedAt: ctx.now, seconds: 3, bytes: 4, pauses: '[]', peaks: null, keepUntil: null }).execute() // biome-ignore format: one row
    }
    await recordFile(ctx, {
      id: ids.recording,
      name: `${name}.ogg`,
      type: 'audio/ogg',
      ...(await placeFile(house.house, house.tenantId, ids.recording, Buffer.from(`sound of ${mark}`))),
      noun: 'recording',
      ownerId: null,
    })
  })
  await settled()

  // A list taken along, and looked for by name.
  const token = await signedIn()
  const asked = await house.app.inject({
    method: 'POST',
    url: `/api${customerExports.ask.path}`,
    headers: { authorization: `Bearer ${token}` },
    payload: { filter: { q: name }, format: 'csv', columns: ['name', 'number', 'address'], language: 'zh' },
  })
  expect(asked.statusCode, asked.body).toBe(200)
  await settled()
  expect((await remains(marks)).length).toBeGreaterThan(25)
}, 120_000)

async function signedIn(): Promise<string> {
  return (await house.work(ctx => openSession(ctx, officer.id, { ip: '127.0.0.1', userAgent: 'test' }))).token
}

test('everything is handed over in one package, the files with it', async () => {
  const { runId } = await house.as(officer).work(ctx => askPackage(ctx, ids.customer, { reason: '本人申请', language: 'zh' }))
  await settled()
  const { rows } = await db.query<{ state: string; code: string; file_id: string }>(
    'select state, code, file_id from kernel.run where id = $1',
    [runId],
  )
  expect(rows).toMatchObject([{ state: 'done' }])
  const packed = unzipSync(await readFile(placeOf(house.house, house.tenantId, runId)))
  const names = Object.keys(packed)
  expect(names).toContain('index.html')
  const said = (table: string) => JSON.parse(strFromU8(packed[`data/${table}.json`] ?? new Uint8Array())) as Record<string, unknown>[]
  expect(said('customers.customer')).toMatchObject([{ name, number: ids.number, email }])
  expect(said('messaging.message').map(m => m.text)).toContain(`内部备注 ${mark} ${phone}`)
  expect(said('tickets.ticket')).toHaveLength(1)
  expect(said('voice.call')).toHaveLength(2)
  expect(said('needs.voice')).toMatchObject([{ words: `我 ${name} ${mark} 想要` }])
  expect(names.filter(n => n.startsWith('files/')).length).toBeGreaterThanOrEqual(4)
  expect(strFromU8(packed['index.html'] ?? new Uint8Array())).toContain('聊天内容')
})

test('what is open, owed or held is in the way, and the number is typed once more', async () => {
  const as = house.as(officer)
  await expect(as.work(ctx => eraseCustomer(ctx, ids.customer, { number: 'C-1', reason: '申请' }))).rejects.toMatchObject({
    code: 'privacy.number_differs',
  })
  await as.work(ctx => setHold(ctx, ids.customer, { on: true, reason: '诉讼' }))
  const preview = await as.work(ctx => previewErasure(ctx, ids.customer))
  expect(preview.blocks.map(b => b.kind)).toContain('hold')
  await expect(as.work(ctx => eraseCustomer(ctx, ids.customer, { number: ids.number, reason: '申请' }))).rejects.toMatchObject({
    code: 'privacy.blocked',
  })
  await as.work(ctx => setHold(ctx, ids.customer, { on: false, reason: '' }))
  expect((await as.work(ctx => previewErasure(ctx, ids.customer))).blocks).toEqual([])
})

test('erased, nothing of the person is left anywhere, the figures are as they were, and the seals hold', async () => {
  await house.pass(26 * 60)
  await settled()
  await house.work(sealPastDays)
  const sealed = await house.work(checkSeals)
  expect(sealed).toMatchObject({ upTo: expect.any(String), brokenOn: null })
  const { rows: newest } = await db.query<{ id: string }>('select id from kernel.event order by id desc limit 1')
  const lastBefore = newest[0]?.id
  // What still waits is cancelled with the person: here all has gone.
  await db.query(`update messaging.outgoing set state = 'delivered', ended_at = made_at`)
  const before = await figures()

  const { runId } = await house.as(officer).work(ctx => eraseCustomer(ctx, ids.customer, { number: ids.number, reason: '本人申请' }))
  await settled()
  expect((await db.query('select state, code, done from kernel.run where id = $1', [runId])).rows).toMatchObject([{ state: 'done' }])
  expect(await house.said('customer.erased')).toHaveLength(1)

  expect(await remains([...marks, ids.number])).toEqual([])
  expect(existsSync(placeOf(house.house, house.tenantId, ids.recording))).toBe(false)
  const after = await figures()
  // The erasure itself has happened since.
  const own = new Set(['customer.erasure_asked', 'customer.erased', 'run.asked', 'run.finished', 'notification.told'])
  const happened = (all: typeof before) => all.events.filter(e => !own.has(e.name))
  expect({ ...after, events: happened(after) }).toEqual({ ...before, events: happened(before) })
  // The clock of the test runs ahead of the ids, by which days are sealed: what the erasure itself announced steps aside.
  await db.query('update kernel.event set audit = false where audit and id > $1', [lastBefore])
  expect(await house.work(checkSeals)).toEqual(sealed)
}, 120_000)

test('erased twice is refused; who calls again is new; what was declined stands as a digest', async () => {
  const as = house.as(officer)
  await expect(as.work(ctx => eraseCustomer(ctx, ids.customer, { number: ids.number, reason: '申请' }))).rejects.toMatchObject({
    code: 'privacy.erased_already',
  })
  expect(await house.work(ctx => identify(ctx, { phone }))).toBeNull()
  const { rows } = await db.query('select purpose, channel, value, source from customers.left_alone order by purpose, digest')
  expect(rows).toContainEqual({ purpose: 'marketing', channel: 'sms', value: null, source: 'erased' })
  expect(rows).toContainEqual({ purpose: '', channel: '', value: null, source: 'erased' })
})
