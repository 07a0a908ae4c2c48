import { afterAll, beforeAll, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { NewAddress, profile } from '#contract/profile.ts'
import { keepFile } from '#kernel/files.ts'
import { newId } from '#kernel/ids.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addCustomer } from './actions.ts'
import { addAddress, addressesOf } from './profile/addresses.ts'
import { filesOf, keepFileWith } from './profile/files.ts'
import { lockFile } from './profile/locking.ts'
import { notesOf, removeNote, writeNote } from './profile/notes.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const add = (more: Record<string, unknown>) => house.work(ctx => addCustomer(ctx, NewCustomer.parse(more)))
/** Both at once, and once more when both are through. */
async function thrice<T>(send: () => Promise<T>): Promise<T[]> {
  const both = await Promise.all([send(), send()])
  return [...both, await send()]
}

test('a customer sent again is one, with one number and one event', async () => {
  const form = { name: '再送', phone: '13812341234', number: 'Z0000077', clientId: newId() }
  const [first, ...others] = await thrice(() => add(form))
  expect(others).toEqual([first, first])
  expect((await house.said('customer.added')).length).toBe(1)
  expect((await add({ ...form, number: 'Z0000078', clientId: newId() })).id).not.toBe(first?.id)
})

test('a note sent again is one, also after it was changed; the same words without an id are two', async () => {
  const { id } = await add({ name: '备注人' })
  const write = (body: Record<string, unknown>) => house.work(ctx => writeNote(ctx, id, profile.write.body.parse(body)))
  const clientId = newId()
  const [first, ...others] = await thrice(() => write({ text: '只在晚上接电话', clientId }))
  expect(others).toEqual([first, first])
  const rows = async () => (await house.work(ctx => notesOf(ctx, id, {}))).rows.map(note => note.id)
  expect(await rows()).toEqual([first?.id])
  await house.work(ctx => removeNote(ctx, { id, noteId: first?.id ?? '', removed: true }))
  expect((await write({ text: '只在晚上接电话', clientId })).id).toBe(first?.id)
  expect(await rows()).toEqual([])
  await write({ text: '同样的话' })
  await write({ text: '同样的话' })
  expect(await rows()).toHaveLength(2)
})

test('an address sent again is one and changes nothing; with another label it is another', async () => {
  const { id } = await add({ name: '地址人' })
  const send = (more: Record<string, unknown>) =>
    house.work(ctx => addAddress(ctx, id, NewAddress.parse({ city: '杭州市', detail: '一号', ...more })))
  const state = () =>
    house.work(async ctx => {
      const file = await lockFile(ctx, id)
      return { version: file.version, details: (await addressesOf(ctx, file)).map(a => [a.label, a.main]) }
    })
  await send({})
  const once = await state()
  await thrice(() => send({}))
  expect(await state()).toEqual(once)
  await thrice(() => send({ label: '单位', main: true }))
  expect((await state()).details).toEqual([
    ['单位', true],
    ['', false],
  ])
})

test('a file kept again is one', async () => {
  const { id } = await add({ name: '文件人' })
  const actor = house.user()
  const card = await keepFile(house.house, actor, '合同.txt', Buffer.from('约定'))
  const kept = await thrice(() => house.as(actor).work(ctx => keepFileWith(ctx, id, { fileId: card.id, note: '' })))
  expect(new Set(kept.map(f => f.id)).size).toBe(1)
  expect((await house.work(ctx => filesOf(ctx, id, {}))).rows).toHaveLength(1)
})
