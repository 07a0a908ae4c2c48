import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type * as z from 'zod'
import type { tasks } from '#contract/tasks.ts'
import type { User } from '#kernel/access.ts'
import { keepFile } from '#kernel/files.ts'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import { openColleagues } from '#testing/colleagues.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { courseOf, taskWhole } from '../queries.ts'
import { listAbsences } from '../standing.ts'
import { countWork, listWork } from '../work.ts'
import { endAbsence, setAbsence } from './absences.ts'
import { bulkTasks } from './bulk.ts'
import { setItems, tickItem } from './checklist.ts'
import { changeComment, commentOn, talkOfTask, withdrawComment } from './comments.ts'
import { addEvidence, removeEvidence } from './evidence.ts'
import { changeTask, finishTask, openOwnTask, openTask } from './tasks.ts'
import { setWatchers, watchTask } from './watching.ts'

let house: TestHouse
let me: User
let mate: User
let third: User
let lead: User
let admin: User
beforeAll(async () => {
  house = await openHouse()
  const { person } = await openColleagues(house)
  ;[me, mate, third, lead, admin] = await Promise.all([
    person('甲', 'agent'),
    person('乙', 'agent'),
    person('丙', 'agent', 'two'),
    person('班长', 'lead'),
    person('管理员', 'admin', null),
  ])
})
afterAll(() => house.close())

