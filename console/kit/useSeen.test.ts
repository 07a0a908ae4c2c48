import { expect, test } from 'vitest'
import type { Meanwhile } from './merge.ts'
import { sendSeen } from './useSeen.ts'
import { WireError } from './wire.ts'

type Row = { version: number; label: string; main: boolean; besides: string }
type Values = Pick<Row, 'label' | 'main'>
const valuesOf = ({ label, main }: Row): Values => ({ label, main })

/** A server that takes only what was made of the latest. */
function standing(...saved: Row[]) {
  let at = 0
  const told: { row: Row; meanwhile: Meanwhile<Values> }[] = []
  const taken: number[] = []
  const send = async ({ version }: Row) => {
    if (at < saved.length - 1) at++
    const now = saved[at]
    if (now?.version !== version) throw new WireError('it.changed_meanwhile', {}, 409, '')
    taken.push(version)
    return 'taken'
  }
  const over = { code: 'it.changed_meanwhile', latest: async () => saved[at], valuesOf }
  const save = (was: Row, mine: Values) => sendSeen(was, mine, send, over, (row, meanwhile) => told.push({ row, meanwhile }))
  return { save, told, taken }
}
const first: Row = { version: 1, label: '家', main: false, besides: '' }

test('what somebody saved elsewhere in the file refuses nobody, however often', async () => {
  const { save, told, taken } = standing(first, { ...first, version: 2, besides: 'a' }, { ...first, version: 3, besides: 'b' })
  expect(await save(first, { label: '单位', main: false })).toBe('taken')
  expect([taken, told]).toEqual([[3], []])
})

test('what somebody saved in the form is shown and nothing is written over it', async () => {
  const theirs = { ...first, version: 2, label: '老家' }
  const { save, told, taken } = standing(first, theirs)
  await expect(save(first, { label: '单位', main: false })).rejects.toMatchObject({ code: 'it.changed_meanwhile' })
  expect(taken).toEqual([])
  expect(told).toEqual([
    {
      row: theirs,
      meanwhile: { base: { label: '家', main: false }, mine: { label: '单位', main: false }, theirs: { label: '老家', main: false } },
    },
  ])
  // Seen and chosen, it is sent over the later one.
  expect(await save(theirs, { label: '单位', main: false })).toBe('taken')
})

test('another refusal is no conflict', async () => {
  const over = { code: 'it.changed_meanwhile', latest: () => Promise.reject(new Error('not asked')), valuesOf }
  const refuse = () => Promise.reject(new WireError('it.taken', {}, 409, ''))
  await expect(sendSeen(first, valuesOf(first), refuse, over, () => {})).rejects.toMatchObject({ code: 'it.taken' })
})
