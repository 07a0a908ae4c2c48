import { expect, test } from 'vitest'
import { disputed, merge, mergeDeep } from './merge.ts'

const base = { title: 'No water', place: 'Haitang 3', note: '', tags: ['a'] }

test('two who change different things lose nothing', () => {
  const both = { base, mine: { ...base, title: 'No water, 3rd floor' }, theirs: { ...base, place: 'Haitang 5', tags: ['a', 'b'] } }
  expect(disputed(both)).toEqual([])
  expect(merge(both)).toEqual({ title: 'No water, 3rd floor', place: 'Haitang 5', note: '', tags: ['a', 'b'] })
})

test('what both changed is told, unless they agree', () => {
  const mine = { ...base, title: 'Burst main', place: 'Haitang 4' }
  expect(disputed({ base, mine, theirs: { ...base, title: 'Low pressure', place: 'Haitang 4' } })).toEqual(['title'])
  expect(merge({ base, mine, theirs: { ...base, title: 'Low pressure' } }).title).toBe('Burst main')
})

test('an empty field is the same nothing as a missing one', () => {
  expect(disputed({ base: { f: {} }, mine: { f: { a: '' } }, theirs: { f: { a: null } } })).toEqual([])
  expect(disputed({ base: { f: { a: 1, b: 2 } }, mine: { f: { b: 2, a: 1 } }, theirs: { f: { a: 1, b: 3 } } })).toEqual([])
})

test('two who change different things of one part of a row both have theirs', () => {
  const base = { key: 'f1', field: { label: '户型', options: ['一室'], min: null } }
  const mine = { key: 'f1', field: { label: '房型', options: ['一室'] } }
  const theirs = { key: 'f1', field: { label: '户型', options: ['一室', '两室'], min: 1 } }
  expect(mergeDeep({ base, mine, theirs })).toEqual({ key: 'f1', field: { label: '房型', options: ['一室', '两室'], min: 1 } })
  expect(mergeDeep({ base, mine, theirs: { ...base, field: { ...base.field, label: '格局' } } }).field).toMatchObject({ label: '房型' })
})
