import { afterAll, beforeAll, expect, test } from 'vitest'
import { staff } from '#domains/routing/index.ts'
import { setPolicy } from '#domains/surveys/actions.ts'
import { standardPolicy } from '#domains/surveys/rules.ts'
import type { User } from '#kernel/access.ts'
import { checkSeals, sealPastDays } from '#kernel/auditSeal.ts'
import { newId } from '#kernel/ids.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { listAudit } from './audit.ts'
import { addDepartment, changeDepartment } from './departments.ts'
import { addPerson, changePerson } from './people.ts'
import { addRole, changeRole } from './roles.ts'

let house: TestHouse
let admin: User
beforeAll(async () => {
  house = await openHouse()
  admin = await house.work(async ctx => {
    const role = await ctx.db.selectFrom('identity.role').select('id').where('code', '=', 'admin').executeTakeFirstOrThrow()
    return house.user({ id: (await addPerson(ctx, { name: '秦朗', login: 'qin', roleId: role.id, departmentId: null, teamId: null })).id })
  })
})
afterAll(() => house.close())
const asked = (query: Parameters<typeof listAudit>[1]) => house.as(admin).work(ctx => listAudit(ctx, query))

test('a change is shown field by field, ids by their names, who did it and about whom', async () => {
  const person = await house.as(admin).work(async ctx => {
    const department = await addDepartment(ctx, { name: '水质科', nameEn: '', parentId: null, takesTickets: true, calendarId: null })
    await changeDepartment(ctx, department.id, { takesTickets: false })
    const narrow = await addRole(ctx, { name: '质检', nameEn: '', grants: { 'ticket:read': 'own' }, limits: {}, secondFactor: false })
    await changeRole(ctx, narrow.id, { grants: { 'ticket:read': 'all' }, secondFactor: true })
    const added = await addPerson(ctx, { name: '林夏', login: 'linxia', roleId: narrow.id, departmentId: null, teamId: null })
    return changePerson(ctx, added.id, { name: '林小夏', departmentId: department.id })
  })
  expect((await asked({ what: 'person.changed', about: person.id })).rows).toMatchObject([
    {
      actorName: '秦朗',
      actorKind: 'user',
      aboutName: '林小夏',
      changes: [
        { field: 'name', was: '林夏', is: '林小夏' },
        { field: 'departmentId', was: '', is: '水质科' },
      ],
    },
  ])
  expect((await asked({ what: 'role.changed' })).rows[0]?.changes).toEqual([
    { field: 'grants', was: '{"ticket:read":"own"}', is: '{"ticket:read":"all"}' },
    { field: 'secondFactor', was: 'false', is: 'true' },
  ])
  expect((await asked({ what: 'catalog.changed' })).rows[0]).toMatchObject({
    aboutName: '水质科',
    facts: { table: 'identity.department', act: 'changed' },
    changes: [{ field: 'takesTickets', was: 'true', is: 'false' }],
  })
  const { rows } = await house.house.control.query(`select 1 from kernel.event where detail::text like '%林%'`)
  expect(rows).toEqual([])
})

test('what changed of a list is told by the names of its rows', async () => {
  const queueId = newId()
  const skillId = newId()
  const places = { missesAllowed: 3, channels: [{ channel: 'chat' as const, capacity: 2, weight: 0 }], skills: [], queueIds: [] }
  await house.work(async ctx => {
    await ctx.db.insertInto('routing.skill').values({ id: skillId, name: '报修' }).execute()
    await ctx.db.insertInto('routing.queue').values({ id: queueId, name: '网页接待', channel: 'chat' }).execute()
    await staff(ctx, admin.id, places)
    await staff(ctx, admin.id, { ...places, skills: [{ skillId, level: 3 }], queueIds: [queueId] })
    await staff(ctx, admin.id, { ...places, skills: [{ skillId, level: 3 }], queueIds: [queueId] })
    await setPolicy(ctx, { ...standardPolicy, lowScore: 3, ownerId: admin.id })
  })
  const staffed = (await asked({ what: 'staffing.changed' })).rows
  expect(staffed.map(row => row.changes)).toEqual([
    [
      { field: 'skills', was: '[]', is: '[{"level":3,"skillId":"报修"}]' },
      { field: 'queueIds', was: '[]', is: '["网页接待"]' },
    ],
    [{ field: 'channels', was: '[]', is: '[{"weight":0,"channel":"chat","capacity":2}]' }],
  ])
  expect(staffed[0]?.aboutName).toBe('秦朗')
  expect((await asked({ what: 'rating.policy_changed' })).rows[0]?.changes).toEqual([
    { field: 'ownerId', was: '', is: '秦朗' },
    { field: 'lowScore', was: '2', is: '3' },
  ])
})

