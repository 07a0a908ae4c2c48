import { beforeAll, expect, test, vi } from 'vitest'
import { FlowBody, FlowNode } from '#contract/flows.ts'

let changesOf: typeof import('./changes.ts').changesOf
let setLanguage: typeof import('../../kit/words.ts').setLanguage
beforeAll(async () => {
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => {} })
  vi.stubGlobal('document', { documentElement: {}, cookie: '', addEventListener: () => {}, querySelector: () => null })
  vi.stubGlobal('navigator', { language: 'zh-CN', platform: 'Linux' })
  vi.stubGlobal('window', { matchMedia: () => ({ matches: false, addEventListener: () => {} }), addEventListener: () => {} })
  ;({ changesOf } = await import('./changes.ts'))
  ;({ setLanguage } = await import('../../kit/words.ts'))
})

const ids = { a: '0190a000-0000-7000-8000-00000000000a', b: '0190a000-0000-7000-8000-00000000000b' }
const names = new Map([
  [ids.a, '报修队列'],
  [ids.b, '投诉队列'],
])
const name = (id: string) => names.get(id) ?? id
const end = { kind: 'hangup', key: 'end', name: '结束' }
const other = { kind: 'hangup', key: 'other', name: '再见', nameEn: 'Bye' }
const body = (node: object) =>
  FlowBody.parse({
    first: 'n',
    nodes: [
      { sound: {}, ...node, key: 'n' },
      { ...end, sound: {} },
      { ...other, sound: {} },
    ],
  })
const changed = (was: object, is: object) => changesOf(body(was), body(is), name)

test('what changed within a step is said in words, before and after, in both languages', () => {
  const menu = {
    ...{ kind: 'menu', name: '主菜单', nameEn: 'Menu', sound: { text: '报修按 1' }, otherwise: 'end' },
    options: [{ key: '1', name: '报修', next: 'end' }],
  }
  const is = {
    ...{ ...menu, sound: { text: '报修请按 1' }, tries: 2 },
    options: [
      { key: '1', name: '报修', next: 'other' },
      { key: '2', name: '进度', nameEn: 'Progress', next: 'end' },
    ],
  }
  setLanguage('zh')
  expect(changed(menu, is)).toEqual([
    {
      ...{ key: 'n', name: '主菜单', how: 'changed' },
      lines: [
        { label: '播报内容 中文', was: '报修按 1', is: '报修请按 1' },
        { label: '键 1 · 下一步', was: '结束', is: '再见' },
        { label: '键 2', was: '无', is: '进度 / Progress' },
        { label: '键 2 · 下一步', was: '无', is: '结束' },
        { label: '最多播报', was: '3 次', is: '2 次' },
      ],
    },
  ])
  setLanguage('en')
  expect(changed(menu, is)[0]?.lines.slice(1, 3)).toEqual([
    { label: 'Key 1 · Next', was: '结束', is: 'Bye' },
    { label: 'Key 2', was: 'none', is: '进度 / Progress' },
  ])
  setLanguage('zh')
})

test('steps that came, that went, and where calls begin', () => {
  const say = { kind: 'say', key: 'hello', name: '问候', sound: {}, next: 'end' }
  const was = FlowBody.parse({ first: 'end', nodes: [end, other].map(n => ({ ...n, sound: {} })) })
  const is = FlowBody.parse({ first: 'hello', nodes: [say, { ...end, sound: {} }] })
  expect(changesOf(was, is, name)).toEqual([
    { key: '', name: '开始', how: 'changed', lines: [{ label: '开始', was: '结束', is: '问候' }] },
    { key: 'hello', name: '问候', how: 'added', lines: [] },
    { key: 'other', name: '再见', how: 'gone', lines: [] },
  ])
  expect(changesOf(is, is, name)).toEqual([])
})

test('a step that was only given another name changes nothing at those that lead to it', () => {
  const was = body({ kind: 'say', name: '问候', next: 'end' })
  const is = { ...was, nodes: was.nodes.map(n => (n.key === 'end' ? { ...n, name: '挂断' } : n)) }
  expect(changesOf(was, is, name).map(c => c.key)).toEqual(['end'])
})

/** Another value for every field that the contract knows. */
const others: Record<string, unknown> = {
  ...{ name: '另一个', nameEn: 'Another', next: 'other', otherwise: 'other', open: 'other', closed: 'other', yes: 'other', no: 'other' },
  ...{ none: 'other', late: 'other', failed: 'other', sound: { announcementId: ids.b }, seconds: 9, tries: 5, min: 2, max: 19 },
  ...{ meaning: 'phone', calendarId: ids.b, tiers: ['gold'], language: 'en', queueId: ids.b, musicId: ids.b, tellEvery: 99 },
  ...{ callBackAfter: 99, leaveAfter: 99, most: 99, number: '110', ringSeconds: 99, options: [{ key: '3', name: '三', next: 'other' }] },
}
const fieldsOf = FlowNode.options.flatMap(({ shape }) =>
  Object.keys(shape).flatMap(field => (field === 'kind' || field === 'key' ? [] : [[shape.kind.value, field] as const])),
)
test.each(fieldsOf)('%s: another %s is told', (kind, field) => {
  // Only who waits too long leaves the queue.
  const was = { kind, name: '一步', language: 'zh', queueId: ids.a, leaveAfter: 60, options: [] }
  const [change] = changed(was, { ...was, [field]: others[field] })
  expect(others).toHaveProperty(field)
  expect(change?.lines.length).toBeGreaterThan(0)
  for (const line of change?.lines ?? []) expect(line.was).not.toBe(line.is)
})
