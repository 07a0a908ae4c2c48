import { existsSync, readFileSync } from 'node:fs'
import { strFromU8, unzipSync } from 'fflate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { TemplateContent } from '#contract/documentBlocks.ts'
import type { Format } from '#contract/documents.ts'
import { addCustomer } from '#domains/customers/index.ts'
import { standIn } from '#domains/identity/index.ts'
import { openTicket } from '#domains/tickets/index.ts'
import { ticketById } from '#domains/tickets/queries.ts'
import type { User } from '#kernel/access.ts'
import { dateIn } from '#kernel/calendar.ts'
import { documentSources } from '#kernel/documentSources.ts'
import { placeOf } from '#kernel/files.ts'
import { openDesk } from '#testing/desk.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { setTheTable } from '#testing/tickets.ts'
import { builtIns } from './builtIns/index.ts'
import { forgetOld, makeAgain, makeDocument, removeDocument } from './documents.ts'
import { fill } from './filling.ts'
import { fileOf, filledOf, listDocuments, oneDocument, pageOfVersion } from './queries.ts'
import { addTemplate, changeTemplate, listTemplates, oneTemplate, preview, publishTemplate, templateVersion } from './templates.ts'

let house: TestHouse
let table: Awaited<ReturnType<typeof setTheTable>>
let min: User
let qiang: User
beforeAll(async () => {
  house = await openHouse()
  table = await setTheTable(house)
  const desk = openDesk(house)
  ;[min, qiang] = [await desk.person('张敏'), await desk.person('李强')]
  house.house.standIn = async (ctx, id) => (await standIn(ctx, id)) && house.user({ id, name: '张敏', tenantId: ctx.tenantId })
})
afterAll(() => house.close())

const content = (zh: unknown[], rest: object = {}) => TemplateContent.parse({ zh, ...rest })

test('what every organisation begins with fits its source, in both languages', () => {
  const setting = { timezone: 'Asia/Shanghai', title: '答复', author: '张敏', organisation: '清源', now: house.now() }
  for (const { source: name, content: built } of builtIns) {
    const source = documentSources().find(s => s.name === name)
    for (const language of ['zh', 'en'] as const) {
      const inputs = Object.fromEntries(built.inputs.map(i => [i.key, i.label]))
      const filled = fill(built, source?.variables ?? [], source?.example(language) ?? {}, inputs, { ...setting, language })
      expect(filled.blocks.length).toBeGreaterThan(5)
      expect(JSON.stringify(filled.blocks)).not.toContain('{{')
    }
  }
})

async function letter(user: User) {
  const ticketId = (await house.work(ctx => openTicket(ctx, table.ticket({ title: '厨房漏水 <b>' })))).id
  const templates = await house.as(user).work(ctx => listTemplates(ctx, {}))
  const templateId = templates.find(t => t.code === 'answer-letter')?.id ?? ''
  const body = { templateId, title: '关于漏水的答复', language: 'zh' as const, params: { ticketId }, inputs: { answer: '接头已更换。' } }
  return { ticketId, made: await house.as(user).work(ctx => makeDocument(ctx, body)) }
}
test('a letter about a ticket is made in three formats, made again as its next version, and the first stays', async () => {
  const { ticketId, made } = await letter(min)
  expect(made).toMatchObject({ state: 'making', matter: { noun: 'ticket', id: ticketId }, versions: 1 })
  await house.settle()
  const done = await house.as(min).work(ctx => oneDocument(ctx, made.id))
  expect(done).toMatchObject({ state: 'made', history: [{ number: 1, pages: 1 }] })
  const { rows: told } = await house.house.control.query(
    `select facts from notifications.notification where tenant_id = $1 and person_id = $2 and kind = 'run.done'`,
    [house.tenantId, min.id],
  )
  expect(told).toMatchObject([{ facts: { what: '文档“关于漏水的答复”', whatEn: 'The document “关于漏水的答复”' } }])
  const bytes = async (format: Format) =>
    readFileSync(placeOf(house.house, house.tenantId, await house.as(min).work(ctx => fileOf(ctx, made.id, 1, format))))
  expect((await bytes('pdf')).subarray(0, 5).toString()).toBe('%PDF-')
  expect(strFromU8(unzipSync(await bytes('docx'))['word/document.xml'] ?? new Uint8Array())).toContain('接头已更换。')
  const { html } = await house.as(min).work(ctx => pageOfVersion(ctx, made.id, '1'))
  expect(html).toContain('厨房漏水 &lt;b&gt;')

  await expect(
    house
      .as(min)
      .work(ctx => makeDocument(ctx, { templateId: made.templateId, title: '', language: 'zh', params: { ticketId: '17' }, inputs: {} })),
  ).rejects.toMatchObject({ code: 'document.input_missing' })
  await expect(house.as(min).work(ctx => makeAgain(ctx, made.id, { inputs: { answer: ' ' } }))).rejects.toMatchObject({
    code: 'document.input_missing',
  })
  await house.as(min).work(ctx => makeAgain(ctx, made.id, { inputs: { answer: '已恢复供水。' } }))
  await house.settle()
  const again = await house.as(min).work(ctx => oneDocument(ctx, made.id))
  expect(again.history.map(v => [v.number, v.state, v.inputs.answer])).toEqual([
    [2, 'made', '已恢复供水。'],
    [1, 'made', '接头已更换。'],
  ])
  expect((await house.as(min).work(ctx => listDocuments(ctx, { matterId: ticketId }))).rows.map(r => r.id)).toEqual([made.id])
  expect(await house.said('document.made')).toHaveLength(2)
})

