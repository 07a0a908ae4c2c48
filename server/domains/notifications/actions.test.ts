import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mostUnread } from '#contract/notifications.ts'
import { commentOn, talkOfTask } from '#domains/tasks/actions/comments.ts'
import { setWatchers } from '#domains/tasks/actions/watching.ts'
import { finishTask, openTask } from '#domains/tasks/index.ts'
import { dispatchTicket, giveBackTicket, takeTicket } from '#domains/tickets/actions/steps.ts'
import { openTicket } from '#domains/tickets/index.ts'
import type { User } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import { runReaction } from '#kernel/worker.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { explained } from '#testing/plans.ts'
import { setTheTable } from '#testing/tickets.ts'
import { chooseNotices, markAll, markNotification, markSeen, tellPeople } from './actions.ts'
import { countUnread, listNotifications, mySettings } from './queries.ts'
import { houseSettings } from './rules.ts'

let house: TestHouse
let table: Awaited<ReturnType<typeof setTheTable>>
let people: { boss: User; lead: User; worker: User; clerk: User }
beforeAll(async () => {
  house = await openHouse()
  table = await setTheTable(house)
  const { crew } = table.ids
  const seat = async (login: string, code: string, departmentId: string | null): Promise<User> => {
    const id = newId()
    await house.work(async ctx => {
      const role = await ctx.db.selectFrom('identity.role').select('id').where('code', '=', code).executeTakeFirstOrThrow()
      await ctx.db
        .insertInto('identity.person')
        .values({ id, login, name: login, passwordHash: '', departmentId, teamId: null, roleId: role.id, language: 'zh', addedAt: ctx.now })
        .execute()
    })
    return house.user({ id, name: login, departmentId })
  }
  people = {
    boss: await seat('boss', 'admin', null),
    lead: await seat('lead1', 'lead', crew),
    worker: await seat('worker1', 'handler', crew),
    clerk: await seat('clerk1', 'agent', null),
  }
}, 60_000)
afterAll(() => house.close())

const as = <T>(who: User, fn: (ctx: Ctx) => Promise<T>) => house.work(fn, who)
const lines = async (who: User, box: 'unread' | 'all' = 'unread') =>
  (await as(who, ctx => listNotifications(ctx, { box }))).rows.map(n => [n.kind, n.title])
const unread = async (who: User) => (await as(who, countUnread)).unread
const readAll = async (who: User) => as(who, ctx => markAll(ctx, { upTo: newId() }))
const task = (owner: User, title = '回电话') =>
  as(people.boss, ctx =>
    openTask(ctx, {
      kind: 'todo',
      title,
      text: '',
      matter: null,
      customerId: null,
      ownerId: owner.id,
      departmentId: null,
      dueAt: null,
      facts: {},
    }),
  )
const kind = { key: 'trial.kind', group: ['试', 'Trial'], name: ['试', 'Trial'], says: ['{what}', '{what} en'] } as const
const tell = (
  to: Parameters<typeof tellPeople>[3]['to'],
  more: Partial<Parameters<typeof tellPeople>[2]> = {},
  id = newId(),
  actorId: string | null = null,
) => house.work(ctx => tellPeople(ctx, { id, at: ctx.now, actorId }, { ...kind, ...more }, { to, link: '/trial', facts: { what: '事' } }))

