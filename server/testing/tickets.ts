import { afterAll, beforeAll, expect } from 'vitest'
import type * as z from 'zod'
import type { NewTicket } from '#contract/tickets.ts'
import { openTicket } from '#domains/tickets/actions/open.ts'
import { entriesOf } from '#domains/tickets/queries.ts'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import { openHouse, type TestHouse } from './house.ts'

const always = Object.fromEntries([0, 1, 2, 3, 4, 5, 6].map(day => [day, [{ from: 0, to: 1440 }]]))

/** Kinds, categories, departments and people to open tickets with. The calendar never closes, so that minutes are minutes. */
export async function setTheTable(house: TestHouse) {
  const ids = {
    calendar: newId(),
    repair: newId(),
    complaint: newId(),
    pipe: newId(),
    crew: newId(),
    office: newId(),
    role: '',
    worker: newId(),
    clerk: newId(),
  }
  await house.work(async ctx => {
    const role = await ctx.db.selectFrom('identity.role').select('id').executeTakeFirstOrThrow()
    ids.role = role.id
    await ctx.db
      .insertInto('identity.calendar')
      .values({ id: ids.calendar, name: '全天', timezone: 'Asia/Shanghai', week: always, days: {} })
      .execute()
    await ctx.db
      .insertInto('identity.department')
      .values([
        { id: ids.crew, name: '抢修一队', nameEn: 'Crew 1', parentId: null },
        { id: ids.office, name: '营业厅', nameEn: 'Office', parentId: null },
      ])
      .execute()
    for (const [id, login, departmentId] of [
      [ids.worker, 'worker', ids.crew],
      [ids.clerk, 'clerk', ids.office],
    ] as const)
      await ctx.db
        .insertInto('identity.person')
        .values({ id, login, name: login, passwordHash: '', departmentId, teamId: null, roleId: role.id, language: 'zh', addedAt: ctx.now })
        .execute()
    const kind = { calendarId: ids.calendar, targetMinutes: 60, position: 0, nameEn: '' }
    await ctx.db
      .insertInto('tickets.kind')
      .values({
        id: ids.repair,
        name: '报修',
        code: 'BX',
        ...kind,
        fields: JSON.stringify([{ key: 'pipe', label: '管径', labelEn: 'Pipe', type: 'number', options: [], required: false }]),
      })
      .execute()
    await ctx.db
      .insertInto('tickets.kind')
      .values({ id: ids.complaint, name: '投诉', code: 'TS', ...kind, fields: '[]' })
      .execute()
    await ctx.db
      .insertInto('tickets.category')
      .values({
        id: ids.pipe,
        kindId: ids.repair,
        name: '爆管',
        nameEn: '',
        parentId: null,
        departmentId: ids.crew,
        priority: 'urgent',
        targetMinutes: 30,
        position: 0,
      })
      .execute()
  })
  const ticket = (more: Partial<z.output<typeof NewTicket>> = {}): z.output<typeof NewTicket> => ({
    kindId: ids.repair,
    categoryId: null,
    title: '海棠里 3 幢无水',
    text: '',
    priority: 'normal',
    place: '',
    fields: {},
    customerId: null,
    conversationId: null,
    departmentId: null,
    ...more,
  })
  const agent = house.user({ name: '许知夏' })
  const worker = house.user({ id: ids.worker, name: '工人', departmentId: ids.crew })
  return { ids, ticket, agent, worker, as: <T>(actor: typeof agent, fn: (ctx: Ctx) => Promise<T>) => house.work(fn, actor) }
}

/** A house and its table for the tests of one file, and what they ask of tickets. */
export function openTickets() {
  let house: TestHouse
  let table: Awaited<ReturnType<typeof setTheTable>>
  beforeAll(async () => {
    house = await openHouse()
    table = await setTheTable(house)
  })
  afterAll(() => house.close())
  return {
    get house() {
      return house
    },
    get table() {
      return table
    },
    open: (more: Parameters<typeof table.ticket>[0] = {}, actor = table.agent) =>
      table.as(actor, ctx => openTicket(ctx, table.ticket(more))),
    kinds: async (id: string): Promise<string[]> => (await table.as(table.agent, ctx => entriesOf(ctx, id))).map(e => e.kind).reverse(),
  }
}

export const refused = (code: string, facts: object = {}) => ({ code, facts: expect.objectContaining(facts) })
