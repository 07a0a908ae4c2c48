import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { OwnField } from '#contract/ownFields.ts'
import { addPerson } from '#domains/identity/index.ts'
import type { User } from '#kernel/access.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addCustomer } from '../actions.ts'
import { automation } from '../automation.ts'
import { changedSince } from '../feed/changes.ts'
import { decideMasking, maskingOf } from '../masking/settings.ts'
import { ownColumns } from './exports.ts'
import { addField, changeField, fields } from './fields.ts'
import { ownFile, writeOwn } from './values.ts'

let house: TestHouse
let customerId: string
const roles = new Map<string, string>()
const people = new Map<string, User>()
beforeAll(async () => {
  house = await openHouse()
  customerId = (await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: '陈雨桐' })))).id
  for (const code of ['agent', 'supervisor', 'admin'] as const) {
    const id = await house.work(async ctx => {
      const role = await ctx.db.selectFrom('identity.role').select('id').where('code', '=', code).executeTakeFirstOrThrow()
      roles.set(code, role.id)
      return (
        await addPerson(ctx, { name: code, login: code, password: 'Deep-Water-7', roleId: role.id, departmentId: null, teamId: null })
      ).id
    })
    people.set(code, house.user({ id }))
  }
  const add = (key: string, field: Record<string, unknown>, position: number) =>
    house.work(ctx => addField(ctx, OwnField.parse({ key, field: { label: key, type: 'text', ...field }, position })))
  await add('household', { label: '人口', type: 'number', min: 1, max: 20 }, 0)
  await add('idCard', { label: '身份证', pattern: 'idCard', seenBy: [roles.get('supervisor')] }, 1)
  await add(
    'usage',
    { type: 'choice', label: '用途', options: [{ value: 'home', label: '居民' }], writtenBy: [roles.get('supervisor')] },
    2,
  )
})
afterAll(() => house.close())

const as = (code: string) => house.as(people.get(code) ?? house.user())
const read = (code: string) => as(code).work(ctx => ownFile(ctx, customerId))
const write = async (code: string, values: Record<string, unknown>) => {
  const { version } = await read(code)
  return as(code).work(ctx => writeOwn(ctx, customerId, { values, version }))
}

describe('who sees and writes', () => {
  test('a field of another role is in no reply, and writing it is answered like one that is not there', async () => {
    await write('supervisor', { idCard: '11010519491231002X', household: 4, usage: 'home' })
    expect((await read('supervisor')).values).toEqual({ idCard: '11010519491231002X', household: 4, usage: 'home' })
    const seen = await read('agent')
    expect(JSON.stringify(seen)).not.toMatch(/idCard|身份证|0519/)
    expect(seen.values).toEqual({ household: 4, usage: 'home' })
    await expect(write('agent', { idCard: '110105' })).rejects.toMatchObject({
      code: 'customer.field_invalid',
      facts: { reason: 'unknown' },
    })
    expect((await read('admin')).values).toHaveProperty('idCard')
  })

  test('the matrix of sensitive fields says which roles see it at all', async () => {
    const [field] = (await house.work(maskingOf)).own
    expect(field).toMatchObject({ field: 'own.idCard' })
    expect(field?.seenBy.toSorted()).toEqual([roles.get('supervisor'), roles.get('admin')].toSorted())
  })

  test('writing what one only sees is refused; sending it back as it is, not; what is hidden stays', async () => {
    await expect(write('agent', { usage: null })).rejects.toMatchObject({ code: 'customer.field_closed', kind: 'forbidden' })
    await write('agent', { usage: 'home', household: 5 })
    expect((await read('supervisor')).values).toEqual({ idCard: '11010519491231002X', household: 5, usage: 'home' })
  })

  test('neither exports, nor the feed, nor rules, nor events tell of it', async () => {
    expect(Object.keys(await as('agent').work(ownColumns))).toEqual(expect.arrayContaining(['own.household', 'own.usage']))
    const columns = await as('supervisor').work(ownColumns)
    expect(Object.keys(columns)).toEqual(['own.household', 'own.idCard', 'own.usage'])
    // What is not for everybody leaves only when it was chosen.
    expect(Object.entries(columns).flatMap(([key, { sensitive }]) => (sensitive ? [key] : []))).toEqual(['own.idCard'])
    // Transactions of other databases of this cluster hold it up for a while.
    const fed = async () => (await as('agent').work(ctx => changedSince(ctx, {}))).rows.find(row => row.id === customerId)?.own
    await expect.poll(fed, { timeout: 20_000 }).toEqual({ household: 5, usage: 'home' })
    const [subject] = automation.subjects ?? []
    expect((await house.work(async ctx => subject?.more?.(ctx)))?.map(f => f.key).filter(key => key.startsWith('own.'))).toEqual([
      'own.household',
      'own.usage',
    ])
    const asked = ['household', 'usage', 'idCard'].map(key => ({ field: `own.${key}`, op: 'filled', value: null }) as const)
    const loaded = await house.work(async ctx => subject?.load(ctx, customerId, asked))
    expect(loaded?.fields).toMatchObject({ 'own.household': 5, 'own.usage': 'home' })
    expect(loaded?.fields).not.toHaveProperty('own.idCard')
    const { rows } = await house.house.control.query<{ all: string }>(
      `select coalesce((select string_agg(detail::text, '') from kernel.event where about = $1), '') || coalesce((select string_agg(value, '') from kernel.event_value), '') as all`,
      [customerId],
    )
    expect(rows[0]?.all).not.toMatch(/idCard|110105/)
  })

  test('an API key sees what is for roles only where it is said', async () => {
    const key = house.user({ key: true })
    expect((await house.as(key).work(ctx => ownFile(ctx, customerId))).fields.map(f => f.key)).toEqual(['household', 'usage'])
    await house.work(async ctx => {
      const idCard = (await fields.list(ctx, false)).find(f => f.key === 'idCard')
      await changeField(ctx, idCard?.id ?? '', { field: { ...OwnField.parse(idCard).field, openToKeys: true } })
    })
    expect((await house.as(key).work(ctx => ownFile(ctx, customerId))).fields.map(f => f.key)).toEqual(['household', 'idCard', 'usage'])
  })
})

