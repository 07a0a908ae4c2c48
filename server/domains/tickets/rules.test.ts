import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type FormField, fieldFault } from '#contract/forms.ts'
import type { TicketStatus } from '#contract/tickets.ts'
import { type Calendar, workingMinutesBetween } from '#kernel/calendar.ts'
import {
  type Clock,
  isOverdue,
  leadsTo,
  linkEnds,
  mayStep,
  mayUrgeAgainAt,
  morePressing,
  nextLook,
  numberOf,
  pauseClock,
  resumeClock,
  startClock,
  steps,
  stopClock,
} from './rules.ts'

const day = [{ from: 9 * 60, to: 17 * 60 }]
const office: Calendar = { timezone: 'Asia/Shanghai', week: { 1: day, 2: day, 3: day, 4: day, 5: day }, days: {} }
const at = (text: string) => new Date(`2026-06-${text.replace(' ', 'T')}:00+08:00`)
const clock = (dueAt: Date, more: Partial<Clock> = {}): Clock => ({
  ...{ dueAt, warnAt: null, warned: false, pausedAt: null, leftMinutes: null, late: false },
  ...more,
})
const never = { targetMinutes: 60, warnPercent: null }

describe('the clock', () => {
  test('runs in working time', () =>
    expect(startClock(at('18 16:00'), { targetMinutes: 120, warnPercent: null }, office).dueAt).toEqual(at('19 10:00')))

  test.each([
    ['an hour left is an hour left', at('18 10:00'), at('18 11:00'), at('18 15:00'), at('18 16:00'), false],
    ['over the night', at('18 16:00'), at('18 17:00'), at('19 12:00'), at('19 13:00'), false],
    ['over the weekend', at('19 16:30'), at('22 09:30'), at('23 09:00'), at('23 10:00'), false],
    ['paused outside working hours', at('18 20:00'), at('19 09:30'), at('19 12:00'), at('19 12:30'), false],
    ['missed before the pause stays missed', at('18 11:30'), at('18 11:00'), at('18 15:00'), at('18 11:00'), true],
  ])('%s', (_, pausedAt, dueAt, resumedAt, due, late) => {
    const paused = pauseClock(clock(dueAt), pausedAt, office)
    expect(paused.pausedAt).toEqual(pausedAt)
    expect(resumeClock(paused, resumedAt, never, office)).toEqual(clock(due, { late }))
  })

  test.each([
    ['in time', at('18 10:59'), false],
    ['on the minute', at('18 11:00'), false],
    ['late', at('18 11:01'), true],
  ])('stopped %s', (_, stoppedAt, late) => expect(stopClock(clock(at('18 11:00')), stoppedAt, never, office).late).toBe(late))

  test('what is done while it stands still is in time', () => {
    const paused = pauseClock(clock(at('18 11:00')), at('18 10:00'), office)
    expect(stopClock(paused, at('22 12:00'), never, office)).toEqual(clock(at('22 13:00')))
  })

  test.each([
    ['after its share of the working time', null, at('19 09:36')],
    ['not while it stands still', { pausedAt: at('18 16:30') }, null],
    ['with the same share left after a pause', { pausedAt: at('18 16:30'), resumedAt: at('22 12:00') }, at('22 13:06')],
    ['at once when less was left', { pausedAt: at('19 09:50'), resumedAt: at('22 12:00') }, at('22 12:00')],
  ])('warns %s', (_, pause: { pausedAt: Date; resumedAt?: Date } | null, warnAt) => {
    const terms = { targetMinutes: 120, warnPercent: 80 }
    const started = startClock(at('18 16:00'), terms, office)
    const paused = pause ? pauseClock(started, pause.pausedAt, office) : started
    expect((pause?.resumedAt ? resumeClock(paused, pause.resumedAt, terms, office) : paused).warnAt).toEqual(warnAt)
  })

  test('the timer looks for the warning first, then for the end, and without a share for the end alone', () => {
    const due = at('18 11:00')
    expect(nextLook(clock(due, { warnAt: at('18 10:00') }))).toEqual(at('18 10:00'))
    expect(nextLook(clock(due, { warnAt: at('18 10:00'), warned: true }))).toEqual(due)
    expect(nextLook(clock(due))).toEqual(due)
  })

  test('overdue is whoever runs past the target', () => {
    const late = (status: TicketStatus, more: Partial<Clock> = {}) => isOverdue({ status, ...clock(at('18 11:00'), more) }, at('18 11:01'))
    expect([late('accepted'), late('dispatched'), late('handling'), late('resolved'), late('closed')]).toEqual([
      true,
      true,
      true,
      false,
      false,
    ])
    expect(late('waiting', { pausedAt: at('18 10:00'), leftMinutes: 60 })).toBe(false)
  })

  test('pausing never costs the customer a promise nor gives one away', () => {
    const minute = fc.integer({ min: 0, max: 20_000 })
    fc.assert(
      fc.property(minute, minute, fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 99 }), (opened, pause, target, percent) => {
        const start = new Date(at('15 09:00').getTime() + opened * 60_000)
        const terms = { targetMinutes: target, warnPercent: percent }
        const running = startClock(start, terms, office)
        const halt = new Date(start.getTime() + pause * 60_000)
        // Resumed in the moment it was paused: nothing has changed.
        const same = resumeClock(pauseClock(running, halt, office), halt, terms, office)
        expect(same.late).toBe(running.dueAt !== null && halt > running.dueAt)
        if (!same.late && same.dueAt && running.dueAt)
          expect(Math.abs(same.dueAt.getTime() - running.dueAt.getTime())).toBeLessThanOrEqual(64 * 3_600_000)
        if (!same.late && halt < (running.dueAt ?? halt)) {
          expect(same.dueAt).toEqual(running.dueAt)
          // What is left is kept by the minute.
          const later = workingMinutesBetween(running.warnAt ?? halt, same.warnAt ?? halt, office)
          if (running.warnAt && halt < running.warnAt) expect(Math.abs(later)).toBeLessThanOrEqual(1)
          else expect(same.warnAt?.getTime()).toBeLessThanOrEqual(same.dueAt?.getTime() ?? 0)
        }
      }),
    )
  })
})