describe('the bell tells', () => {
  test('whom a ticket concerns at each step, never whoever took it', async () => {
    const { boss, worker, clerk } = people
    const ticket = await as(clerk, ctx => openTicket(ctx, table.ticket({ title: '爆管' })))
    await as(boss, ctx => dispatchTicket(ctx, ticket.id, { departmentId: table.ids.crew, assigneeId: worker.id, text: '' }))
    await house.settle()
    expect(await lines(worker)).toEqual([['ticket.given', `${ticket.number} 爆管 派给了您`]])
    await as(worker, ctx => takeTicket(ctx, ticket.id))
    await as(worker, ctx => giveBackTicket(ctx, ticket.id, { text: '不归我们' }))
    await house.settle()
    expect(await lines(clerk)).toEqual([['ticket.returned', `${ticket.number} 爆管 被退回，需要重新派单`]])
    expect(await unread(worker)).toBe(1)
    await Promise.all([worker, clerk].map(readAll))
  })

  test('a department: those of it who may see what is the department’s', async () => {
    const { boss, lead, worker, clerk } = people
    await as(boss, ctx => openTicket(ctx, table.ticket({ title: '漏水', departmentId: table.ids.crew })))
    await house.settle()
    const told = await Promise.all([lead, worker, clerk].map(who => lines(who)))
    expect(told[2]).toEqual([])
    expect(told.slice(0, 2).some(those => those.some(([k]) => k === 'ticket.dispatched'))).toBe(true)
    await Promise.all([lead, worker].map(readAll))
  })

  test('once: a reaction run again, an event told two ways, many at once', async () => {
    const { clerk } = people
    await task(clerk)
    const { rows } = await house.house.control.query<{ id: string }>(
      "select id from kernel.event where name = 'task.opened' and tenant_id = $1 order by id desc limit 1",
      [house.tenantId],
    )
    const event = rows[0]?.id ?? ''
    const job = { tenant: house.tenantId, reaction: 'task.opened: tell whom it concerns', event }
    await Promise.all([1, 2, 3].map(() => runReaction(house.house, house.reactions, job)))
    await house.settle()
    expect(await lines(clerk)).toEqual([['task.given', '有新的待办：回电话']])
    const id = newId()
    await Promise.all(Array.from({ length: 8 }, (_, n) => tell({ people: [clerk.id] }, { key: `trial.kind${n}` }, id)))
    expect(await unread(clerk)).toBe(2)
    await readAll(clerk)
  })

  test('not who did it, not who has left, not who may not see it; holders when all are meant', async () => {
    const { boss, clerk } = people
    await tell({ people: [clerk.id, newId()] }, {}, newId(), clerk.id)
    await tell({ people: [clerk.id] }, { may: 'house:operate' })
    expect(await unread(clerk)).toBe(0)
    await tell({ people: [clerk.id] }, { toDoer: true }, newId(), clerk.id)
    expect(await unread(clerk)).toBe(1)
    await tell({ holders: true }, { may: 'house:operate' })
    expect([await unread(boss), await unread(clerk)]).toEqual([1, 1])
    await Promise.all([boss, clerk].map(readAll))
  })

  test('each by the way they chose', async () => {
    const { clerk } = people
    await as(clerk, ctx => chooseNotices(ctx, { ...houseSettings, ways: { 'trial.kind': { bell: false, mail: false } } }))
    await tell({ people: [clerk.id] })
    await tell({ people: [clerk.id] }, { key: 'trial.other' })
    expect((await lines(clerk)).map(([k]) => k)).toEqual(['trial.other'])
    const { settings, kinds } = await as(clerk, mySettings)
    expect(settings.ways).toEqual({ 'trial.kind': { bell: false, mail: false } })
    expect(kinds.map(k => k.key)).toContain('task.given')
    await as(clerk, ctx => chooseNotices(ctx, houseSettings))
    await readAll(clerk)
  })

  test('every device, with the words and whether it is a quiet hour', async () => {
    const { clerk } = people
    const pushed: unknown[] = []
    const { push } = house.house.live
    house.house.live.push = (_, topic, name, payload) => pushed.push([topic, name, payload])
    const now = house.now()
    const minute = Number(now.toLocaleTimeString('sv-SE', { timeZone: 'Asia/Shanghai', hour: '2-digit' }).slice(0, 2)) * 60
    await as(clerk, ctx => chooseNotices(ctx, { ...houseSettings, quiet: { from: minute, to: (minute + 120) % 1440 } }))
    pushed.length = 0
    const id = newId()
    await tell({ people: [clerk.id] }, {}, id)
    await tell({ people: [clerk.id] }, {}, id)
    await readAll(clerk)
    house.house.live.push = push
    await as(clerk, ctx => chooseNotices(ctx, houseSettings))
    expect(pushed).toEqual([
      [`user:${clerk.id}`, 'bell', { id: expect.any(String), title: 'trial.kind', titleEn: 'trial.kind', link: '/trial', calm: true }],
      [`user:${clerk.id}`, 'bell.read', {}],
    ])
  })
})