test('it is paged by key and cut by who, what and when', async () => {
  const all = (await asked({})).rows
  const first = await asked({ size: 2 })
  const second = await asked({ size: 2, after: first.next ?? '' })
  expect([...first.rows, ...second.rows].map(r => r.id)).toEqual(all.slice(0, 4).map(r => r.id))
  expect((await asked({ actorId: admin.id })).rows.every(r => r.actorId === admin.id)).toBe(true)
  expect((await asked({ until: new Date(house.now().getTime() - 3_600_000) })).rows).toEqual([])
  expect((await asked({ since: new Date(house.now().getTime() - 3_600_000) })).rows).toHaveLength(all.length)
})

test('it is for whoever may read it, and holds only what is administrative', async () => {
  await expect(house.as(house.user({}, ['identity:configure'])).work(ctx => listAudit(ctx, {}))).rejects.toThrow('access.denied')
  const { rows } = await house.house.control.query('select distinct name from kernel.event where audit order by 1')
  expect(rows.map(r => r.name)).toEqual([
    'catalog.changed',
    'person.added',
    'person.changed',
    'rating.policy_changed',
    'role.added',
    'role.changed',
    'staffing.changed',
    'tenant.created',
  ])
})

test('days that are over are sealed; a changed, removed or added entry shows, erased personal values do not', async () => {
  const sealed = () => house.as(admin).work(checkSeals)
  const tamper = (statement: string) => house.house.control.query(statement)
  await house.work(sealPastDays)
  expect((await sealed()).upTo).toBeNull()
  await house.pass(2 * 24 * 60)
  await house.work(sealPastDays)
  await house.work(sealPastDays)
  const whole = await sealed()
  expect(whole).toMatchObject({ upTo: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), brokenOn: null })
  await tamper('delete from kernel.event_value')
  expect(await sealed()).toEqual(whole)

  const { rows } = await tamper(`select id, detail from kernel.event where audit and name = 'role.changed'`)
  await tamper(`update kernel.event set detail = detail || '{"name": "别人"}' where id = '${rows[0]?.id}'`)
  expect((await sealed()).brokenOn).toBe(whole.upTo)
  await house.house.control.query('update kernel.event set detail = $1 where id = $2', [rows[0]?.detail, rows[0]?.id])
  expect(await sealed()).toEqual(whole)
  await tamper(`update kernel.event set audit = false where id = '${rows[0]?.id}'`)
  expect((await sealed()).brokenOn).toBe(whole.upTo)
  await tamper(`update kernel.event set audit = true where id = '${rows[0]?.id}'`)
  await tamper(`update kernel.audit_seal set seal = repeat('0', 64)`)
  expect((await sealed()).brokenOn).toBe(whole.upTo)
})

test.each([
  ['everything', '', '_tenant_id_id_idx'],
  ['one person', `and actor_id = '01900000-0000-7000-8000-000000000000'`, '_tenant_id_actor_id_id_idx'],
  ['one kind', `and name = 'person.added'`, '_tenant_id_name_id_idx'],
  ['one thing', `and about = '01900000-0000-7000-8000-000000000000'`, '_tenant_id_about_id_idx'],
])('the audit of %s is read from an index in its order', async (_, by, index) => {
  // Tables of a few rows would be read whole; what counts is that nothing is sorted.
  const plan =
    (await house.house.control.query(`begin; set local role app; set local app.tenant = '${house.tenantId}'; set local enable_seqscan = off;
    set local enable_bitmapscan = off; explain select id from kernel.event where tenant_id = '${house.tenantId}' and audit ${by} order by id desc limit 51; rollback`)) as unknown as {
      rows: { 'QUERY PLAN': string }[]
    }[]
  const text = plan[5]?.rows.map(row => row['QUERY PLAN']).join('\n') ?? ''
  expect(text).toContain(index)
  expect(text).not.toContain('Sort')
})
