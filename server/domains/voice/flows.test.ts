import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FlowBody, type FlowWhole } from '#contract/flows.ts'
import { Queue } from '#contract/routing.ts'
import { PhoneNumber } from '#contract/voiceSettings.ts'
import { calendarOf } from '#domains/identity/index.ts'
import { addQueue } from '#domains/routing/index.ts'
import { hotlineFlow } from '#domains/sample/callFlow.ts'
import { idsOf, wordsIn } from '#domains/sample/furnishing.ts'
import { atWall } from '#kernel/calendar.ts'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addFlow, keepDraft, listFlows, oneFlow, publishFlow, renameFlow, retireFlow } from './flows.ts'
import { addNumber, changeNumber } from './numbers.ts'
import { faultsOf } from './rules/check.ts'
import { tryFlow } from './trying.ts'

let house: TestHouse
let queueId: string
const as = <T>(fn: (ctx: Ctx) => Promise<T>): Promise<T> => house.as(house.user({ name: '秦朗' })).work(fn)
beforeAll(async () => {
  house = await openHouse()
  queueId = await house.work(async ctx => (await addQueue(ctx, Queue.parse({ name: '报修', channel: 'phone', preferSeconds: 0 }))).id)
})
afterAll(() => house.close())

const sound = (text: string) => ({ text, textEn: text })
const menu = (): FlowBody =>
  FlowBody.parse({
    first: 'hello',
    nodes: [
      { kind: 'say', key: 'hello', name: '问候', sound: sound('您好，欢迎来电'), next: 'menu' },
      {
        kind: 'menu',
        key: 'menu',
        name: '主菜单',
        sound: sound('报修请按 1'),
        options: [{ key: '1', name: '报修', next: 'repairs' }],
        otherwise: 'end',
      },
      { kind: 'queue', key: 'repairs', name: '报修排队', queueId },
      { kind: 'hangup', key: 'end', name: '结束', sound: {} },
    ],
  })
const begin = (name: string, draft = menu()): Promise<FlowWhole> => as(ctx => addFlow(ctx, { name, nameEn: '', draft }))

describe('what a flow names', () => {
  const naming = (change: (n: FlowBody['nodes'][number]) => object) => {
    const body = menu()
    return FlowBody.parse({ ...body, nodes: body.nodes.map(n => ({ ...n, ...change(n) })) })
  }
  const gone = newId()
  test.each([
    ['a queue of chats', (id: string) => naming(n => (n.kind === 'queue' ? { queueId: id } : {})), 'flow.queue_other_channel', '报修排队', 'flow.queue_other_channel', 'queueId'],
    ['a queue that was put away', () => naming(n => (n.kind === 'queue' ? { queueId: gone } : {})), 'flow.names_lost', '报修排队', 'flow.queue_gone', 'queueId'],
    ['an announcement that is gone', () => naming(n => (n.kind === 'say' ? { sound: { announcementId: gone } } : {})), 'flow.names_lost', '问候', 'flow.sound_gone', 'sound.announcementId'],
    ['music that is gone', () => naming(n => (n.kind === 'queue' ? { musicId: gone } : {})), 'flow.names_lost', '报修排队', 'flow.sound_gone', 'musicId'],
    ['hours that are gone', () => naming(n => (n.kind === 'say' ? { kind: 'hours', calendarId: gone, open: 'menu', closed: 'end' } : {})), 'flow.names_lost', '问候', 'flow.calendar_gone', 'calendarId'],
    ['a queue of chats for messages', (id: string) => naming(n => (n.kind === 'hangup' ? { kind: 'voicemail', sound: {}, queueId: id, next: 'hello' } : {})), 'flow.queue_other_channel', '结束', 'flow.queue_other_channel', 'queueId'],
    ['a queue of chats for call-backs', (id: string) => naming(n => (n.kind === 'hangup' ? { kind: 'callback', sound: {}, queueId: id, next: 'hello' } : {})), 'flow.queue_other_channel', '结束', 'flow.queue_other_channel', 'queueId'],
  ])('%s: it is not published, and the editor says where', async (_, body, code, name, fault, field) => {
    const chats = await house.work(async ctx => (await addQueue(ctx, Queue.parse({ name: '网页', channel: 'chat' }))).id)
    const flow = await begin('所指', body(chats))
    const node = flow.draft.nodes.find(n => n.name === name)?.key
    expect(flow.faults).toContainEqual({ node, field, code: fault })
    await expect(as(ctx => publishFlow(ctx, flow.id, ''))).rejects.toMatchObject({ code, facts: { node, name } })
    expect((await as(ctx => oneFlow(ctx, flow.id))).published).toBeNull()
  }) // biome-ignore format: cases read better one per line
})

