import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { User } from '#kernel/access.ts'
import { system } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { work } from '#kernel/work.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addPerson, changePerson } from './people.ts'
import { calendarOf, personName, tenantCard } from './queries.ts'
import type { RoleCode } from './rules.ts'
import { attemptSignIn, authenticate, forgetOldSessions, openSession } from './sessions.ts'
import { createTenant, setUp } from './tenants.ts'

let house: TestHouse
let admin: User
let roles: Record<string, string>
let number = 0
const password = 'Deep-Water-7'
const from = { ip: '10.0.0.1', userAgent: 'test' }
const secretOf = (token: string) => token.split('.')[2] ?? ''

beforeAll(async () => {
  house = await openHouse()
  roles = await house.work(async ctx =>
    Object.fromEntries((await ctx.db.selectFrom('identity.role').select(['code', 'id']).execute()).map(r => [r.code, r.id])),
  )
  const first = await newcomer('admin')
  admin = house.user({ id: first.id })
})
afterAll(() => house.close())
beforeEach(() => {
  number += 1
})

const newcomer = (code: RoleCode) =>
  house.work(ctx =>
    addPerson(ctx, { name: '新人', login: `${code}-${number}`, password, roleId: roles[code] ?? '', departmentId: null, teamId: null }),
  )
const asAdmin = (id: string, change: Parameters<typeof changePerson>[2]) => house.as(admin).work(ctx => changePerson(ctx, id, change))
const signedIn = async (id: string) => {
  const { token } = await house.work(ctx => openSession(ctx, id, from))
  return () => house.work(ctx => authenticate(ctx, secretOf(token)))
}

describe('changing a person', () => {
  test.each([
    ['a new role', () => ({ roleId: roles.lead })],
    ['a new password', () => ({ password: 'Deep-Water-8' })],
    ['retiring', () => ({ retired: true })],
  ])('%s ends the sessions', async (_, change) => {
    const person = await newcomer('agent')
    const whoami = await signedIn(person.id)
    expect(await whoami()).toMatchObject({ kind: 'user', id: person.id })
    await asAdmin(person.id, change())
    expect(await whoami()).toBeNull()
  })

  test('a new name does not', async () => {
    const person = await newcomer('agent')
    const whoami = await signedIn(person.id)
    await asAdmin(person.id, { name: '改名' })
    expect(await whoami()).toMatchObject({ name: '改名' })
    expect(await house.work(ctx => personName(ctx, person.id))).toBe('改名')
  })

  test('a change leaves alone what it does not name', async () => {
    const department = newId()
    await house.work(ctx => ctx.db.insertInto('identity.department').values({ id: department, name: '抢修中心', parentId: null }).execute())
    const person = await newcomer('agent')
    await asAdmin(person.id, { departmentId: department })
    expect(await asAdmin(person.id, { name: '还在' })).toMatchObject({ name: '还在', departmentId: department, login: person.login })
  })

  test('whoever is retired does not sign in, and is answered like a stranger', async () => {
    const person = await newcomer('agent')
    await asAdmin(person.id, { retired: true })
    expect(await house.work(ctx => attemptSignIn(ctx, { login: person.login, password: password }, from))).toMatchObject({
      code: 'access.wrong_credentials',
    })
    await asAdmin(person.id, { retired: false })
    expect(await house.work(ctx => attemptSignIn(ctx, { login: person.login, password: password }, from))).toMatchObject({
      personId: person.id,
    })
  })

  test('of two administrators who retire one another at once, one stays', async () => {
    const other = await newcomer('admin')
    const outcomes = await Promise.allSettled([
      asAdmin(other.id, { retired: true }),
      house.as(house.user({ id: other.id })).work(ctx => changePerson(ctx, admin.id, { retired: true })),
    ])
    expect(outcomes.filter(o => o.status === 'rejected').map(o => String(o.reason))).toEqual(['Error: person.last_administrator'])
    await house.as(house.user()).work(ctx => changePerson(ctx, admin.id, { retired: false }))
    await house.as(house.user()).work(ctx => changePerson(ctx, other.id, { retired: true }))
  })

  test('nobody retires themselves, and the last administrator stays one', async () => {
    await expect(asAdmin(admin.id, { retired: true })).rejects.toThrow('person.is_you')
    const others = await house.work(ctx =>
      ctx.db
        .selectFrom('identity.person')
        .select('id')
        .where('roleId', '=', roles.admin ?? '')
        .where('id', '<>', admin.id)
        .execute(),
    )
    for (const { id } of others) await asAdmin(id, { roleId: roles.agent })
    await expect(asAdmin(admin.id, { roleId: roles.agent })).rejects.toThrow('person.last_administrator')
  })

  test('a login is nobody else’s', async () => {
    const [one, two] = [await newcomer('agent'), await newcomer('lead')]
    await expect(asAdmin(one.id, { login: two.login })).rejects.toThrow('person.login_taken')
    await expect(asAdmin(one.id, { password: one.login })).rejects.toThrow('password.like_login')
  })

  test('what was typed as a password stands nowhere', async () => {
    const { rows } = await house.house.control.query(`select count(*) as n from kernel.event_value where value like '%Deep-Water%'`)
    expect(rows).toEqual([{ n: 0 }])
  })
})