const as = <T>(actor: User, fn: (ctx: Ctx) => Promise<T>) => house.work(fn, actor)
const plain: z.output<typeof tasks.open.body> = {
  title: '核对水表',
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
const open = (actor: User, more: Partial<typeof plain> = {}) => as(actor, ctx => openOwnTask(ctx, { ...plain, ...more }))
const inHours = (n: number) => new Date(house.now().getTime() + n * 3_600_000)
const box = async (actor: User, name: 'mine' | 'watch' | 'asked' | 'open' | 'done', more: object = {}) =>
  (await as(actor, ctx => listWork(ctx, { box: name, size: 200, ...more }))).rows.map(r => r.id)

describe('due time', () => {
  test('in working time runs by the hours of the department', async () => {
    const calendarId = newId()
    const departmentId = newId()
    await house.work(async ctx => {
      const always = Object.fromEntries([0, 1, 2, 3, 4, 5, 6].map(d => [d, [{ from: 0, to: 1440 }]]))
      await ctx.db
        .insertInto('identity.calendar')
        .values({ id: calendarId, name: '全天', timezone: 'Asia/Shanghai', week: always })
        .execute()
      await ctx.db.insertInto('identity.department').values({ id: departmentId, name: '抢修', calendarId }).execute()
    })
    const now = house.now().getTime()
    const night = await open(admin, { departmentId, minutes: 90 })
    expect(Math.round(((night.dueAt?.getTime() ?? 0) - now) / 60_000)).toBe(90)
    // Nine hours a day, Monday to Friday: a week of them is never less than seven days.
    const office = await open(admin, { minutes: 5 * 9 * 60 + 1 })
    expect((office.dueAt?.getTime() ?? 0) - now).toBeGreaterThan(6.9 * 86_400_000)
  })

  test('is moved with a reason that stays in the course', async () => {
    const task = await open(me, { ownerId: me.id, dueAt: inHours(1) })
    await as(me, ctx => changeTask(ctx, task.id, { dueAt: inHours(5), title: '核对两块水表', reason: '客户不在家' }))
    const [last] = await as(me, ctx => courseOf(ctx, task.id))
    expect(last).toMatchObject({
      name: 'task.changed',
      detail: { fields: ['title', 'dueAt'] },
      words: { reason: '客户不在家', title: '核对水表' },
    })
    expect(await as(me, ctx => changeTask(ctx, task.id, { reason: '' }))).toMatchObject({ title: '核对两块水表' })
  })
})

describe('a checklist', () => {
  test('holds the task until what is required is done', async () => {
    const task = await open(me, {
      ownerId: me.id,
      items: [
        { text: '拍照', required: true },
        { text: '量水压', required: false },
      ],
    })
    await expect(as(me, ctx => finishTask(ctx, task.id, '好'))).rejects.toMatchObject({
      code: 'task.items_open',
      facts: { n: 1, item: '拍照' },
    })
    const { items } = await as(me, ctx => taskWhole(ctx, task.id))
    expect(await as(me, ctx => tickItem(ctx, task.id, items[0]?.id ?? '', true))).toMatchObject({ doneById: me.id })
    // Turned round, one kept with its tick, one new.
    const next = await as(me, ctx =>
      setItems(ctx, task.id, {
        items: [
          { text: '签字', required: false },
          { id: items[0]?.id, text: '拍两张照', required: true },
        ],
      }),
    )
    expect(next.map(i => [i.text, i.doneById])).toEqual([
      ['签字', null],
      ['拍两张照', me.id],
    ])
    expect(await as(me, ctx => finishTask(ctx, task.id, '好'))).toMatchObject({ result: '好', itemsDone: 1, itemsAll: 2 })
    await expect(as(me, ctx => tickItem(ctx, task.id, items[0]?.id ?? '', false))).rejects.toMatchObject({ code: 'task.already_done' })
    expect((await as(me, ctx => courseOf(ctx, task.id))).find(e => e.name === 'task.ticked')?.words).toEqual({ item: '拍照' })
  })
})

describe('comments', () => {
  test('mention people, who then see the task and watch it', async () => {
    const task = await open(me, { ownerId: me.id })
    await expect(as(third, ctx => taskWhole(ctx, task.id))).rejects.toMatchObject({ code: 'task.not_found' })
    const comment = await as(me, async ctx =>
      commentOn(ctx, await talkOfTask(ctx, task.id), { text: '@丙 看一下', mentionIds: [third.id] }),
    )
    expect(await as(third, ctx => taskWhole(ctx, task.id))).toMatchObject({ watcherIds: [third.id], comments: [{ text: '@丙 看一下' }] })
    expect(await box(third, 'watch')).toContain(task.id)
    // Seeing is not doing.
    await expect(as(third, ctx => finishTask(ctx, task.id, 'x'))).rejects.toMatchObject({ code: 'task.not_found' })
    await expect(
      as(third, async ctx => changeComment(ctx, await talkOfTask(ctx, task.id), comment.id, { text: 'x', mentionIds: [] })),
    ).rejects.toMatchObject({
      code: 'task_comment.stands',
    })
    await as(me, async ctx => changeComment(ctx, await talkOfTask(ctx, task.id), comment.id, { text: '@丙 请看', mentionIds: [third.id] }))
    expect((await as(me, ctx => courseOf(ctx, task.id))).find(e => e.name === 'task.comment_changed')?.words).toEqual({ was: '@丙 看一下' })
    await as(me, async ctx => withdrawComment(ctx, await talkOfTask(ctx, task.id), comment.id))
    const [gone] = (await as(me, ctx => taskWhole(ctx, task.id))).comments
    expect(gone).toMatchObject({ text: '', mentionIds: [] })
    // What was withdrawn is told nowhere any more.
    expect(JSON.stringify(await as(me, ctx => courseOf(ctx, task.id)))).not.toContain('看')
  })

  test('stand after a quarter of an hour', async () => {
    const task = await open(me, { ownerId: me.id })
    const comment = await as(me, async ctx => commentOn(ctx, await talkOfTask(ctx, task.id), { text: '已到', mentionIds: [] }))
    await house.pass(16)
    await expect(as(me, async ctx => withdrawComment(ctx, await talkOfTask(ctx, task.id), comment.id))).rejects.toMatchObject({
      code: 'task_comment.stands',
    })
  })
})

describe('evidence', () => {
  test('is a file of who uploads it, or something there is', async () => {
    const task = await open(me, { ownerId: me.id })
    const other = await open(me, { ownerId: me.id })
    const file = await keepFile(house.house, me, '现场.txt', Buffer.from('水表读数 1024'))
    const added = await as(me, ctx => addEvidence(ctx, task.id, { fileId: file.id, note: '读数' }))
    await as(me, ctx => addEvidence(ctx, task.id, { matter: { noun: 'task', id: other.id }, note: '' }))
    await expect(as(me, ctx => addEvidence(ctx, task.id, { matter: { noun: 'ticket', id: newId() }, note: '' }))).rejects.toMatchObject({
      code: 'matter.not_found',
    })
    await expect(
      as(me, ctx => addEvidence(ctx, task.id, { matter: { noun: 'kernel.event', id: newId() }, note: '' })),
    ).rejects.toMatchObject({ code: 'matter.unknown' })
    // Sent again it is there; with another task it is refused.
    expect((await as(me, ctx => addEvidence(ctx, task.id, { fileId: file.id, note: '' }))).id).toBe(added.id)
    await expect(as(me, ctx => addEvidence(ctx, other.id, { fileId: file.id, note: '' }))).rejects.toMatchObject({
      code: 'file.already_used',
    })
    const { evidence } = await as(me, ctx => taskWhole(ctx, task.id))
    expect(evidence).toMatchObject([{ file: { name: '现场.txt' }, note: '读数' }, { matter: { noun: 'task', id: other.id } }])
    await as(me, ctx => removeEvidence(ctx, task.id, added.id))
    expect((await as(me, ctx => courseOf(ctx, task.id)))[0]).toMatchObject({
      name: 'task.proven',
      detail: { act: 'removed' },
      words: { file: '现场.txt' },
    })
  })
})

test('watching is for oneself, or set by who may write', async () => {
  const task = await open(me, { ownerId: me.id, watcherIds: [third.id] })
  expect(await as(third, ctx => watchTask(ctx, task.id, false))).toEqual({ watcherIds: [] })
  await expect(as(third, ctx => taskWhole(ctx, task.id))).rejects.toMatchObject({ code: 'task.not_found' })
  expect(await as(me, ctx => setWatchers(ctx, task.id, [mate.id, third.id, mate.id]))).toEqual({ watcherIds: [mate.id, third.id].sort() })
  await expect(as(me, ctx => setWatchers(ctx, task.id, [newId()]))).rejects.toMatchObject({ code: 'person.not_found' })
})

describe('several at once', () => {
  test('each row has its outcome, and the batch is told once', async () => {
    const [a, held, done] = [
      await open(me, { ownerId: me.id }),
      await open(me, { ownerId: me.id, items: [{ text: '签字', required: true }] }),
      await open(me, { ownerId: me.id }),
    ]
    await as(me, ctx => finishTask(ctx, done.id, '好'))
    const strange = newId()
    const ids = [a.id, held.id, done.id, strange]
    const { rows } = await as(me, ctx => bulkTasks(ctx, { ids, act: { do: 'finish', result: '都好了' } }))
    expect(rows.map(r => [r.id, r.code])).toEqual([
      [a.id, null],
      [held.id, 'task.items_open'],
      [done.id, 'task.already_done'],
      [strange, 'task.not_found'],
    ])
    expect(await house.said('task.batch')).toMatchObject([{ act: 'finish', done: 1, refused: 3 }])
    const given = await as(me, ctx => bulkTasks(ctx, { ids: [held.id], act: { do: 'give', ownerId: mate.id } }))
    expect(given.rows[0]?.code).toBeNull()
    await as(me, ctx => bulkTasks(ctx, { ids: [held.id], act: { do: 'due', minutes: 60 } }))
    expect(await as(mate, ctx => taskWhole(ctx, held.id))).toMatchObject({ ownerId: mate.id, dueAt: expect.any(Date) })
  })
})

describe('who is away', () => {
  test('is stood in for, who does so acts in their place, and it ends by itself', async () => {
    const task = await open(admin, { ownerId: me.id, title: '停水公告' })
    expect(await box(mate, 'mine')).not.toContain(task.id)
    const absence = await as(me, ctx => setAbsence(ctx, { deputyId: mate.id, fromAt: house.now(), untilAt: inHours(8), note: '年假' }))
    expect(await box(mate, 'mine')).toContain(task.id)
    expect(await as(mate, ctx => taskWhole(ctx, task.id))).toMatchObject({ away: { deputyId: mate.id } })
    const later = await open(admin, { ownerId: me.id, title: '后来的' })
    expect(await box(mate, 'mine')).toContain(later.id)
    await as(mate, ctx => finishTask(ctx, task.id, '已发'))
    expect((await house.said('task.finished')).at(-1)).toMatchObject({ ownerId: me.id, forId: me.id })
    await house.pass(9 * 60)
    expect(await box(mate, 'mine')).not.toContain(later.id)
    await expect(as(mate, ctx => finishTask(ctx, later.id, 'x'))).rejects.toMatchObject({ code: 'task.not_found' })
    expect((await as(me, ctx => listAbsences(ctx))).some(a => a.id === absence.id)).toBe(false)
  })

  test("a task's own deputy sees it all the time and has it while the owner is away", async () => {
    const task = await open(admin, { ownerId: me.id, deputyId: third.id })
    expect(await as(third, ctx => taskWhole(ctx, task.id))).toMatchObject({ id: task.id })
    expect(await box(third, 'mine')).not.toContain(task.id)
    await expect(as(third, ctx => finishTask(ctx, task.id, 'x'))).rejects.toMatchObject({ code: 'task.not_found' })
    const absence = await as(me, ctx => setAbsence(ctx, { deputyId: null, fromAt: house.now(), untilAt: inHours(2), note: '' }))
    expect(await box(third, 'mine')).toContain(task.id)
    await as(me, ctx => endAbsence(ctx, absence.id))
    expect(await box(third, 'mine')).not.toContain(task.id)
    await expect(open(me, { ownerId: me.id, deputyId: me.id })).rejects.toMatchObject({ code: 'task.own_deputy' })
  })

  test('deputies who are away pass it on, and standing in for one another in a circle ends', async () => {
    const task = await open(admin, { ownerId: me.id })
    const away = (who: User, deputyId: string) =>
      as(who, ctx => setAbsence(ctx, { deputyId, fromAt: house.now(), untilAt: inHours(3), note: '' }))
    await away(me, mate.id)
    await away(mate, third.id)
    expect(await box(third, 'mine')).toContain(task.id)
    await away(third, me.id)
    expect(await box(third, 'mine')).toContain(task.id)
    expect(await box(me, 'mine')).toContain(task.id)
    expect((await as(me, countWork)).mine).toBe((await box(me, 'mine')).length)
    await house.pass(4 * 60)
  })

  test('is said by oneself, or by a leader for the own people', async () => {
    const set = (who: User, personId: string, more: object = {}) =>
      as(who, ctx => setAbsence(ctx, { personId, deputyId: null, fromAt: inHours(1), untilAt: inHours(2), note: '', ...more }))
    await expect(set(me, mate.id)).rejects.toMatchObject({ code: 'person.not_found' })
    expect(await set(lead, mate.id)).toMatchObject({ personName: '乙' })
    await expect(set(lead, third.id)).rejects.toMatchObject({ code: 'person.not_found' })
    await expect(set(me, me.id, { untilAt: inHours(1) })).rejects.toMatchObject({ code: 'absence.ends_before' })
    await expect(set(me, me.id, { deputyId: me.id })).rejects.toMatchObject({ code: 'absence.own_deputy' })
    await house.settle()
    const { rows: audit } = await house.house.control.query(
      `select distinct audit from kernel.event where tenant_id = $1 and name in ('absence.set', 'absence.ended')`,
      [house.tenantId],
    )
    expect(audit).toEqual([{ audit: true }])
    // Who says it of themselves knows; who is called away by another is told.
    await set(me, me.id)
    await house.settle()
    const { rows: told } = await house.house.control.query(
      `select person_id, kind, link from notifications.notification where tenant_id = $1 and kind in ('task.away', 'task.back') and person_id in ($2, $3)`,
      [house.tenantId, me.id, mate.id],
    )
    expect(told).toEqual([{ person_id: mate.id, kind: 'task.away', link: '/tasks' }])
    const [coming] = await as(mate, ctx => listAbsences(ctx, mate.id))
    await expect(as(third, ctx => endAbsence(ctx, coming?.id ?? ''))).rejects.toMatchObject({ code: 'absence.not_found' })
    await as(mate, ctx => endAbsence(ctx, coming?.id ?? ''))
    expect(await as(mate, ctx => listAbsences(ctx, mate.id))).toEqual([])
  })
})

describe('my work', () => {
  test('is filtered by day, kind, owner and words, and paged over several hands', async () => {
    const [early, late, gone] = [
      await open(third, { ownerId: third.id, title: '巡检泵房', dueAt: inHours(0.02) }),
      await open(third, { ownerId: third.id, title: '巡检水池' }),
      await open(third, { ownerId: third.id, title: '检修', dueAt: inHours(0.5) }),
    ]
    await house.pass(40)
    expect(await box(third, 'mine', { due: 'overdue' })).toEqual([early.id, gone.id])
    expect(await box(third, 'mine', { q: '巡检' })).toEqual([early.id, late.id])
    expect(await box(third, 'mine', { kind: 'winback' })).toEqual([])
    expect(await box(lead, 'open', { ownerId: third.id })).toEqual([])
    expect(await box(admin, 'open', { ownerId: third.id, q: '水池' })).toEqual([late.id])
    const asked = await open(third, { ownerId: me.id })
    expect(await box(third, 'asked')).toContain(asked.id)

    await as(me, ctx => setAbsence(ctx, { deputyId: third.id, fromAt: house.now(), untilAt: inHours(1), note: '' }))
    const whole = await box(third, 'mine')
    const paged: string[] = []
    let after: string | undefined
    do {
      const page = await as(third, ctx => listWork(ctx, { box: 'mine', size: 2, after }))
      paged.push(...page.rows.map(r => r.id))
      after = page.next ?? undefined
    } while (after)
    expect(paged).toEqual(whole)
    expect(new Set(paged).size).toBe(paged.length)
    expect(whole).toContain(asked.id)
    const counts = await as(third, countWork)
    expect(counts).toMatchObject({ mine: Math.min(100, whole.length), overdue: (await box(third, 'mine', { due: 'overdue' })).length })
  })

  test('nothing of another tenant is there', async () => {
    const stranger = house.user({ tenantId: house.otherTenantId })
    expect(await box(stranger, 'open')).toEqual([])
    const task = await house.work(ctx => openTask(ctx, { ...plain, kind: 'todo', facts: {}, dueAt: null }))
    await expect(as(stranger, ctx => courseOf(ctx, task.id))).rejects.toMatchObject({ code: 'task.not_found' })
  })
})
