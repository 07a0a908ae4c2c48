import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { clearUnusedFiles, placeFile, placeOf } from './files.ts'
import { halfOf } from './halves.ts'
import { newId } from './ids.ts'
import { lay } from './laidTable.ts'
import { clearWorkingPlaces, workingPlace } from './runTurns.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const left = async (place: string, minutes: number) => {
  mkdirSync(path.dirname(place), { recursive: true })
  writeFileSync(place, '张三疯 13912345678')
  const at = new Date(Date.now() - minutes * 60_000)
  utimesSync(place, at, at)
  return place
}

test('what a kill left half-written goes by the hour; what is being written and what is whole stays', async () => {
  const half = (name: string) => halfOf(house.house, house.tenantId, name)
  const laid = (what: 'part' | 'rows' | 'rows.half') => workingPlace(house.house, house.tenantId, newId(), what)
  const dead = [await left(await half(newId()), 70), await left(await half(`${newId()}.7`), 70), await left(laid('rows.half'), 70)]
  const alive = [
    await left(await half(newId()), 10),
    await left(laid('rows.half'), 10),
    await left(laid('rows'), 70),
    await left(laid('part'), 70),
  ]
  const id = newId()
  await placeFile(house.house, house.tenantId, id, Buffer.from('whole'))
  await house.work(clearUnusedFiles)
  await expect.poll(() => dead.filter(existsSync)).toEqual([])
  expect([...alive, placeOf(house.house, house.tenantId, id)].filter(place => !existsSync(place))).toEqual([])
})

test('a table whose import is called off while it is laid out leaves nothing', async () => {
  const id = newId()
  const place = workingPlace(house.house, house.tenantId, id, 'rows')
  async function* rows() {
    yield { line: 1, cells: ['姓名'] }
    yield { line: 2, cells: ['张三疯'] }
    await expect.poll(() => existsSync(`${place}.half`)).toBe(true)
    await clearWorkingPlaces(house.house, house.tenantId, id)
  }
  await expect(
    lay(
      place,
      rows(),
      () => [],
      () => true,
    ),
  ).rejects.toMatchObject({ code: 'run.part_lost' })
  expect(readdirSync(path.dirname(place)).filter(name => name.startsWith(id))).toEqual([])
})