test('yesterday’s sessions and failures are forgotten', async () => {
  const person = await newcomer('agent')
  await signedIn(person.id)
  await house.work(ctx => attemptSignIn(ctx, { login: 'nobody', password: 'wrong' }, from))
  await house.pass(25 * 60)
  await house.work(forgetOldSessions)
  const left = await house.work(async ctx => [
    await ctx.db.selectFrom('identity.session').select('id').execute(),
    await ctx.db.selectFrom('identity.signInFailure').select('login').execute(),
  ])
  expect(left).toEqual([[], []])
})

describe('an organisation', () => {
  test('begins with roles and working hours', async () => {
    expect(Object.keys(roles).sort()).toEqual(['admin', 'agent', 'handler', 'lead', 'supervisor'])
    expect(await house.work(tenantCard)).toMatchObject({ id: house.tenantId, slug: 'first', timezone: 'Asia/Shanghai' })
    expect(await house.work(ctx => calendarOf(ctx, null))).toMatchObject({
      timezone: 'Asia/Shanghai',
      week: { 1: [{ from: 540, to: 1080 }] },
    })
    await expect(house.work(ctx => calendarOf(ctx, newId()))).rejects.toThrow('calendar.not_found')
  })

  test('has a short name of its own and a time zone that exists', async () => {
    const found = (slug: string, timezone: string) =>
      work(house.house, system(newId()), ctx => createTenant(ctx, { slug, name: '又一个', timezone }))
    await expect(found('second', 'Asia/Shanghai')).rejects.toThrow('tenant.slug_taken')
    await expect(found('third', 'Nowhere/At-all')).rejects.toThrow('calendar.timezone_unknown')
  })
})

describe('setting up', () => {
  const form = {
    name: '临江水务',
    slug: 'linjiang',
    timezone: 'Asia/Shanghai',
    language: 'zh' as const,
    adminName: '何静',
    login: 'hejing',
    password,
    sample: false,
  }

  test('is for an empty installation only', async () => {
    await expect(setUp(house.house, form, from)).rejects.toThrow('tenant.already_set_up')
  })

  test('two at a time make one organisation', async () => {
    const empty = await openHouse()
    try {
      await empty.house.control.query('truncate kernel.directory')
      const outcomes = await Promise.allSettled(['one', 'two', 'three'].map(slug => setUp(empty.house, { ...form, slug }, from)))
      expect(outcomes.filter(o => o.status === 'fulfilled')).toHaveLength(1)
      const made = outcomes.find(o => o.status === 'fulfilled')?.value
      expect(made?.me).toMatchObject({ user: { login: 'hejing', name: '何静' }, permissions: { 'identity:configure': 'all' } })
      const { rows } = await empty.house.control.query('select key from kernel.directory')
      expect(rows).toHaveLength(1)
    } finally {
      await empty.close()
    }
  })
})