test('others find nothing of a document that is not theirs to see', async () => {
  const { made } = await letter(min)
  const own = { ...qiang, grants: new Map([['document:read' as const, 'own' as const]]) }
  await expect(house.as(own).work(ctx => oneDocument(ctx, made.id))).rejects.toThrow('document.not_found')
  await expect(house.as(own).work(ctx => fileOf(ctx, made.id, 1, 'pdf'))).rejects.toThrow('document.not_found')
  await house.settle()
})

test('a document of a ticket that is not there fails and says why', async () => {
  const templates = await house.as(min).work(ctx => listTemplates(ctx, {}))
  const templateId = templates.find(t => t.code === 'answer-letter')?.id ?? ''
  const params = { ticketId: '01890000-0000-7000-8000-000000000000' }
  const made = await house
    .as(min)
    .work(ctx => makeDocument(ctx, { templateId, title: '答复', language: 'zh', params, inputs: { answer: '好' } }))
  await house.settle()
  expect(await house.as(min).work(ctx => oneDocument(ctx, made.id))).toMatchObject({
    state: 'failed',
    history: [{ code: 'ticket.not_found' }],
  })
  await expect(
    house.as(min).work(ctx => makeDocument(ctx, { templateId, title: '答复', language: 'zh', params, inputs: {} })),
  ).rejects.toThrow('document.input_missing')
})

test('a draft is used only when it is published, and two people do not overwrite one another', async () => {
  const draft = content([{ kind: 'paragraph', text: '{{ticket.number}}' }])
  const template = await house.as(min).work(ctx => addTemplate(ctx, { name: '便函', nameEn: '', source: 'tickets.ticket', draft }))
  expect(template).toMatchObject({ published: null, changed: true })
  await expect(
    house
      .as(min)
      .work(ctx =>
        makeDocument(ctx, { templateId: template.id, title: 'x', language: 'zh', params: { ticketId: template.id }, inputs: {} }),
      ),
  ).rejects.toThrow('document.template_not_in_use')
  const inUse = await house.as(min).work(ctx => publishTemplate(ctx, template.id, template.version))
  expect(inUse).toMatchObject({ published: 1, changed: false })
  await expect(house.as(min).work(ctx => changeTemplate(ctx, template.id, { version: 1, name: '别的' }))).rejects.toThrow(
    'document.template_changed',
  )
  await expect(
    house.as(min).work(ctx =>
      addTemplate(ctx, {
        name: '坏',
        nameEn: '',
        source: 'tickets.ticket',
        draft: content([{ kind: 'paragraph', text: '{{ticket.numbr}}' }]),
      }),
    ),
  ).rejects.toThrow('document.variable_unknown')
})

