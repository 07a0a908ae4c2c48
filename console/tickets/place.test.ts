import { expect, test } from 'vitest'
import { placeOf } from './place.ts'

test.each([
  ['滨江区', '长河街道海棠里 3 幢', '滨江区 长河街道海棠里 3 幢'],
  ['滨江区', '****', '滨江区'],
  ['滨江', '杭州市滨江区****', '滨江'],
  ['', '长河街道', '长河街道'],
  ['', '****', ''],
])('of the district %j and the address %j a ticket has the place %j', (district, address, place) => {
  expect(placeOf({ district, address })).toBe(place)
})
