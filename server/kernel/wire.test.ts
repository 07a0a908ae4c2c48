import { expect, test } from 'vitest'
import * as z from 'zod'
import { Id, pageOf, Time, Words } from '#contract/endpoint.ts'
import { newId } from './ids.ts'
import { writerOf } from './wire.ts'

const Row = z.object({
  id: Id,
  name: Words(5),
  state: z.enum(['open', 'closed']),
  kind: z.literal('a').nullable(),
  at: Time,
  until: Time.nullable(),
  count: z.int(),
  share: z.number(),
  late: z.boolean().optional(),
  fields: z.record(z.string(), z.unknown()),
  said: z.discriminatedUnion('of', [z.object({ of: z.literal('time'), at: Time }), z.object({ of: z.literal('words'), text: z.string() })]),
  more: z.array(z.object({ at: Time })),
})
const fitting = () => ({
  id: newId(),
  name: '水 "表"',
  state: 'open',
  kind: null,
  at: new Date('2026-03-01T23:59:59.007Z'),
  until: new Date('1969-12-31T23:59:59.999Z'),
  count: 3,
  share: 0.25,
  fields: { meter: '12', nested: { a: [1, null] } },
  said: { of: 'time', at: new Date('2024-02-29T00:00:00Z') },
  more: [{ at: new Date('9999-12-31T23:59:59.999Z') }, { at: new Date('1900-01-01T00:00:00Z') }],
  secret: 'not in the contract',
})
const Page = pageOf(Row)
const write = writerOf(Page)
const byZod = (value: unknown) => {
  try {
    return JSON.stringify(z.encode(Page, value as z.output<typeof Page>))
  } catch (error) {
    return error instanceof z.core.$ZodError ? error.issues : error
  }
}
const byUs = (value: unknown) => {
  try {
    return write(value)
  } catch (error) {
    return error instanceof z.core.$ZodError ? error.issues : error
  }
}

test('a reply is written as its contract has it, and nothing more', () => {
  const page = { rows: [fitting(), { ...fitting(), late: true }], next: null }
  expect(byUs(page)).toBe(byZod(page))
  expect(byUs(page)).not.toContain('secret')
})

test('what does not fit is refused by the same words as zod has', () => {
  const wrong: Record<string, unknown>[] = [
    { id: 'x"y' },
    { id: '00000000-0000-0000-0000-000000000000' },
    { name: 'longer than five' },
    { name: '' },
    { state: 'gone' },
    { kind: 'b' },
    { at: '2026-03-01T00:00:00Z' },
    { at: new Date(Number.NaN) },
    { at: new Date('1899-12-31T00:00:00Z') },
    { until: undefined },
    { count: 0.5 },
    { share: Number.NaN },
    { late: null },
    { fields: 'none' },
    { said: { of: 'words', at: new Date() } },
    { more: [{ at: null }] },
    { more: null },
  ]
  for (const change of wrong) {
    const page = { rows: [{ ...fitting(), ...change }], next: 'x' }
    expect(byUs(page), JSON.stringify(change)).toEqual(byZod(page))
  }
  for (const page of [null, [], { rows: [] }, { rows: {}, next: null }]) expect(byUs(page)).toEqual(byZod(page))
})

test('instants of any year are written as JavaScript writes them', () => {
  const one = writerOf(Time)
  for (let ms = Date.parse('1900-01-01T00:00:00Z'); ms < Date.parse('9999-12-31T00:00:00Z'); ms += 86_400_000 * 97 + 3_723_457)
    expect(one(new Date(ms))).toBe(JSON.stringify(new Date(ms).toISOString()))
})