describe('reading', () => {
  test('one, back again, up to what was seen, and by opening the thing', async () => {
    const { clerk, boss } = people
    const first = await task(clerk, '一')
    const second = await task(clerk, '二')
    await house.settle()
    const page = await as(clerk, ctx => listNotifications(ctx, { box: 'unread' }))
    const [newest, older] = page.rows
    if (!newest || !older) throw new Error('two are told')
    await as(clerk, ctx => markNotification(ctx, newest.id, true))
    expect(await unread(clerk)).toBe(1)
    await as(clerk, ctx => markNotification(ctx, newest.id, false))
    expect(await unread(clerk)).toBe(2)
    await expect(as(boss, ctx => markNotification(ctx, newest.id, true))).rejects.toMatchObject({ code: 'notification.not_found' })
    await as(clerk, ctx => markAll(ctx, { upTo: older.id }))
    expect((await lines(clerk)).map(([, t]) => t)).toEqual(['有新的待办：二'])
    await as(boss, ctx => markSeen(ctx, [`/tasks?t=${second.id}`]))
    expect(await unread(clerk)).toBe(1)
    await as(clerk, ctx => markSeen(ctx, ['/tasks', `/tasks?t=${first.id}`, `/tasks?t=${second.id}`]))
    expect(await unread(clerk)).toBe(0)
  })

  test('is paged by key, by kind too, counted so far and no further, and reads its index', async () => {
    const { boss } = people
    await readAll(boss)
    for (let n = 0; n < mostUnread + 7; n++) await tell({ people: [boss.id] }, n % 2 ? { key: 'trial.other' } : {})
    expect(await unread(boss)).toBe(mostUnread)
    const first = await as(boss, ctx => listNotifications(ctx, { box: 'unread', kind: 'trial.other', size: 40 }))
    const second = await as(boss, ctx => listNotifications(ctx, { box: 'unread', kind: 'trial.other', size: 40, after: first.next ?? '' }))
    expect([first.rows.length, second.rows.length, second.next]).toEqual([40, 13, null])
    await house.house.control.query('analyze notifications.notification')
    for (const [query, index] of [
      [{ box: 'unread' as const }, 'notification_unread'],
      [{ box: 'all' as const, kind: 'trial.other' }, 'notification_kind'],
    ] as const) {
      const plan = await explained(house, boss, ctx => listNotifications(ctx, { ...query, size: 10 }))
      expect(plan.scanned).toEqual([])
      expect(plan.indexes).toContain(index)
      expect(plan.read).toBeLessThan(40)
    }
  })

  test('what was read is forgotten after three months, what nobody read after a year', async () => {
    const { clerk } = people
    await readAll(clerk)
    const old = async (days: number, read: boolean) =>
      house.work(ctx =>
        sql`insert into notifications.notification (tenant_id, id, person_id, event_id, kind, facts, link, important, bell, at, read_at)
          values (${ctx.tenantId}, ${aged(ctx.now, days)}, ${clerk.id}, ${newId()}, ${`trial.${days}`}, '{}', '/x', false, true, ${ctx.now}, ${read ? ctx.now : null})`.execute(
          ctx.db,
        ),
      )
    await Promise.all([old(89, true), old(91, true), old(92, false), old(401, false)])
    const job = { tenant: house.tenantId, reaction: 'forget what was told and read three months ago', event: newId() }
    await runReaction(house.house, house.reactions, job)
    const left = (await lines(clerk, 'all')).map(([k]) => k).filter(k => /trial\.\d/.test(k ?? ''))
    expect(left.sort()).toEqual(['trial.89', 'trial.92'])
  })
})

