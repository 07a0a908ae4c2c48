// @vitest-environment node
import { beforeAll, expect, test, vi } from 'vitest'
import type { Names } from './auditWords.ts'

let said: typeof import('./auditWords.ts')
beforeAll(async () => {
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => {} })
  vi.stubGlobal('document', { documentElement: {}, cookie: '', addEventListener: () => {}, querySelector: () => null })
  vi.stubGlobal('navigator', { language: 'zh-CN', platform: 'Linux' })
  vi.stubGlobal('window', { matchMedia: () => ({ matches: false, addEventListener: () => {} }), addEventListener: () => {} })
  said = await import('./auditWords.ts')
}, 60_000)

const names: Names = {
  leaf: leaf => `${leaf.field === 'priority' ? '优先级' : leaf.field} ${leaf.op}`,
  action: ({ action, params }) => `${action === 'rule.tell' ? '通知' : action} ${Object.values(params).join(' ')}`,
  match: match => (match === 'all' ? '全部满足' : '任一满足'),
  wait: minutes => `${minutes} 分钟`,
  trigger: key => key,
  takes: takes => takes,
  approval: kind => (kind === 'goodwill' ? '水费减免' : kind),
  figure: figure => (figure === 'answer_rate' ? '接通率' : figure),
  target: (_, value) => `${value * 100}%`,
}
const id = '01900000-0000-7000-8000-000000000000'
const entry = (what: string, facts: Record<string, string>, aboutName: string | null = null) => ({
  id,
  at: new Date(0),
  what,
  actorKind: 'user',
  actorId: null,
  actorName: null,
  about: id,
  aboutName,
  changes: [],
  facts,
})

test('a rule is told in the words it was written in', () => {
  const condition = JSON.stringify({
    match: 'all',
    of: [
      { field: 'priority', op: 'is', value: ['high'] },
      { field: 'openedAt', op: 'inHours', value: { calendarId: '值班' } },
    ],
  })
  expect(said.partsOf('condition', '', condition, names)).toEqual({ was: '', is: '全部满足 (优先级 is; openedAt inHours)' })
  // Tiers and stages: what each is called, and by what condition one stands there.
  const steps = JSON.stringify([
    { key: 'gold', name: '金卡', condition: { match: 'all', of: [{ field: 'priority', op: 'is', value: ['high'] }] } },
  ])
  expect(said.partsOf('steps', '[]', steps, names)).toEqual({ was: '', is: '金卡: 优先级 is' })
  expect(said.partsOf('wait', '', '{"minutes":30,"working":true,"calendarId":null}', names).is).toBe('30 分钟')
  const kept = { action: 'ticket.take', params: {} }
  const told = { action: 'rule.tell', params: { who: '林夏' } }
  expect(said.partsOf('actions', JSON.stringify([kept]), JSON.stringify([kept, told]), names)).toEqual({ was: '', is: '通知 林夏' })
})

test('facts are words: no keys, no ids, nothing built', () => {
  const told = (what: string, facts: Record<string, string>) => said.factLines(entry(what, facts), names).map(line => line.value)
  expect(told('standard.measured', { number: '2', figure: 'answer_rate', target: '0.86', fromDay: '2026-06-01' })).toEqual([
    '2',
    '接通率',
    '86%',
    '2026-06-01',
  ])
  expect(told('document.made', { number: '1', templateId: id, matterId: 'GD-1', scheduleId: '' })).toEqual(['1', 'GD-1'])
  const run = { kind: 'import.customers', facts: '{"dry":false,"noun":"rows"}', done: '9', outcome: '{"made":9}' }
  expect(told('run.finished', run)).toHaveLength(1)
  expect(said.aboutWord(entry('run.finished', run), names)).not.toBe('')
  const decided = { kind: 'goodwill', matter: `{"noun":"ticket","id":"GD-1"}`, outcome: 'approved', askedById: '林夏' }
  expect(said.aboutWord(entry('approval.decided', decided, 'GD-1'), names)).toBe('水费减免 GD-1')
  const all = [
    ...told('run.finished', run),
    ...told('approval.decided', decided),
    ...told('notice.ended', { cancelled: 'true', counts: '{"delivered":25}' }),
    ...told('whatever', { rows: `[{"a":{"b":[1]}}]`, whole: '{"x":{"y":"z"}}', nobody: id }),
  ]
  expect(all.join(' ')).not.toMatch(/[{}[\]]|[0-9a-f]{8}-/)
})
