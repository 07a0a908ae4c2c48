import { describe, expect, test } from 'vitest'
import { readableBrand } from '../kit/brand.ts'
import { headline, spanText, stepsOf, timeText, type Wire } from './view.ts'
import { words } from './words.ts'

const now = new Date(2026, 5, 18, 10, 42)
const at = (hours: number, minutes = 0, day = 18) => new Date(2026, 5, day, hours, minutes).toISOString()
const progress = (more: Partial<Wire> = {}): Wire => ({
  tenantName: '清源供水',
  tenantNameEn: 'Qingyuan Water',
  brand: '#0B7575',
  widgetKey: null,
  number: 'BX-0618-0187',
  title: '无水',
  place: '海棠里 3 幢',
  status: 'handling',
  kind: '报修',
  kindEn: 'Repair',
  openedAt: at(9, 12),
  dueAt: at(11, 40),
  resolvedAt: null,
  closedAt: null,
  departmentName: '抢修一队',
  departmentNameEn: 'Crew 1',
  urges: 0,
  steps: [
    { kind: 'opened', text: '', at: at(9, 12) },
    { kind: 'dispatched', text: '', at: at(9, 15) },
    { kind: 'taken', text: '', at: at(9, 52) },
    { kind: 'comment', text: '关阀 2 处', at: at(10, 31) },
  ],
  ...more,
})

test.each([
  [at(11, 40), 'zh', '11:40'],
  [at(9, 5, 19), 'zh', '6 月 19 日 09:05'],
  [at(9, 5, 19), 'en', '19 Jun, 09:05'],
] as const)('%s in %s is %s', (time, language, text) => expect(timeText(new Date(time), now, language)).toBe(text))

test.each([
  [20_000, '1 分钟'],
  [58 * 60_000, '58 分钟'],
  [3 * 3_600_000, '3 小时'],
  [49 * 3_600_000, '2 天'],
])('%i ms is %s', (ms, text) => expect(spanText(ms, words.zh)).toBe(text))

describe('the headline', () => {
  test.each([
    [{}, '预计 11:40 前办结', '还需约 58 分钟'],
    [{ dueAt: at(10, 40) }, '正在加紧处理', null],
    [{ status: 'waiting' }, '等您补充后继续处理', null],
    [{ status: 'resolved' }, '已办结', null],
    [{ status: 'closed' }, '已关闭', null],
  ] as const)('%j', (more, title, left) => expect(headline(progress(more), now, 'zh', words.zh)).toMatchObject({ title, left }))
  test('is never full before the work is done', () =>
    expect(headline(progress({ dueAt: at(9, 30) }), now, 'zh', words.zh).share).toBeLessThan(1))
})

describe('the steps', () => {
  const told = (more: Partial<Wire> = {}) => stepsOf(progress(more), now, 'zh', words.zh).map(s => [s.state, s.name, s.detail])
  test('the current one is the last that moved it, and what follows is shown', () =>
    expect(told()).toEqual([
      ['done', '已受理', ''],
      ['done', '已派单', '抢修一队'],
      ['now', '已接单，正在处理', ''],
      ['note', '进展', '关阀 2 处'],
      ['later', '办结', ''],
    ]))
  test('returned, it is being rearranged and no department is named', () => {
    const steps = [...progress().steps, { kind: 'returned' as const, text: '', at: at(10, 40) }]
    expect(told({ status: 'accepted', departmentName: null, steps }).slice(1, 5)).toEqual([
      ['done', '已派单', ''],
      ['done', '已接单，正在处理', ''],
      ['note', '进展', '关阀 2 处'],
      ['now', '重新安排', ''],
    ])
  })
  test('closed, nothing follows', () =>
    expect(
      told({
        status: 'closed',
        steps: [
          { kind: 'opened', text: '', at: at(9) },
          { kind: 'closed', text: '', at: at(10) },
        ],
      }),
    ).toEqual([
      ['done', '已受理', ''],
      ['done', '已关闭', ''],
    ]))
})

test.each([
  ['#0B7575', '#0B7575'],
  ['#ffd54f', '#000001'],
  ['red', '#000001'],
  ['#3552D6', '#3552D6'],
])('white on %s: %s', (brand, used) => expect(readableBrand(brand, '#000001')).toBe(used))
