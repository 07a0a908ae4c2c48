import { afterAll, beforeAll, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addCustomer } from '../actions.ts'
import { districtsKnown } from '../districts.ts'
import { rememberIdentity } from '../identify.ts'
import { alikeFiles } from './alike.ts'
import { mergeCustomers } from './merging.ts'
import { duplicatesOf, listDuplicates } from './queries.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const add = (given: { name: string; [key: string]: unknown }) => house.work(ctx => addCustomer(ctx, NewCustomer.parse(given)))
const alike = async (given: Parameters<typeof alikeFiles>[1]) =>
  (await house.work(ctx => alikeFiles(ctx, given))).map(({ name, reasons }) => `${name} ${reasons.join(' ')}`)

test('whoever stands in the archive is told before they are added again: by number, telephone and e-mail at once, by name and address', async () => {
  const zhang = await add({
    name: '张望舒',
    phone: '138 0011 2233',
    email: 'ws@water.cn',
    number: 'SY77001',
    address: '望江路 12 号 3 幢 501 室',
  })
  await add({ name: '望江小馆', kind: 'organisation', phone: '0571-88112233', address: '望江路 9 号' })
  // At once, before anything has looked at the files.
  expect(await alike({ phone: '+86 13800112233' })).toEqual(['张望舒 phone'])
  expect(await alike({ email: 'WS@water.cn' })).toEqual(['张望舒 email'])
  await house.settle()
  expect(await alike({ number: 'SY77001' })).toEqual(['张望舒 code'])
  expect(await alike({ name: '张望书', address: '望江路12号3幢501' })).toEqual(['张望舒 said address'])
  // A person who calls from the telephone of a shop.
  expect(await alike({ name: '老板', phone: '057188112233', kind: 'person' })).toEqual(['望江小馆 phone'])
  // A name alone, an address alone, a number half typed are nobody's.
  expect(await alike({ name: '张望舒' })).toEqual([])
  expect(await alike({ name: '李四海', address: '望江路12号3幢501' })).toEqual([])
  expect(await alike({ phone: '1380011' })).toEqual([])
  expect(await alike({})).toEqual([])
  // The surest first.
  await add({ name: '张女士', phone: '13800112233' })
  await house.settle()
  expect(await alike({ name: '张望舒', phone: '13800112233', address: '望江路12号3幢501室' })).toEqual([
    '张望舒 phone name address',
    '张女士 phone',
  ])
  // Whoever was merged is told as whom they became.
  const twin = await add({ name: '张望舒', phone: '13911112222' })
  await house.work(ctx =>
    mergeCustomers(ctx, { keptId: zhang.id, goneId: twin.id, keptVersion: 1, goneVersion: 1, choices: {}, fields: {} }),
  )
  await house.settle()
  expect((await house.work(ctx => alikeFiles(ctx, { phone: '13911112222' }))).map(file => [file.id, file.phone])).toEqual([
    [zhang.id, '139****2222'],
  ])
})

test('who may not be seen is not told, and numbers are masked', async () => {
  await add({ name: '江疏影', phone: '13700137001' })
  expect(await house.work(ctx => alikeFiles(ctx, { phone: '13700137001' }))).toMatchObject([{ phone: '137****7001' }])
  const own = house.user({ grants: new Map([['customer:read', 'own' as const]]) })
  expect(await house.work(ctx => alikeFiles(ctx, { phone: '13700137001' }), own)).toEqual([])
})

test('a pair shows the number that both have, not each one’s own first', async () => {
  const a = await add({ name: '甘露', phone: '13500135001' })
  const b = await add({ name: '甘霖', phone: '13500135002' })
  for (const { id } of [a, b]) await house.work(ctx => rememberIdentity(ctx, id, 'phone', '13600136009'))
  await house.settle()
  const expected = { a: { phone: '136****6009' }, b: { phone: '136****6009' }, same: { phone: '136****6009' }, reasons: ['phone'] }
  expect(await house.work(ctx => duplicatesOf(ctx, a.id))).toMatchObject([expected])
  const { rows } = await house.work(ctx => listDuplicates(ctx, {}))
  expect(rows.filter(pair => pair.a.id === a.id)).toMatchObject([expected])
})

test('the districts that customers have are offered once each', async () => {
  for (const district of ['滨江', '城东', '滨江']) await add({ name: '某某', district })
  expect(await house.work(districtsKnown)).toEqual(['城东', '滨江'].sort())
})