describe('a draft', () => {
  test('says what keeps it from being heard, at which step', async () => {
    const body = menu()
    const flow = await begin('未完', { ...body, nodes: body.nodes.filter(n => n.key !== 'repairs') })
    expect(flow.faults).toEqual([{ node: 'menu', field: 'options.0.next', code: 'flow.dangling' }])
    await expect(as(ctx => publishFlow(ctx, flow.id, ''))).rejects.toMatchObject({ code: 'flow.faulty', facts: { count: 1 } })
    expect((await as(ctx => oneFlow(ctx, flow.id))).published).toBeNull()
  })

  test('made of one that another changed meanwhile is refused; of many at once one is kept', async () => {
    const flow = await begin('同时')
    const put = (basedOn: Date, name: string) =>
      as(ctx =>
        keepDraft(ctx, flow.id, { basedOn, body: { ...menu(), nodes: menu().nodes.map(n => (n.key === 'end' ? { ...n, name } : n)) } }),
      )
    const kept = await Promise.allSettled(Array.from({ length: 6 }, (_, n) => put(flow.changedAt, `结束 ${n}`)))
    expect(kept.filter(k => k.status === 'fulfilled')).toHaveLength(1)
    expect(kept.flatMap(k => (k.status === 'rejected' ? [k.reason.code] : []))).toEqual(Array(5).fill('flow.changed_meanwhile'))
    const now = await as(ctx => oneFlow(ctx, flow.id))
    expect(now.changedAt.getTime()).toBeGreaterThan(flow.changedAt.getTime())
    expect((await put(now.changedAt, '再改')).draft.nodes.at(-1)?.name).toBe('再改')
  })

  test('that names a queue nobody has is not published', async () => {
    const body = menu()
    const flow = await begin('没有队列', { ...body, nodes: body.nodes.map(n => (n.kind === 'queue' ? { ...n, queueId: newId() } : n)) })
    await expect(as(ctx => publishFlow(ctx, flow.id, ''))).rejects.toMatchObject({ code: 'flow.names_lost', facts: { name: '报修排队' } })
  })
})

describe('what is published', () => {
  test('stays as it was; the draft goes on', async () => {
    const flow = await begin('版本')
    const one = await as(ctx => publishFlow(ctx, flow.id, '开始'))
    expect(one).toMatchObject({ published: 1, versions: [{ version: 1, note: '开始' }] })
    const changed = await as(ctx =>
      keepDraft(ctx, flow.id, {
        basedOn: one.changedAt,
        body: { ...menu(), nodes: menu().nodes.map(n => ({ ...n, name: `${n.name}二` })) },
      }),
    )
    expect(changed.versions[0]?.body.nodes[0]?.name).toBe('问候')
    const two = await as(ctx => publishFlow(ctx, flow.id, ''))
    expect(two.versions.map(v => [v.version, v.body.nodes[0]?.name])).toEqual([
      [2, '问候二'],
      [1, '问候'],
    ])
    expect(await house.said('flow.published')).toContainEqual({ version: 2 })
    expect((await as(ctx => renameFlow(ctx, flow.id, { name: '改名' }))).name).toBe('改名')
  })

  test('is not retired while a number leads there, and no number leads to what nobody can hear', async () => {
    const flow = await begin('热线')
    const number = (flowId: string) => PhoneNumber.parse({ number: '95000', name: '供水热线', flowId })
    await expect(as(ctx => addNumber(ctx, number(flow.id)))).rejects.toMatchObject({ code: 'number.flow_not_heard' })
    await as(ctx => publishFlow(ctx, flow.id, ''))
    const { id } = await as(ctx => addNumber(ctx, number(flow.id)))
    await expect(as(ctx => addNumber(ctx, number(flow.id)))).rejects.toMatchObject({ code: 'catalog.taken' })
    expect((await as(ctx => listFlows(ctx))).find(f => f.id === flow.id)?.numbers).toEqual(['95000'])
    await expect(as(ctx => retireFlow(ctx, flow.id, true))).rejects.toMatchObject({
      code: 'flow.numbers_lead_here',
      facts: { numbers: ['95000'] },
    })
    await as(ctx => changeNumber(ctx, id, { flowId: null }))
    expect((await as(ctx => retireFlow(ctx, flow.id, true))).retired).toBe(true)
    await expect(as(ctx => publishFlow(ctx, flow.id, ''))).rejects.toMatchObject({ code: 'flow.retired' })
    expect((await as(ctx => retireFlow(ctx, flow.id, false))).retired).toBe(false)
  })
})

