import { afterAll, beforeAll } from 'vitest'
import { RuleBody } from '#contract/automation.ts'
import { NewTicket } from '#contract/tickets.ts'
import { addRule, publishRule, retireRule } from '#domains/automation/actions.ts'
import { listRuns } from '#domains/automation/queries.ts'
import { addPerson } from '#domains/identity/people.ts'
import { openTicket } from '#domains/tickets/index.ts'
import { ticketById } from '#domains/tickets/queries.ts'
import type { User } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { asSystem } from '#kernel/react.ts'
import { openHouse, type TestHouse } from './house.ts'

export type Body = Parameters<typeof RuleBody.parse>[0]
export const titled = (...words: string[]) => ({ match: 'all', of: [{ field: 'title', op: 'contains', value: words }] }) as const
export const toHigh = { action: 'ticket.set_priority', params: { priority: 'high' } }
export const remark = (text: string) => ({ action: 'ticket.comment', params: { text } })

/** A house for the tests of one file, with an administrator who publishes, a colleague, and a kind of ticket of an hour. */
export function openRules() {
  let house: TestHouse
  let kindId: string
  let admin: User
  let colleague: string
  beforeAll(async () => {
    house = await openHouse()
    const made = await asSystem(house.house, house.tenantId, async ctx => {
      const roles = await ctx.db.selectFrom('identity.role').select(['id', 'code']).execute()
      const person = (login: string, code: string) =>
        addPerson(ctx, {
          name: login,
          login,
          password: 'Deep-Water-7',
          departmentId: null,
          teamId: null,
          roleId: roles.find(r => r.code === code)?.id ?? '',
        })
      const always = Object.fromEntries([0, 1, 2, 3, 4, 5, 6].map(day => [day, [{ from: 0, to: 1440 }]]))
      const calendarId = newId()
      await ctx.db
        .insertInto('identity.calendar')
        .values({ id: calendarId, name: '全天', timezone: 'Asia/Shanghai', week: always, days: {} })
        .execute()
      const kind = await ctx.db
        .insertInto('tickets.kind')
        .values({ id: newId(), name: '报修', nameEn: '', code: 'BX', fields: '[]', calendarId, targetMinutes: 60, position: 0 })
        .returning('id')
        .executeTakeFirstOrThrow()
      return { admin: (await person('boss', 'admin')).id, colleague: (await person('mate', 'agent')).id, kind: kind.id }
    })
    kindId = made.kind
    colleague = made.colleague
    admin = house.user({ id: made.admin, name: 'boss' })
  }, 60_000)
  afterAll(() => house.close())

  const as = <T>(fn: Parameters<typeof house.work<T>>[0], actor: User = admin) => house.work(fn, actor)
  const draft = (trigger: string, body: Body, name = '规则') => as(ctx => addRule(ctx, { name, trigger, body: RuleBody.parse(body) }))
  return {
    get house() {
      return house
    },
    get kindId() {
      return kindId
    },
    get admin() {
      return admin
    },
    get colleague() {
      return colleague
    },
    as,
    draft,
    publish: async (trigger: string, body: Body, name = '规则') => {
      const rule = await draft(trigger, body, name)
      return as(ctx => publishRule(ctx, rule.id, { revision: rule.revision, note: '' }))
    },
    rest: async (...ids: string[]) => {
      for (const id of ids) await as(ctx => retireRule(ctx, id, true))
    },
    open: (title: string, more: { priority?: 'normal' | 'low'; customerId?: string } = {}) =>
      house.work(ctx => openTicket(ctx, NewTicket.parse({ kindId, title, ...more }))),
    ticket: (id: string) => house.work(ctx => ticketById(ctx, id)),
    runs: async (query: Parameters<typeof listRuns>[1]) => (await as(ctx => listRuns(ctx, query))).rows,
  }
}