describe('rules and editors', () => {
  test.each<[Record<string, unknown>, string]>([
    [{ household: 0 }, 'small'],
    [{ household: 21 }, 'big'],
    [{ household: 'four' }, 'number'],
    [{ idCard: '110105194912310021' }, 'pattern'],
    [{ nothing: 1 }, 'unknown'],
  ])('%o: %s', async (values, reason) => {
    await expect(write('supervisor', values)).rejects.toMatchObject({ code: 'customer.field_invalid', facts: { reason } })
  })
  test('what stands there since before a rule is kept when it comes back as it was shown; half of what was masked is no value', async () => {
    const plate = OwnField.parse({ key: 'plate', field: { label: '车牌', type: 'text' }, position: 3 })
    const { id } = await house.work(ctx => addField(ctx, plate))
    await write('supervisor', { plate: '京A 12345 旧' })
    await house.work(ctx => changeField(ctx, id, { field: { ...plate.field, pattern: 'plate' } }))
    await house.work(ctx => decideMasking(ctx, { role: roles.get('agent') ?? '', field: 'own.plate', showing: 'masked' }))
    const { values } = await read('agent')
    expect(values).toMatchObject({ plate: '京A**** 旧' })
    await write('agent', { ...values, household: 6 })
    await write('supervisor', { ...(await read('supervisor')).values, household: 5 })
    expect((await read('supervisor')).values).toMatchObject({ plate: '京A 12345 旧', household: 5 })

    await house.work(ctx => changeField(ctx, id, { field: plate.field }))
    await expect(write('agent', { plate: '京B**** 旧' })).rejects.toMatchObject({
      code: 'customer.field_invalid',
      facts: { field: 'plate', reason: 'pattern' },
    })
    await write('agent', { plate: '京B12345' })
    expect((await read('supervisor')).values).toMatchObject({ plate: '京B12345' })
    await house.work(ctx => fields.retire(ctx, id, true))
  })
  test('the slower editor is told; the same values change nothing', async () => {
    const { version, values } = await read('supervisor')
    expect(await write('supervisor', values)).toMatchObject({ version })
    await write('supervisor', { household: 7 })
    await expect(as('agent').work(ctx => writeOwn(ctx, customerId, { values: { household: 8 }, version }))).rejects.toThrow(
      'customer.changed_meanwhile',
    )
  })
  test('key and type stay; bounds must leave room', async () => {
    const [first] = await house.work(ctx => fields.list(ctx, false))
    const field = OwnField.parse(first).field
    await expect(house.work(ctx => changeField(ctx, first?.id ?? '', { key: 'other' }))).rejects.toThrow('own_field.fixed')
    await expect(house.work(ctx => changeField(ctx, first?.id ?? '', { field: { ...field, type: 'text' } }))).rejects.toThrow(
      'own_field.fixed',
    )
    await expect(house.work(ctx => changeField(ctx, first?.id ?? '', { field: { ...field, min: 9, max: 1 } }))).rejects.toThrow(
      'own_field.bounds',
    )
  })
  test('a retired field is not shown, and what stood in it comes back with it', async () => {
    const first = (await house.work(ctx => fields.list(ctx, false)))[0]?.id ?? ''
    await house.work(ctx => fields.retire(ctx, first, true))
    expect((await read('supervisor')).values).not.toHaveProperty('household')
    await write('supervisor', { usage: null })
    await house.work(ctx => fields.retire(ctx, first, false))
    expect((await read('supervisor')).values).toMatchObject({ household: 7 })
  })
})
