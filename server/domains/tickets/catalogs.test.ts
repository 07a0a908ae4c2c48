import { afterAll, beforeAll, expect, test } from 'vitest'
import { TicketCategory, TicketKind } from '#contract/tickets.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { setTheTable } from '#testing/tickets.ts'
import { addCategory, addKind, changeCategory, changeKind } from './catalogs.ts'

let house: TestHouse
let crew: string
beforeAll(async () => {
  house = await openHouse()
  crew = (await setTheTable(house)).ids.crew
})
afterAll(() => house.close())
const codeOf = (error: { code: string }) => error.code
const kind = (code: string, more: object = {}) => house.work(ctx => addKind(ctx, TicketKind.parse({ name: code, code, ...more })))
const category = (kindId: string, more: object = {}) =>
  house.work(ctx => addCategory(ctx, TicketCategory.parse({ kindId, name: '分类', ...more })))
const nowhere = crypto.randomUUID()

test('a form has no key and no choice twice, and every choice has something to choose', async () => {
  const field = (key: string, more: object = {}) => ({ key, label: key, type: 'text', ...more })
  const choice = (...values: string[]) => field('c', { type: 'choice', options: values.map(value => ({ value, label: value })) })
  expect(await kind('AA', { fields: [field('a'), field('a')] }).catch(codeOf)).toBe('ticket_kind.field_twice')
  expect(await kind('AA', { fields: [choice()] }).catch(codeOf)).toBe('ticket_kind.options_missing')
  expect(await kind('AA', { fields: [choice('x', 'x')] }).catch(codeOf)).toBe('ticket_kind.option_twice')
  const made = await kind('AA', { fields: [choice('x', 'y'), field('d', { help: '写在这里' })] })
  expect(made.fields[1]).toMatchObject({ help: '写在这里', helpEn: '' })
  expect(await kind('AB', { calendarId: nowhere }).catch(codeOf)).toBe('calendar.not_found')
  expect(await house.work(ctx => changeKind(ctx, made.id, { calendarId: nowhere })).catch(codeOf)).toBe('calendar.not_found')
})

test('a category goes to a department that takes tickets and stands below another of its kind, never below itself', async () => {
  const [one, other] = [await kind('BA'), await kind('BB')]
  expect(await category(nowhere).catch(codeOf)).toBe('ticket_kind.not_found')
  expect(await category(one.id, { departmentId: nowhere }).catch(codeOf)).toBe('department.not_found')
  const idle = crypto.randomUUID()
  await house.work(ctx => ctx.db.insertInto('identity.department').values({ id: idle, name: '办公室', takesTickets: false }).execute())
  expect(await category(one.id, { departmentId: idle }).catch(codeOf)).toBe('department.takes_no_tickets')
  const top = await category(one.id, { departmentId: crew })
  const below = await category(one.id, { parentId: top.id })
  expect(await category(other.id, { parentId: top.id }).catch(codeOf)).toBe('ticket_category.parent_of_other_kind')
  const change = (id: string, more: object) => house.work(ctx => changeCategory(ctx, id, more)).then(() => 'done', codeOf)
  expect(await change(top.id, { parentId: below.id })).toBe('ticket_category.below_itself')
  expect(await change(top.id, { kindId: other.id })).toBe('ticket_category.has_others_below')
  expect(await change(below.id, { parentId: null })).toBe('done')
})
