// @vitest-environment node
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { TimelineEntry } from '#contract/timeline.ts'
import { chapters, turns } from './story.ts'

let n = 0
const entry = (name: string, over: Partial<TimelineEntry> = {}): TimelineEntry => ({
  id: `e${n++}`,
  name,
  at: new Date(10_000 - n),
  about: 'x',
  actorName: null,
  interactionId: null,
  detail: {},
  words: null,
  changes: [],
  ...over,
})

test('a contact is told once, whatever marks it left, and its rating once', () => {
  const talk = { interactionId: 'i1' }
  const told = chapters([
    entry('rating.given', talk),
    entry('interaction.rated', talk),
    entry('conversation.rated', talk),
    entry('interaction.wrapped', talk),
    entry('conversation.transferred', talk),
    entry('interaction.opened', talk),
    entry('ticket.dispatched', { about: 't1', ...talk }),
    entry('ticket.opened', { about: 't1', ...talk }),
    entry('customer.changed'),
    entry('customer.changed'),
  ])
  expect(told.map(c => [c.sort, c.events.length])).toEqual([
    ['rating', 3],
    ['contact', 3],
    ['ticket', 2],
    ['file', 1],
    ['file', 1],
  ])
  expect(told[1] && turns(told[1]).map(e => e.name)).toEqual(['conversation.transferred'])
})

test('every announcement that may name a customer has words', () => {
  const root = path.resolve(import.meta.dirname, '../..')
  const read = (pattern: string) =>
    globSync(pattern, { cwd: root })
      .map(file => readFileSync(path.join(root, file), 'utf8'))
      .join('\n')
  const said = read('server/domains/{customers,interactions,messaging,tickets,tasks,surveys,voice}/events.ts')
  const names = [...said.matchAll(/event\(\s*'([a-z_]+\.[a-z_]+)'/g)].map(m => m[1] ?? '')
  const words = read('console/**/*words.ts')
  // Timers, settings and what is said for rules alone are about no customer: the time line never holds them.
  const silent =
    /^(widget\.|ticket\.due$|task\.due$|approval\.due$|invitation\.due$|rating\.policy_changed$|conversation\.(silence_due|places_due|customer_wrote)$|call\.due$|customer\.search_due$|recording\.(due|over)$|flow\.)/
  expect(names.length).toBeGreaterThan(30)
  expect(names.filter(name => !silent.test(name) && !words.includes(`'${name}'`))).toEqual([])
})

test('a note is told once, with all that happened to it', () => {
  const told = chapters([
    entry('customer.noted', { detail: { noteId: 'n1', act: 'changed' } }),
    entry('customer.noted', { detail: { noteId: 'n2', act: 'written' } }),
    entry('customer.noted', { detail: { noteId: 'n1', act: 'written' } }),
  ])
  expect(told.map(c => [c.sort, c.key, c.events.length])).toEqual([
    ['note', 'note:n1', 2],
    ['note', 'note:n2', 1],
  ])
})
