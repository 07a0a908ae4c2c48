import { expect, test } from 'vitest'
import type { Wallboard } from '#contract/insight.ts'
import { alarmsOf, moodOf, volumeOf } from './board.ts'

const at = new Date('2026-06-18T02:42:00Z')
const ago = (seconds: number) => new Date(at.getTime() - seconds * 1000)
const queue = (change: Partial<Wallboard['queues'][number]>): Wallboard['queues'][number] => ({
  id: 'q',
  name: '报修',
  nameEn: 'Repairs',
  channel: 'chat',
  waiting: 0,
  longestSince: null,
  ready: 2,
  handling: 0,
  working: 2,
  offered: 20,
  serviceLevel: 0.9,
  abandonRate: 0,
  targetPercent: 80,
  ...change,
})
const agent = (change: Partial<Wallboard['agents'][number]>): Wallboard['agents'][number] => ({
  id: 'a',
  name: '沐阳',
  state: 'ready',
  reason: null,
  since: ago(10),
  used: 0,
  capacity: 5,
  ...change,
})
const board = (change: Partial<Wallboard>): Wallboard => ({
  at,
  day: '2026-06-18',
  waiting: 0,
  longestSince: null,
  today: {
    offered: 0,
    answered: 0,
    answeredInTarget: 0,
    abandoned: 0,
    shortAbandoned: 0,
    left: 0,
    serviceLevel: null,
    abandonRate: null,
    asaSeconds: null,
    ahtSeconds: null,
    ratings: 0,
    ratingAverage: null,
    csat: null,
    ticketsOpened: 0,
    ticketsClosed: 0,
  },
  target: { percent: 80, seconds: 20, shortAbandonSeconds: 5 },
  queues: [],
  agents: [],
  hours: [],
  channels: [],
  tickets: { open: 0, late: 0 },
  definition: { zh: '', en: '', version: '' },
  ...change,
})
const told = (change: Partial<Wallboard>, aside: string[] = []) =>
  alarmsOf(board(change), new Set(aside), at.getTime()).map(a => `${a.what} ${a.tone}`)

test.each<[string, Partial<Wallboard>, string[], string[]]>([
  ['all is well', { queues: [queue({})], agents: [agent({})] }, [], []],
  ['someone waits and nobody is ready', { queues: [queue({ waiting: 1, longestSince: ago(3), ready: 0, working: 0 })] }, [], ['nobody ba']],
  ['someone waits while all are on calls', { queues: [queue({ waiting: 1, longestSince: ago(3), ready: 0 })] }, [], []],
  ['a minute of waiting', { queues: [queue({ waiting: 1, longestSince: ago(61) })] }, [], ['wait wa']],
  ['two minutes of waiting', { queues: [queue({ waiting: 1, longestSince: ago(121) })] }, [], ['wait ba']],
  ['just below target', { queues: [queue({ serviceLevel: 0.75 })] }, [], ['service wa']],
  ['far below target', { queues: [queue({ serviceLevel: 0.6 })] }, [], ['service ba']],
  ['below target, but too few contacts to say so', { queues: [queue({ serviceLevel: 0, offered: 4 })] }, [], []],
  ['no service level yet', { queues: [queue({ serviceLevel: null })] }, [], []],
  ['set aside after missed offers', { agents: [agent({ state: 'busy' })] }, ['a'], ['aside wa']],
  ['busy by choice', { agents: [agent({ state: 'busy' })] }, [], []],
  ['half an hour of break', { agents: [agent({ state: 'break', since: ago(1800) })] }, [], ['break wa']],
  ['late tickets', { tickets: { open: 9, late: 2 } }, [], ['late wa']],
  [
    'the worst stands first',
    { tickets: { open: 9, late: 2 }, queues: [queue({ waiting: 1, longestSince: ago(3), ready: 0, working: 0, serviceLevel: 0.75 })] },
    [],
    ['nobody ba', 'service wa', 'late wa'],
  ],
])('%s', (_, change, aside, expected) => {
  expect(told(change, aside)).toEqual(expected)
})

test('a ready agent with a contact in hand is talking', () => {
  expect([moodOf(agent({})), moodOf(agent({ used: 1 })), moodOf(agent({ state: 'wrap', used: 1 }))]).toEqual(['ready', 'talking', 'wrap'])
})

test('the sentence below the chart', () => {
  expect(volumeOf([])).toBeNull()
  expect(
    volumeOf([
      { hour: 8, offered: 4, answered: 3, waiting: 0 },
      { hour: 9, offered: 8, answered: 6, waiting: 2 },
    ]),
  ).toEqual({ total: 12, peakHour: 9, peak: 8, share: 0.9 })
})