test('a template stored before it knew of orders reads as it was meant', async () => {
  const draft = {
    inputs: [],
    zh: [{ kind: 'table', each: 'steps', columns: [{ title: '', value: '{{item.text}}', align: 'left', share: 2 }], empty: '' }],
    en: [],
    footer: { zh: '', en: '' },
  }
  const plain = content([{ kind: 'pageBreak' }])
  const made = await house.as(min).work(ctx => addTemplate(ctx, { name: '旧的', nameEn: '', source: 'tickets.ticket', draft: plain }))
  await house.house.control.query('update documents.template set draft = $2 where id = $1', [made.id, JSON.stringify(draft)])
  const shown = await house.as(min).work(ctx => oneTemplate(ctx, made.id))
  expect(shown.draft.zh[0]).toMatchObject({ order: null, most: null })
})

test('documents are found by title, customer, maker and day; removed with every file', async () => {
  const { ticketId, made } = await letter(min)
  await house.settle()
  const customerId = (await house.work(ctx => ticketById(ctx, ticketId))).customerId
  const day = dateIn('Asia/Shanghai', house.now())
  const lists = async (query: Parameters<typeof listDocuments>[1]) =>
    (await house.as(min).work(ctx => listDocuments(ctx, query))).rows.map(row => row.id)
  expect(await lists({ q: '漏水', from: day, until: day, madeById: min.id })).toContain(made.id)
  expect(await lists({ q: '没有这样的' })).toEqual([])
  expect(await lists({ until: '2020-01-01' })).toEqual([])
  if (customerId) expect(await lists({ customerId })).toContain(made.id)
  const place = placeOf(house.house, house.tenantId, await house.as(min).work(ctx => fileOf(ctx, made.id, 1, 'pdf')))
  expect((await house.as(min).work(ctx => filledOf(ctx, made.id, '1'))).blocks.length).toBeGreaterThan(5)
  const own = { ...qiang, grants: new Map([['document:write' as const, 'own' as const]]) }
  await expect(house.as(own).work(ctx => removeDocument(ctx, made.id))).rejects.toThrow('document.not_found')
  await house.as(min).work(ctx => removeDocument(ctx, made.id))
  await expect(house.as(min).work(ctx => oneDocument(ctx, made.id))).rejects.toThrow('document.not_found')
  await expect.poll(() => existsSync(place)).toBe(false)
})

test('a template says how long its documents are kept', async () => {
  const { made } = await letter(min)
  await house.settle()
  const template = await house.as(min).work(ctx => oneTemplate(ctx, made.templateId))
  const kept = await house.as(min).work(ctx => changeTemplate(ctx, template.id, { version: template.version, keepDays: 30 }))
  expect(kept).toMatchObject({ keepDays: 30, changed: false })
  await house.work(forgetOld)
  expect((await house.as(min).work(ctx => oneDocument(ctx, made.id))).id).toBe(made.id)
  await house.house.control.query(`update documents.version set made_at = made_at - interval '31 days' where document_id = $1`, [made.id])
  await house.work(forgetOld)
  await expect(house.as(min).work(ctx => oneDocument(ctx, made.id))).rejects.toThrow('document.not_found')
  await house.as(min).work(ctx => changeTemplate(ctx, template.id, { version: kept.version, keepDays: null }))
})

test('versions of a template are read back; a draft is looked at with real data by whoever may see it', async () => {
  const { ticketId, made } = await letter(min)
  const { content: first } = await house.as(min).work(ctx => templateVersion(ctx, made.templateId, '1'))
  expect(first.zh.length).toBeGreaterThan(5)
  await expect(house.as(min).work(ctx => templateVersion(ctx, made.templateId, '99'))).rejects.toThrow('documentTemplate.not_found')
  const body = { source: 'tickets.ticket', language: 'zh' as const, draft: first, params: { ticketId } }
  expect((await house.as(min).work(ctx => preview(ctx, body))).html).toContain('厨房漏水')
  const blind = { ...min, grants: new Map([['document:configure' as const, 'all' as const]]) }
  await expect(house.as(blind).work(ctx => preview(ctx, body))).rejects.toThrow('access.denied')
  await house.settle()
})

test('a letter to a customer names days as the wall of the house has them', async () => {
  const { id: customerId } = await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: '周敏' })))
  await house.house.control.query(`update customers.customer set since = '2026-03-01T18:30:00Z' where id = $1`, [customerId])
  const draft = content([{ kind: 'paragraph', text: '{{customer.since}}' }])
  const body = { source: 'customers.customer', language: 'zh' as const, draft, params: { customerId } }
  expect((await house.as(min).work(ctx => preview(ctx, body))).html).toContain('2026 年 3 月 2 日')
})
