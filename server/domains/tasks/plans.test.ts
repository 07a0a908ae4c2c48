import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Scope } from '#contract/rights.ts'
import type { User } from '#kernel/access.ts'
import type { Ctx } from '#kernel/work.ts'
import { openColleagues } from '#testing/colleagues.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { explained } from '#testing/plans.ts'
import { listApprovals } from './approvals.ts'
import { courseOf, taskWhole } from './queries.ts'
import { listAbsences } from './standing.ts'
import { countWork, listWork } from './work.ts'

// Thirty thousand tasks of two hundred people and as many approvals: enough that reading all of them is the worse way.
let house: TestHouse
let me: User
let taskId = ''
beforeAll(async () => {
  house = await openHouse()
  const { person, role, one } = await openColleagues(house)
  me = await person('我', 'lead')
  const t = house.tenantId
  await house.house.control.query(
    `insert into identity.person (tenant_id, id, login, name, role_id, team_id, added_at)
     select $1, gen_random_uuid(), 'p' || g, 'p' || g, $2, null, now() from generate_series(1, 200) g`,
    [t, role('agent')],
  )
  await house.house.control.query(
    `with people as (select id, row_number() over (order by id) as n from identity.person where tenant_id = $1)
     insert into tasks.task (tenant_id, id, title, kind, owner_id, opened_by_id, opened_at, due_at, done_at, tsv)
     select $1, gen_random_uuid(), 'task ' || g, case when g % 3 = 0 then 'winback' else 'todo' end, p.id, p.id, now() - g * interval '1 minute', now() + g * interval '1 minute',
       case when g % 4 = 0 then null else now() - g * interval '1 second' end, ('''task'':1 ''w' || g || ''':2')::tsvector
     from generate_series(1, 30000) g join people p on p.n = g % 201 + 1`,
    [t],
  )
  await house.house.control.query(
    `insert into tasks.watcher (tenant_id, about_id, person_id) select tenant_id, id, owner_id from tasks.task where tenant_id = $1 and kind = 'winback'`,
    [t],
  )
  await house.house.control.query(
    `insert into tasks.item (tenant_id, id, task_id, position, text) select tenant_id, gen_random_uuid(), id, n, 'item' from tasks.task, generate_series(1, 2) n where tenant_id = $1 and done_at is null`,
    [t],
  )
  await house.house.control.query(
    `with people as (select id, row_number() over (order by id) as n from identity.person where tenant_id = $1)
     insert into tasks.approval (tenant_id, id, kind, title, asked_by_id, asked_at, state, due_at, decided_at, tsv)
     select $1, gen_random_uuid(), 'other', 'approval ' || g, p.id, now() - g * interval '1 minute', case when g % 10 = 0 then 'open' else 'approved' end, now() + g * interval '1 minute',
       case when g % 10 = 0 then null else now() - g * interval '1 second' end, ('''approval'':1 ''v' || g || ''':2')::tsvector
     from generate_series(1, 20000) g join people p on p.n = g % 201 + 1`,
    [t],
  )
  // Every open one waits for the leaders of some place; a few of them for those of mine.
  await house.house.control.query(
    `insert into tasks.approval_step (tenant_id, id, approval_id, position, name, role_id, place_id, minutes, state, decided_by_id)
     select $1, gen_random_uuid(), a.id, 0, 'step', $2, case when row_number() over (order by a.id) % 100 = 0 then $3::uuid else gen_random_uuid() end, 60,
       case when a.state = 'open' then 'open' else 'approved' end, case when a.state = 'open' then null else a.asked_by_id end
     from tasks.approval a where a.tenant_id = $1`,
    [t, role('lead'), one],
  )
  await house.house.control.query(
    `insert into tasks.absence (tenant_id, id, person_id, deputy_id, from_at, until_at)
     select tenant_id, gen_random_uuid(), id, null, now() - interval '900 days' + n * interval '9 days', now() - interval '899 days' + n * interval '9 days'
     from identity.person, generate_series(1, 90) n where tenant_id = $1`,
    [t],
  )
  await house.house.control.query(
    `insert into tasks.comment (tenant_id, id, about_id, text, written_at) select tenant_id, gen_random_uuid(), id, 'c', now() from tasks.task where tenant_id = $1`,
    [t],
  )
  for (const table of ['task', 'watcher', 'item', 'approval', 'approval_step', 'absence', 'comment'])
    await house.house.control.query(`vacuum (analyze) tasks.${table}`)
  await house.house.control.query('analyze identity.person')
  const { rows } = await house.house.control.query<{ id: string }>(
    'select id from tasks.task where tenant_id = $1 and owner_id = $2 and done_at is null limit 1',
    [t, me.id],
  )
  taskId = rows[0]?.id ?? ''
}, 120_000)
afterAll(() => house.close())

const all = () => house.user({ id: me.id })
const scoped = (scope: Scope) => ({ ...me, grants: new Map(me.grants).set('task:read', scope).set('approval:read', scope) })
const cases: [name: string, who: () => User, fn: (ctx: Ctx) => Promise<unknown>, index: string, mostRows: number][] = [
  ['mine to do', () => scoped('own'), ctx => listWork(ctx, { box: 'mine' }), 'task_owner', 600],
  ['waiting for my decision', () => scoped('own'), ctx => listWork(ctx, { box: 'decide' }), 'approval_step_role', 800],
  ['what I asked', () => scoped('own'), ctx => listWork(ctx, { box: 'asked' }), 'task_opener', 600],
  ['what I watch', () => scoped('own'), ctx => listWork(ctx, { box: 'watch' }), 'watcher_person', 800],
  ['everything open', all, ctx => listWork(ctx, { box: 'open' }), 'task_open', 1_000],
  ['everything done', all, ctx => listWork(ctx, { box: 'done' }), 'task_done', 1_000],
  ['open ones of a colleague', all, ctx => listWork(ctx, { box: 'open', ownerId: me.id }), 'task_owner', 1_000],
  // The keys of all that is open may be read beside those of the word: that grows with what is open, not with the years.
  ['a word few titles hold', all, ctx => listWork(ctx, { box: 'open', q: 'w17123' }), 'task_text', 12_000],
  ['a word few approvals hold', all, ctx => listWork(ctx, { box: 'open', q: 'v17120' }), 'approval_text', 12_000],
  ['a word few of what I asked hold', () => scoped('own'), ctx => listWork(ctx, { box: 'asked', q: 'v17120' }), 'approval_asker', 1_000],
  ['a word of decided ones', all, ctx => listWork(ctx, { box: 'done', q: 'v17123' }), 'approval_text', 1_000],
  ['the counts of my boxes', () => scoped('own'), ctx => countWork(ctx), 'task_owner', 3_000],
  ['one task whole', all, ctx => taskWhole(ctx, taskId), 'task_pkey', 60],
  ['the course of a task', all, ctx => courseOf(ctx, taskId), 'event', 60],
  ['the newest approvals', all, ctx => listApprovals(ctx, {}), 'approval_newest', 300],
  ['who is away', all, ctx => listAbsences(ctx), 'absence_until', 60],
]
test.each(cases)('%s', async (_, who, fn, index, mostRows) => {
  const { indexes, scanned, read } = await explained(house, who(), fn)
  expect(indexes.join(', ')).toContain(index)
  expect(scanned.filter(table => ['task', 'approval', 'approval_step', 'watcher', 'item', 'comment', 'absence'].includes(table))).toEqual(
    [],
  )
  expect(read).toBeLessThanOrEqual(mostRows)
})
