import { afterAll, beforeAll, expect, test } from 'vitest'
import type { User } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { explained } from '#testing/plans.ts'
import { listPeople } from './people.ts'

const amount = 2_000
let house: TestHouse
let admin: User
const ids = { departmentId: newId(), teamId: newId(), roleId: '' }

beforeAll(async () => {
  house = await openHouse()
  admin = house.user({}, ['identity:configure'])
  await house.work(async ctx => {
    ids.roleId = (await ctx.db.selectFrom('identity.role').select('id').where('code', '=', 'lead').executeTakeFirstOrThrow()).id
    const other = await ctx.db.selectFrom('identity.role').select('id').where('code', '=', 'agent').executeTakeFirstOrThrow()
    await ctx.db.insertInto('identity.department').values({ id: ids.departmentId, name: '客服部', parentId: null }).execute()
    await ctx.db.insertInto('identity.team').values({ id: ids.teamId, name: '一班', departmentId: ids.departmentId }).execute()
    const rows = Array.from({ length: amount }, (_, n) => ({
      id: newId(),
      name: `${'赵钱孙李周吴郑王'[n % 8]}${String(n).padStart(4, '0')}`,
      login: `p${String(n).padStart(4, '0')}`,
      passwordHash: null,
      departmentId: n % 40 === 0 ? ids.departmentId : null,
      teamId: n % 40 === 0 ? ids.teamId : null,
      roleId: n % 50 === 0 ? ids.roleId : other.id,
      language: null,
      retired: n % 10 === 1,
      addedAt: ctx.now,
    }))
    await ctx.db.insertInto('identity.person').values(rows).execute()
  })
  await house.house.control.query('analyze identity.person')
})
afterAll(() => house.close())
const asked = (query: Parameters<typeof listPeople>[1], actor = admin) => house.as(actor).work(ctx => listPeople(ctx, query))

test('people are paged by name, each once', async () => {
  const seen: string[] = []
  let after: string | undefined
  do {
    const page = await asked({ size: 200, ...(after ? { after } : {}), q: 'p' })
    seen.push(...page.rows.map(p => p.login))
    after = page.next ?? undefined
  } while (after)
  const active = Array.from({ length: amount }, (_, n) => n).filter(n => n % 10 !== 1)
  expect(new Set(seen).size).toBe(active.length)
  expect(seen).toHaveLength(active.length)
})

test('they are found by a part of name or login, by team, department, role and state', async () => {
  expect((await asked({ q: '赵0008' })).rows.map(p => p.login)).toEqual(['p0008'])
  expect((await asked({ q: 'P0016' })).rows.map(p => p.name)).toEqual(['赵0016'])
  expect((await asked({ q: '%' })).rows).toEqual([])
  expect((await asked({ teamId: ids.teamId, size: 200 })).rows).toHaveLength(50)
  expect((await asked({ departmentId: ids.departmentId, roleId: ids.roleId, size: 200 })).rows).toHaveLength(10)
  expect((await asked({ state: 'retired', size: 200 })).rows.every(p => p.retired)).toBe(true)
  const [retired] = (await asked({ state: 'retired', size: 1 })).rows
  expect((await asked({ ids: [retired?.id ?? '', newId()] })).rows.map(p => p.id)).toEqual([retired?.id])
  expect((await asked({ size: 1 }, house.user({}, ['ticket:read']))).rows[0]).toMatchObject({ hasPassword: null, secondFactor: null })
})

test.each([
  ['everybody', {}, 'person_name'],
  ['a team', { teamId: ids.teamId }, 'person_team'],
  ['a department', { departmentId: ids.departmentId }, 'person_department'],
])('%s is read from an index in its order, one page of it', async (_, query, index) => {
  const { indexes, scanned, read } = await explained(house, admin, ctx => listPeople(ctx, { size: 20, ...query }))
  expect(indexes).toContain(index)
  expect(scanned).not.toContain('person')
  expect(read).toBeLessThan(80)
})
test('a role is read from its index, and names of ids by their key', async () => {
  const role = await explained(house, admin, ctx => listPeople(ctx, { size: 20, roleId: ids.roleId }))
  expect(role.indexes).toContain('person_role')
  const { rows } = await asked({ size: 20 })
  const named = await explained(house, admin, ctx => listPeople(ctx, { ids: rows.map(p => p.id) }))
  expect(named.indexes).toContain('person_pkey')
  expect(named.scanned).not.toContain('person')
})
