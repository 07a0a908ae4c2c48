import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type * as z from 'zod'
import type { tasks } from '#contract/tasks.ts'
import { addPerson } from '#domains/identity/people.ts'
import type { User } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { asSystem } from '#kernel/react.ts'
import type { Ctx } from '#kernel/work.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { listTasks, taskById } from '../queries.ts'
import { assignTask, finishTask, openOwnTask, openTask, reopenTask } from './tasks.ts'

let house: TestHouse
let me: User
let colleague: string
beforeAll(async () => {
  house = await openHouse()
  const ids = await asSystem(house.house, house.tenantId, async ctx => {
    const role = await ctx.db.selectFrom('identity.role').select('id').where('code', '=', 'agent').executeTakeFirstOrThrow()
    const person = (login: string) =>
      addPerson(ctx, { name: login, login, password: 'Deep-Water-7', departmentId: null, teamId: null, roleId: role.id })
    return { me: (await person('me')).id, colleague: (await person('colleague')).id }
  })
  me = house.user({ id: ids.me })
  colleague = ids.colleague
})
afterAll(() => house.close())

const as = <T>(fn: (ctx: Ctx) => Promise<T>, actor: User = me) => house.work(fn, actor)
const inMinutes = (n: number) => new Date(house.now().getTime() + n * 60_000)
const plain: z.output<typeof tasks.open.body> = {
  title: '回电话',
  text: '',
  ownerId: null,
  deputyId: null,
  departmentId: null,
  dueAt: null,
  customerId: null,
  matter: null,
  items: [],
  watcherIds: [],
}
const open = (more: Partial<Parameters<typeof openOwnTask>[1]> = {}, actor = me) =>
  as(ctx => openOwnTask(ctx, { ...plain, ...more }), actor)
const reach = (scope: 'own' | 'team' | 'department', more: Partial<User> = {}) =>
  house.user({
    ...more,
    grants: new Map([
      ['task:read', scope],
      ['task:write', scope],
    ]),
  })

describe('a task', () => {
  test('is about a customer there is', async () => {
    await expect(open({ customerId: newId() })).rejects.toThrow('customer.not_found')
  })

  test('is opened, given, finished and taken back', async () => {
    const matter = { noun: 'ticket', id: newId() }
    const task = await as(ctx => openTask(ctx, { ...plain, kind: 'todo', facts: {}, matter, dueAt: inMinutes(60) }))
    expect(task).toMatchObject({ kind: 'todo', matter, ownerId: null, late: false })
    expect(await as(ctx => assignTask(ctx, task.id, colleague))).toMatchObject({ ownerId: colleague, ownerName: 'colleague' })
    expect(await as(ctx => finishTask(ctx, task.id, '已回'))).toMatchObject({ result: '已回', late: false })
    await expect(as(ctx => finishTask(ctx, task.id, '又回'))).rejects.toMatchObject({ code: 'task.already_done' })
    await expect(as(ctx => assignTask(ctx, task.id, me.id))).rejects.toMatchObject({ code: 'task.already_done' })
    expect(await as(ctx => reopenTask(ctx, task.id))).toMatchObject({ result: '', doneAt: null })
    await expect(as(ctx => reopenTask(ctx, task.id))).rejects.toMatchObject({ code: 'task.not_done' })
    expect(await house.said('task.finished')).toEqual([{ kind: 'todo', ownerId: colleague, matter, late: false }])
  })

  test('belongs to someone there is', async () => {
    await expect(open({ ownerId: newId() })).rejects.toMatchObject({ code: 'person.not_found' })
    const task = await open()
    await expect(as(ctx => assignTask(ctx, task.id, newId()))).rejects.toMatchObject({ code: 'person.not_found' })
  })

  test('is late once, and never when done in time', async () => {
    const [late, done] = [await open({ dueAt: inMinutes(30) }), await open({ dueAt: inMinutes(30) })]
    await as(ctx => finishTask(ctx, done.id, '好'))
    await house.settle()
    await house.pass(31)
    await house.settle()
    await house.pass(20)
    await house.settle()
    expect(await house.said('task.overdue')).toHaveLength(1)
    expect(await as(ctx => taskById(ctx, late.id))).toMatchObject({ late: true })
    expect(await as(ctx => taskById(ctx, done.id))).toMatchObject({ late: false })
    expect(await as(ctx => finishTask(ctx, late.id, '晚了'))).toMatchObject({ late: true })
  })
})

describe('the list', () => {
  test('is by due time, in pages, those without one last', async () => {
    const own = house.user({ id: colleague })
    for (const dueAt of [null, inMinutes(300), inMinutes(100), null, inMinutes(200)])
      await open({ ownerId: colleague, dueAt, title: `到期 ${dueAt?.getTime() ?? '无'}` })
    const seen: (number | null)[] = []
    let after: string | undefined
    do {
      const page = await as(ctx => listTasks(ctx, { box: 'mine', size: 2, after }), own)
      seen.push(...page.rows.filter(t => t.title.startsWith('到期')).map(t => t.dueAt?.getTime() ?? null))
      after = page.next ?? undefined
    } while (after)
    expect(seen).toEqual([...seen].sort((a, b) => (a ?? Infinity) - (b ?? Infinity)))
    expect(seen).toHaveLength(5)
  })

  test('of done ones begins with the latest', async () => {
    const [first, second] = [await open(), await open()]
    await as(ctx => finishTask(ctx, first.id, 'a'))
    await house.pass(1)
    await as(ctx => finishTask(ctx, second.id, 'b'))
    expect((await as(ctx => listTasks(ctx, { box: 'done', size: 2 }))).rows.map(t => t.id)).toEqual([second.id, first.id])
  })

  test('shows own ones, and to a supervisor those nobody owns', async () => {
    const unowned = await as(
      ctx =>
        openTask(ctx, {
          kind: 'winback',
          title: '低分回访',
          text: '',
          matter: null,
          customerId: null,
          ownerId: null,
          departmentId: null,
          dueAt: null,
          facts: {},
        }),
      house.user(),
    )
    const given = await open({ ownerId: colleague })
    const sees = async (actor: User) => (await as(ctx => listTasks(ctx, { box: 'open', size: 200 }), actor)).rows.map(t => t.id)
    const mine = await sees(reach('own', { id: colleague }))
    expect([mine.includes(given.id), mine.includes(unowned.id)]).toEqual([true, false])
    const team = await sees(reach('team', { teamId: newId() }))
    expect([team.includes(given.id), team.includes(unowned.id)]).toEqual([false, true])
    await expect(as(ctx => finishTask(ctx, given.id, 'x'), reach('own'))).rejects.toMatchObject({ code: 'task.not_found' })
    await expect(as(ctx => taskById(ctx, given.id), house.user({ tenantId: house.otherTenantId }))).rejects.toMatchObject({
      code: 'task.not_found',
    })
  })
})
