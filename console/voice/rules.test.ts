import { expect, test } from 'vitest'
import type { MyCall } from '#contract/voice.ts'
import { callInHand, dialled, graceMs, inDesk, isAsked, isHandedOver, isRunning, isWeak, masked, repeated, toMend, worst } from './rules.ts'

const me = 'a0000000-0000-4000-8000-000000000001'
const call = (change: Partial<MyCall> = {}): MyCall => ({
  id: 'c1',
  interactionId: null,
  direction: 'in',
  stage: 'talking',
  line: 'practice',
  caller: '13800001111',
  called: '2036',
  numberName: '',
  numberNameEn: '',
  customerId: null,
  customerName: '',
  queueId: null,
  agentId: me,
  startedAt: new Date(0),
  answeredAt: null,
  endedAt: null,
  cause: null,
  leg: 'l1',
  legState: 'up',
  held: false,
  other: null,
  recording: 'never',
  talkingSince: null,
  heardBy: 'nobody',
  leading: false,
  wrapUntil: null,
  callBack: null,
  ...change,
})
const known = { meId: me, here: new Set<string>(), ready: () => true, fresh: false, now: 10_000 }

test('a call whose leg is not in this browser is asked for after a moment, and not twice at once', () => {
  const first = toMend([call()], known, new Map())
  expect(first.ask).toEqual([])
  const second = toMend([call()], { ...known, now: 10_000 + graceMs }, first.missed)
  expect(second.ask.map(c => c.id)).toEqual(['c1'])
  const third = toMend([call()], { ...known, now: 10_001 + graceMs }, second.missed)
  expect(third.ask).toEqual([])
  expect(toMend([call()], { ...known, now: 20_000 }, third.missed).ask).toHaveLength(1)
})

test('after a reload it is asked for at once', () => {
  expect(toMend([call()], { ...known, fresh: true }, new Map()).ask).toHaveLength(1)
})

test('a call whose sound is here, is on its way, or is over, is left alone', () => {
  const none = { ...known, fresh: true }
  expect(toMend([call()], { ...none, here: new Set(['l1']) }, new Map()).ask).toEqual([])
  expect(toMend([call({ stage: 'connecting', legState: 'dialling' })], none, new Map()).ask).toEqual([])
  expect(toMend([call({ stage: 'over', legState: 'gone', wrapUntil: new Date(0) })], none, new Map()).ask).toEqual([])
  expect(toMend([call()], { ...none, ready: () => false }, new Map()).ask).toEqual([])
})

test('a call that waits for my phone is asked for although its leg is gone', () => {
  expect(toMend([call({ stage: 'mending', legState: 'gone' })], { ...known, fresh: true }, new Map()).ask).toHaveLength(1)
  expect(toMend([call({ stage: 'mending', legState: 'gone', agentId: 'other' })], { ...known, fresh: true }, new Map()).ask).toEqual([])
})

test('what a colleague asks rings and is not in my hand', () => {
  const asked = call({ id: 'c2', agentId: 'other', legState: 'ringing' })
  expect(isAsked(asked, me)).toBe(true)
  expect(callInHand([asked], me, 0)).toBeUndefined()
  expect(callInHand([asked, call()], me, 0)?.id).toBe('c1')
})

test('a running call goes before one that is wrapped up', () => {
  const wrapping = call({ id: 'old', stage: 'over', legState: 'gone', wrapUntil: new Date(60_000) })
  expect(callInHand([wrapping], me, 0)?.id).toBe('old')
  expect(callInHand([wrapping, call()], me, 0)?.id).toBe('c1')
  expect(inDesk([wrapping, call()], me).map(c => c.id)).toEqual(['c1', 'old'])
})

test('when the time of wrap-up is over the bar is free, and the desk keeps what is not written down', () => {
  const left = call({ stage: 'over', legState: 'gone', wrapUntil: null })
  const late = call({ id: 'late', stage: 'over', legState: 'gone', wrapUntil: new Date(10) })
  expect(callInHand([left, late], me, 20)).toBeUndefined()
  expect(inDesk([left, late], me)).toHaveLength(2)
})

test('the phone is as its worst line', () => {
  expect(worst([])).toBe('ready')
  expect(worst(['ready', 'connecting'])).toBe('connecting')
  expect(worst(['refused', 'no_microphone'])).toBe('no_microphone')
})

test('sound is weak when packets are lost, late or uneven', () => {
  const well = { loss: 0.01, jitterMs: 12, rttMs: 80 }
  expect(isWeak(well)).toBe(false)
  expect(isWeak({ ...well, loss: 0.08 })).toBe(true)
  expect(isWeak({ ...well, jitterMs: 90 })).toBe(true)
  expect(isWeak({ ...well, rttMs: 900 })).toBe(true)
})

test('a number is dialled as it was meant', () => {
  expect(dialled(' 138 0013-8000 ')).toBe('13800138000')
  expect(dialled('+86 (10) 6552.1234')).toBe('+861065521234')
  expect(dialled('１０１０')).toBe('1010')
  expect(dialled('Li')).toBeNull()
  expect(dialled('')).toBeNull()
})

test('a number is shown without its middle, once and for all', () => {
  expect(masked('13800006021')).toBe('138****6021')
  expect(masked(masked('13800006021'))).toBe('138****6021')
  expect(masked('+8613800006021')).toBe('138****6021')
  expect(masked('2036')).toBe('2036')
})

test('a customer who is here again is counted by the day, or by the reason within a week', () => {
  const at = (hours: number) => new Date(Date.UTC(2026, 5, 18, 12) - hours * 3_600_000)
  const contact = (id: string, hours: number, reasonId: string | null = null) => ({ id, channel: 'phone', startedAt: at(hours), reasonId })
  const now = { interactionId: 'now', startedAt: at(0), reasonId: 'r' }
  expect(repeated([contact('now', 0)], now)).toBeNull()
  expect(repeated([contact('now', 0), contact('a', 3), contact('b', 20), contact('c', 30)], now)).toEqual({
    count: 3,
    within: 'day',
    last: 'a',
  })
  expect(repeated([contact('c', 30, 'r'), contact('d', 40, 'x')], now)).toEqual({ count: 2, within: 'week', last: 'c' })
  expect(repeated([contact('d', 40)], { ...now, reasonId: null })).toBeNull()
})

test('a call that was handed over is written down while another talks on', () => {
  const handed = call({ stage: 'talking', legState: 'gone', agentId: 'other', wrapUntil: new Date(60_000) })
  expect([isRunning(handed), isHandedOver(handed)]).toEqual([false, true])
  expect(callInHand([handed], 'me', 0)).toBe(handed)
  const back = { ...handed, legState: 'up' as const }
  expect([isRunning(back), isHandedOver(back)]).toEqual([true, false])
  expect(isHandedOver(call({ stage: 'rating', legState: 'gone', wrapUntil: new Date(60_000) }))).toBe(false)
})