/** An id of so many days ago. */
const aged = (now: Date, days: number) => {
  const hex = (now.getTime() - days * 86_400_000).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}${newId().slice(13)}`
}

describe('mail', () => {
  type Sent = { subject: string; variables: { title: string; content: string; link: string }; person_id: string; state: string }
  const sent = async (who: User): Promise<Sent[]> =>
    (
      await house.house.control.query<Sent>(
        "select subject, variables, person_id, state from messaging.outgoing where tenant_id = $1 and person_id = $2 and purpose = 'notification' order by id",
        [house.tenantId, who.id],
      )
    ).rows
  const mailed = { mail: true, key: 'trial.mailed' } as const
  const later = async (minutes: number) => {
    await house.pass(minutes)
    await house.settle()
  }
  beforeAll(async () => {
    await house.house.control.query("update identity.person set email = login || '@example.cn' where tenant_id = $1 and login <> 'boss'", [
      house.tenantId,
    ])
    await house.house.control.query(
      "insert into messaging.provider (tenant_id, id, name, channel, kind) values ($1, $2, '练习', 'mail', 'practice')",
      [house.tenantId, newId()],
    )
    for (const who of Object.values(people)) await as(who, ctx => chooseNotices(ctx, { ...houseSettings, quiet: null }))
    await readAll(people.clerk)
    await later(10)
  })

  test('goes for what was not read within two minutes, once, and together with what else is due', async () => {
    const { clerk, worker } = people
    const before = (await sent(clerk)).length
    await tell({ people: [clerk.id, worker.id] }, mailed)
    await later(1)
    expect((await sent(clerk)).length).toBe(before)
    await readAll(worker)
    await later(3)
    expect((await sent(clerk)).slice(before).map(m => m.variables.title)).toEqual(['trial.mailed'])
    expect(await sent(worker)).toEqual([])
    await later(5)
    expect((await sent(clerk)).length).toBe(before + 1)
    await readAll(clerk)
  })

  test('waits for the hourly digest, what is important does not', async () => {
    const { clerk } = people
    await as(clerk, ctx => chooseNotices(ctx, { ...houseSettings, quiet: null, digest: 'hourly' }))
    const before = (await sent(clerk)).length
    for (let n = 0; n < 3; n++) await tell({ people: [clerk.id] }, mailed)
    await tell({ people: [clerk.id] }, { ...mailed, important: true })
    await later(4)
    const soon = (await sent(clerk)).slice(before)
    await later(61)
    const all = (await sent(clerk)).slice(before)
    // On the turn of an hour both are due at once.
    expect([soon.length, all.length].join()).toMatch(/^(1,2|1,1)$/)
    expect(all.at(-1)?.variables.content).toContain('trial.mailed')
    await readAll(clerk)
  })

  test('of many names what matters first and how many more there are', async () => {
    const { clerk } = people
    await as(clerk, ctx => chooseNotices(ctx, { ...houseSettings, quiet: null }))
    await readAll(clerk)
    const before = (await sent(clerk)).length
    // What is told in one minute goes in one mail: far from the turn of one.
    await house.pass((61_000 - (house.now().getTime() % 60_000)) / 60_000)
    for (let n = 0; n < 24; n++) await tell({ people: [clerk.id] }, mailed)
    await tell({ people: [clerk.id] }, { ...mailed, key: 'trial.urgent', important: true })
    await later(4)
    const content = (await sent(clerk)).slice(before).map(m => m.variables.content)
    expect(content).toHaveLength(1)
    const said = content[0]?.match(/trial\.\w+/g) ?? []
    expect([said.length, said[0], content[0]?.includes('还有 5 条')]).toEqual([20, 'trial.urgent', true])
    await readAll(clerk)
  })

  test('is not kept for whoever has no address, nor for whoever chose none, and goes alone where the bell is off', async () => {
    const { boss, clerk } = people
    const before = (await sent(clerk)).length
    await as(clerk, ctx =>
      chooseNotices(ctx, {
        ...houseSettings,
        quiet: null,
        ways: { 'trial.mailed': { bell: false, mail: true }, 'trial.mute': { bell: true, mail: false } },
      }),
    )
    await tell({ people: [boss.id, clerk.id] }, mailed)
    await tell({ people: [clerk.id] }, { ...mailed, key: 'trial.mute' })
    expect((await lines(clerk)).map(([k]) => k)).toEqual(['trial.mute'])
    await later(4)
    expect(await sent(boss)).toEqual([])
    expect((await sent(clerk)).slice(before).map(m => m.variables.title)).toEqual(['trial.mailed'])
    const { mail } = await as(boss, mySettings)
    expect([mail, (await as(clerk, mySettings)).mail]).toEqual(['no_address', 'ready'])
  })
})

test('whoever watches a task hears of comments and of its end, whoever gave it of its end; once each, by what concerns them most', async () => {
  const { boss, lead, worker, clerk } = people
  const { id } = await task(clerk, '换表')
  await as(boss, ctx => setWatchers(ctx, id, [lead.id, worker.id]))
  await as(boss, async ctx => commentOn(ctx, await talkOfTask(ctx, id), { text: '看这里', mentionIds: [worker.id] }))
  await house.settle()
  await as(clerk, ctx => finishTask(ctx, id, '换好了'))
  await house.settle()
  const told = async (who: User) => (await lines(who, 'all')).flatMap(([kind, title]) => (title?.includes('换表') ? [kind] : [])).reverse()
  expect(await told(worker)).toEqual(['task.mentioned', 'task.done'])
  expect(await told(lead)).toEqual(['task.commented', 'task.done'])
  expect(await told(clerk)).toEqual(['task.given', 'task.commented'])
  expect(await told(boss)).toEqual(['task.done'])
})

test('who can still save a ticket that is due soon is told: whoever has it and who leads them, or while nobody has it whoever opened it', async () => {
  const { lead, worker, clerk } = people
  const held = await as(clerk, ctx => openTicket(ctx, table.ticket({ title: '停水', departmentId: table.ids.crew })))
  await as(worker, ctx => takeTicket(ctx, held.id))
  const nobodys = await as(clerk, ctx => openTicket(ctx, table.ticket({ title: '没人管' })))
  await house.pass(49)
  await house.settle()
  const warned = async (who: User) =>
    (await lines(who, 'all')).flatMap(([kind, title]) => (kind === 'ticket.warned' ? [title?.split(' ')[0]] : []))
  expect([await warned(worker), await warned(lead)].map(those => those.filter(n => n === held.number))).toEqual([
    [held.number],
    [held.number],
  ])
  const opened = await warned(clerk)
  expect([opened.includes(nobodys.number), opened.includes(held.number)]).toEqual([true, false])
})
