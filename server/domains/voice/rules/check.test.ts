import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FlowBody } from '#contract/flows.ts'
import { exitsOf, faultsOf } from './check.ts'

const words = { text: '您好', textEn: 'Hello' }
const end = { kind: 'hangup', key: 'end', name: '再见', sound: {} }
const say = (key: string, next: string | null) => ({ kind: 'say', key, name: key, sound: words, next })
const menu = (...options: { key: string; next: string | null }[]) => ({
  ...{ kind: 'menu', key: 'menu', name: '菜单', sound: words, otherwise: 'end' },
  options: options.map(option => ({ name: '选项', ...option })),
})
const queueId = '0190a000-0000-7000-8000-000000000001'
const faults = (first: string | null, ...nodes: unknown[]) =>
  faultsOf(FlowBody.parse({ first, nodes })).map(({ node, field, code }) => [node, field, code].join(' '))

describe('a flow is not published', () => {
  const say1 = say('a', 'end')
  test.each([
    ['without a beginning', faults(null, say1, end), [' first flow.no_first']],
    ['whose beginning is gone', faults('gone', say1, end), [' first flow.no_first']],
    ['that leads nowhere', faults('a', say('a', null)), ['a next flow.leads_nowhere']],
    ['that leads to a node that is gone', faults('a', say('a', 'gone')), ['a next flow.dangling']],
    ['with a node nobody gets to', faults('end', say1, end), ['a key flow.unreachable']],
    ['with two nodes of one key', faults('a', say1, end, end), ['end key flow.key_twice']],
    ['with a menu without options', faults('menu', menu(), end), ['menu options flow.no_options']],
    [
      'with one key for two things',
      faults('menu', menu({ key: '1', next: 'end' }, { key: '1', next: 'end' }), end),
      ['menu options.1.key flow.same_key'],
    ],
    ['with an option that leads nowhere', faults('menu', menu({ key: '1', next: null }), end), ['menu options.0.next flow.leads_nowhere']],
    ['that goes in circles', faults('a', say('a', 'b'), say('b', 'a')), ['a next flow.endless', 'b next flow.endless']],
    ['that says nothing', faults('a', { ...say1, sound: {} }, end), ['a sound flow.no_sound']],
    ['that says it in one language', faults('a', { ...say1, sound: { text: '您好' } }, end), ['a sound.textEn flow.one_language']],
    [
      'that asks for more figures than may be',
      faults('d', { kind: 'digits', key: 'd', name: 'd', sound: words, min: 8, max: 4, next: 'end', otherwise: 'end' }, end),
      ['d min flow.min_over_max'],
    ],
    [
      'whose late callers are led nowhere',
      faults('q', { kind: 'queue', key: 'q', name: 'q', queueId, leaveAfter: 300 }),
      ['q late flow.leads_nowhere'],
    ],
  ])('%s', (_, found, expected) => expect(found).toEqual(expected))
})

describe('a flow is published', () => {
  test('whose callers wait for ever', () => expect(faults('q', { kind: 'queue', key: 'q', name: 'q', queueId })).toEqual([]))
  test('that goes back to a menu', () =>
    expect(faults('menu', menu({ key: '1', next: 'a' }, { key: '2', next: 'end' }), say('a', 'menu'), end)).toEqual([]))
})

test('a flow without faults has no way that ends in nothing', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd')
  const node = fc
    .tuple(key, key, fc.boolean())
    .map(([k, next, speaks]) => (speaks ? say(k, next) : { ...menu({ key: '1', next }, { key: '2', next: 'end' }), key: k }))
  fc.assert(
    fc.property(fc.uniqueArray(node, { selector: n => n.key, maxLength: 4 }), fc.option(key), (nodes, first) => {
      const flow = FlowBody.parse({ first, nodes: [...nodes, end] })
      if (faultsOf(flow).length > 0) return
      const keys = flow.nodes.map(n => n.key)
      for (const n of flow.nodes) for (const exit of exitsOf(n)) expect(keys).toContain(exit.to)
    }),
  )
})