test('a trial walks through the draft with the machine of every call and does nothing', async () => {
  const flow = await begin('试拨')
  const asked = { from: '', caller: 'number' as const, language: 'zh' as const, at: null, keys: '', silence: false }
  const first = await as(ctx => tryFlow(ctx, flow.id, asked))
  expect(first.steps.flatMap(s => s.heard.map(h => h.text))).toEqual(['您好，欢迎来电', '报修请按 1'])
  expect(first).toMatchObject({ over: false, sounds: ['/sounds/zh/said-welcome.wav'] })
  expect(first.steps.at(-1)).toMatchObject({ node: 'menu', waitsFor: 'key' })
  const wrong = await as(ctx => tryFlow(ctx, flow.id, { ...asked, state: first.state, keys: '7' }))
  expect(wrong.steps.flatMap(s => s.heard.map(h => h.text))).toContain('没有这个选项')
  const queued = await as(ctx => tryFlow(ctx, flow.id, { ...asked, state: wrong.state, keys: '1' }))
  expect(queued.steps.at(-1)).toMatchObject({ waitsFor: 'queue' })
  expect(await house.said('call.arrived')).toEqual([])
})

test('a trial is walked by whom and when one says, and tells what it found', async () => {
  const end = { kind: 'hangup', sound: {} }
  const flow = await begin(
    '何时何人',
    FlowBody.parse({
      first: 'hours',
      nodes: [
        { kind: 'hours', key: 'hours', name: '时间', open: 'who', closed: 'end' },
        { kind: 'customer', key: 'who', name: '识别', tiers: ['gold'], yes: 'queue', no: 'end' },
        { kind: 'queue', key: 'queue', name: '排队', queueId },
        { ...end, key: 'end', name: '结束' },
      ],
    }),
  )
  const walk = (caller: 'stranger' | 'silver' | 'gold' | 'blocked', at: string) =>
    as(ctx => tryFlow(ctx, flow.id, { from: '', caller, language: 'zh', at: new Date(at), keys: '', silence: false }))
  const way = async (...given: Parameters<typeof walk>) =>
    (await walk(...given)).steps.flatMap(s => s.passed.map(p => `${p.node} ${p.out}`))
  const calendar = await house.work(ctx => calendarOf(ctx, null))
  // 10:00 on a Monday there, and 03:00 in its night.
  const [day, night] = ['2026-03-02T10:00', '2026-03-02T03:00'].map(wall => atWall(calendar.timezone, wall).toISOString())
  expect(await way('gold', day ?? '')).toEqual(['hours open', 'who yes'])
  expect(await way('silver', day ?? '')).toEqual(['hours open', 'who no'])
  expect(await way('stranger', day ?? '')).toEqual(['hours open', 'who no'])
  expect(await way('gold', night ?? '')).toEqual(['hours closed'])
  expect((await walk('gold', day ?? '')).steps.flatMap(s => s.passed.map(p => p.found))).toEqual([
    { of: 'hours', calendar: calendar.name, wall: '2026-03-02T10:00', hours: calendar.week['1'], special: false },
    { of: 'customer', known: true, name: '', tier: 'gold' },
  ])
  expect(await walk('blocked', day ?? '')).toMatchObject({ over: true, steps: [{ waitsFor: 'blocked', passed: [] }] })
})

test('the flow of the sample centre could be published as it stands, in both languages', () => {
  for (const language of ['zh', 'en'] as const) {
    const ids = idsOf(language, new Date())
    expect(faultsOf(hotlineFlow(ids, wordsIn(language)))).toEqual([])
  }
})
