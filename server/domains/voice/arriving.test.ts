import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '#kernel/ids.ts'
import { asSystem } from '#kernel/react.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { openTelephone, type Telephone } from '#testing/telephone.ts'
import { arrived } from './arriving.ts'

let house: TestHouse
let phone: Telephone
let flowId: string
beforeAll(async () => {
  house = await openHouse()
  phone = await openTelephone(house)
  flowId = await phone.flow({ first: 'end', nodes: [{ key: 'end', name: '挂机', kind: 'hangup', sound: {} }] })
})
afterAll(async () => {
  await phone.close()
  await house.close()
})

const comes = async (caller: string, called: string, more: { trunk?: { id: string; tenantId: string } } = {}) => {
  const at = await arrived(house.house, { line: 'practice', caller, called, at: house.now(), ...more })
  await phone.rest()
  return at && phone.row(at.callId)
}

test.each([
  ['as it stands', '+862287650001', '+862287650001'],
  ['without the plus', '862287650002', '+862287650002'],
  ['as it is dialled at home', '02287650003', '+862287650003'],
  ['a short one', '95031', '95031'],
])('a number is found however the exchange says it: %s', async (_, said, number) => {
  await phone.number(number, flowId)
  expect(await comes('13800001111', said)).toMatchObject({ called: number })
})

test('what whoever calls says of themselves is no longer and no more than a number', async () => {
  await phone.number('95032', flowId)
  expect((await comes(`138\u0000\r\n0000\u202e1111`, '95032'))?.caller).toBe('13800001111')
  expect((await comes('7'.repeat(20_000), '95032'))?.caller).toBe('7'.repeat(40))
  expect((await comes('', '95032'))?.caller).toBe('')
})

test('a call that came by another organisation’s trunk goes on by none of theirs', async () => {
  const mine = { id: newId(), tenantId: house.tenantId }
  await phone.number('95033', flowId)
  expect((await comes('13800001111', '95033', { trunk: mine }))?.machine.trunkId).toBe(mine.id)
  expect((await comes('13800001111', '95033', { trunk: { id: newId(), tenantId: house.otherTenantId } }))?.machine.trunkId).toBeNull()
})

test('a number of one organisation rings at no other', async () => {
  await phone.number('95034', flowId)
  const at = await comes('13800001111', '95034')
  expect(at).not.toBeNull()
  const there = await asSystem(house.house, house.otherTenantId, ctx => ctx.db.selectFrom('voice.call').select('id').execute())
  expect(there).toEqual([])
})
