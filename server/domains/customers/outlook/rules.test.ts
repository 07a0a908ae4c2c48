import { describe, expect, test } from 'vitest'
import type { Matter, Touch } from '#kernel/outlook.ts'
import { moodOf, nextOf, type Own, outlookOf } from './rules.ts'

const now = new Date('2026-06-18T10:00:00Z')
const ago = (days: number) => new Date(now.getTime() - days * 86_400_000)
let n = 0
const touch = (days: number, more: Partial<Touch> = {}): Touch => ({
  id: `t${n++}`,
  channel: 'phone',
  inward: true,
  unanswered: false,
  at: ago(days),
  answeredAt: more.unanswered ? null : ago(days),
  rating: null,
  ...more,
})
const matter = (more: Partial<Matter> = {}): Matter => ({
  id: `m${n++}`,
  title: 'BX-1 停水',
  open: true,
  late: false,
  dueAt: null,
  complaint: false,
  openedAt: ago(1),
  ...more,
})
const own: Own = {
  overdueAmount: 0,
  overdueSince: null,
  neglectedSince: null,
  rounds: [],
  asked: true,
  reachable: true,
  undisturbed: null,
}

describe('the mood', () => {
  const mood = (touches: Touch[], matters: Matter[] = []) => moodOf({ touches, matters, now })

  test.each<[string, ReturnType<typeof mood>, number | null, string | null]>([
    ['nothing is known', mood([touch(1)]), null, null],
    ['rated well', mood([touch(1, { rating: 5 }), touch(2, { rating: 4 })]), 90, 'good'],
    ['rated badly', mood([touch(1, { rating: 2 })]), 40, 'low'],
    ['well, but a complaint', mood([touch(1, { rating: 4 })], [matter({ complaint: true })]), 65, 'fair'],
    ['a complaint of last year', mood([touch(1, { rating: 4 })], [matter({ complaint: true, openedAt: ago(200) })]), 80, 'good'],
    [
      'five complaints count as three',
      mood(
        [],
        Array.from({ length: 5 }, () => matter({ complaint: true })),
      ),
      30,
      'low',
    ],
    ['a late ticket, no ratings', mood([], [matter({ late: true })]), 65, 'fair'],
    ['nobody answered twice', mood([touch(1, { unanswered: true }), touch(3, { unanswered: true })]), 65, 'fair'],
    ['nobody answered half a year ago', mood([touch(100, { unanswered: true }), touch(1, { rating: 5 })]), 100, 'good'],
    ['we who were not answered say nothing', mood([touch(1, { unanswered: true, inward: false })]), null, null],
  ])('%s', (_, mood, score, level) => {
    expect([mood?.score ?? null, mood?.level ?? null]).toEqual([score, level])
    const sum = (mood?.reasons ?? []).reduce((sum, reason) => sum + reason.points, 0)
    if (mood) expect(mood.score).toBe(mood.reasons.some(reason => reason.code === 'rating') ? sum : 75 + sum)
  })

  test('only the last ten ratings count', () => {
    const late = Array.from({ length: 10 }, (_, n) => touch(n + 1, { rating: 5 }))
    expect(mood([...late, touch(20, { rating: 1 })])?.score).toBe(100)
  })
})

describe('what is best done next', () => {
  const next = (touches: Touch[], matters: Matter[] = [], more: Partial<Own> = {}) =>
    nextOf({ touches, matters, own: { ...own, ...more }, now }).map(step => step.code)

  test('whoever was not answered is called back, until somebody talked with them', () => {
    const missed = touch(0.1, { unanswered: true })
    expect(next([missed])).toEqual(['call_back'])
    expect(next([touch(0.05), missed])).toEqual([])
    expect(next([touch(0.05, { unanswered: true, inward: false }), missed])).toEqual(['call_back'])
    expect(next([missed, touch(2)])).toEqual(['call_back'])
    expect(next([touch(9, { unanswered: true })])).toEqual([])
  })

  test('of open tickets the late one comes first, and the soonest of them; closed ones are over', () => {
    const [soon, later] = [matter({ dueAt: ago(-1) }), matter({ dueAt: ago(-2) })]
    expect(nextOf({ matters: [later, soon, matter({ open: false, complaint: true })], own, now })).toMatchObject([
      { code: 'open', n: 2, about: { noun: 'ticket', id: soon.id } },
    ])
    const late = matter({ late: true, dueAt: ago(1) })
    expect(nextOf({ matters: [soon, late], own, now })).toMatchObject([{ code: 'late', n: 1, about: { id: late.id } }])
  })

  test('what presses more stands first', () => {
    const all = next([touch(0.1, { unanswered: true }), touch(3, { rating: 1 })], [matter({ late: true })], {
      overdueAmount: 100,
      overdueSince: '2026-05-01',
      rounds: [{ kind: 'visit', dueOn: '2026-06-20', taskId: null }],
      asked: false,
    })
    expect(all).toEqual(['call_back', 'late', 'overdue', 'rated_low', 'visit', 'consent'])
  })

  test('a low rating asks for a word, until somebody had one', () => {
    expect(next([touch(3, { rating: 2 })])).toEqual(['rated_low'])
    expect(next([touch(3, { rating: 3 })])).toEqual([])
    expect(next([touch(1), touch(3, { rating: 2 })])).toEqual([])
    expect(next([touch(20, { rating: 1 })])).toEqual([])
  })

  test('who was left alone too long, without a task of it; who has one is visited', () => {
    expect(next([], [], { neglectedSince: '2026-06-01' })).toEqual(['neglected'])
    expect(next([], [], { neglectedSince: '2026-06-01', rounds: [{ kind: 'visit', dueOn: '2026-06-01', taskId: 'x' }] })).toEqual(['visit'])
  })

  test('who wants to be left alone is only answered, visited and billed', () => {
    const alone = { undisturbed: { until: null }, asked: false, overdueAmount: 1, overdueSince: '2026-06-01' }
    const rounds: Own['rounds'] = [
      { kind: 'contact', dueOn: '2026-06-20', taskId: null },
      { kind: 'visit', dueOn: '2026-06-20', taskId: null },
    ]
    expect(next([touch(0.1, { unanswered: true })], [], { ...alone, rounds })).toEqual(['call_back', 'overdue', 'visit'])
    expect(next([touch(3, { rating: 1 })], [], alone)).toEqual(['overdue'])
  })
})

test('what one may not read is not told, and counts for nothing', () => {
  expect(outlookOf({ own, now })).toMatchObject({ open: null, late: null, contacts: null, rating: null, mood: null, next: [] })
})