describe('the course', () => {
  const allowed: Record<TicketStatus, TicketStatus[]> = {
    accepted: ['dispatched', 'resolved'],
    dispatched: ['dispatched', 'handling', 'accepted'],
    handling: ['dispatched', 'waiting', 'accepted', 'resolved'],
    waiting: ['handling', 'resolved'],
    resolved: ['closed', 'accepted'],
    closed: ['accepted'],
  }

  test.each(Object.entries(allowed))('from %s', (from, to) => {
    const reached = steps.filter(step => mayStep(from as TicketStatus, step)).map(step => leadsTo[step])
    expect(new Set(reached)).toEqual(new Set(to))
  })
})

test.each([
  ['normal', 'low', 'normal'],
  ['low', 'urgent', 'urgent'],
  ['high', 'high', 'high'],
  ['urgent', 'normal', 'urgent'],
] as const)('the more pressing of %s and %s is %s', (a, b, more) => expect(morePressing(a, b)).toBe(more))

test('a number tells kind and day', () => {
  expect(numberOf('BX', '2026-06-18', 187)).toBe('BX-0618-0187')
  expect(numberOf('TS', '2026-12-01', 12_345)).toBe('TS-1201-12345')
})

describe('the form of a kind', () => {
  const field = (key: string, type: FormField['type'], required = false): FormField => ({
    key,
    label: key,
    labelEn: '',
    help: '',
    helpEn: '',
    type,
    required,
    options: type === 'choice' ? [{ value: 'steel', label: '钢管', labelEn: '' }] : [],
  })
  const form = [
    field('pipe', 'choice', true),
    field('depth', 'number'),
    field('since', 'date'),
    field('shut', 'yesno'),
    field('words', 'text'),
  ]

  test.each([
    [{ pipe: 'steel' }, null],
    [{ pipe: 'steel', depth: 1.5, since: '2026-06-18', shut: false, words: '门口' }, null],
    [{ pipe: 'steel', depth: null, since: '' }, null],
    [{}, ['pipe', 'missing']],
    [{ pipe: '' }, ['pipe', 'missing']],
    [{ pipe: 'wood' }, ['pipe', 'choice']],
    [{ pipe: ['steel'] }, ['pipe', 'choice']],
    [{ pipe: 'steel', depth: '1.5' }, ['depth', 'number']],
    [{ pipe: 'steel', depth: Number.NaN }, ['depth', 'number']],
    [{ pipe: 'steel', since: '2026-02-30' }, ['since', 'date']],
    [{ pipe: 'steel', since: 'yesterday' }, ['since', 'date']],
    [{ pipe: 'steel', shut: 'yes' }, ['shut', 'yesno']],
    [{ pipe: 'steel', words: { html: '<b>' } }, ['words', 'text']],
    [{ pipe: 'steel', words: 'x'.repeat(2001) }, ['words', 'text']],
    [{ pipe: 'steel', admin: true }, ['admin', 'unknown']],
    [JSON.parse('{"pipe":"steel","__proto__":1}'), ['__proto__', 'unknown']],
  ])('%j', (values: Record<string, unknown>, fault) => {
    const found = fieldFault(form, values)
    expect(found && [found.field, found.reason]).toEqual(fault)
  })
})

test('a customer may urge every half hour, and a link lives ninety days after closing', () => {
  expect([mayUrgeAgainAt(null), mayUrgeAgainAt(at('18 10:00'))]).toEqual([null, at('18 10:30')])
  expect([linkEnds(null), linkEnds(new Date('2026-01-01T00:00:00Z'))]).toEqual([null, new Date('2026-04-01T00:00:00Z')])
})
