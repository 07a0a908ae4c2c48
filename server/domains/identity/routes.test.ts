import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asSystem } from '#kernel/react.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addPerson } from './people.ts'

let house: TestHouse
const password = 'Deep-Water-7'
type Json = Record<string, unknown>

beforeAll(async () => {
  house = await openHouse()
  await asSystem(house.house, house.tenantId, async ctx => {
    const role = async (code: string) =>
      (await ctx.db.selectFrom('identity.role').select('id').where('code', '=', code).executeTakeFirstOrThrow()).id
    const person = { departmentId: null, teamId: null, password }
    await addPerson(ctx, { ...person, name: '周管理', login: 'admin', roleId: await role('admin') })
    await addPerson(ctx, { ...person, name: '李坐席', login: 'agent', roleId: await role('agent') })
    for (const login of ['locked', 'idle', 'other', 'changes'])
      await addPerson(ctx, { ...person, name: login, login, roleId: await role('agent') })
  })
})
afterAll(() => house.close())

const call = (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, body?: Json, headers: Record<string, string> = {}) =>
  house.app.inject({ method, url: `/api${url}`, headers: { 'x-huiyin-tenant': 'first', ...headers }, ...(body ? { payload: body } : {}) })
const signIn = (login: string, more: Json = {}) => call('POST', '/session', { login, password, ...more })
const bearer = async (login: string) => ({
  authorization: `Bearer ${(await signIn(login, { bearer: true })).json<{ bearer: string }>().bearer}`,
})

describe('signing in', () => {
  test('gives a session cookie that scripts cannot read, and one that they send back', async () => {
    const reply = await signIn('agent')
    expect(reply.statusCode).toBe(200)
    expect(reply.json()).toMatchObject({
      user: { login: 'agent', name: '李坐席' },
      tenant: { slug: 'first' },
      permissions: { 'routing:work': 'own' },
    })
    expect(reply.json().bearer).toBeUndefined()
    const [session, csrf] = reply.cookies
    expect(session).toMatchObject({ name: 'huiyin_session', httpOnly: true, sameSite: 'Lax', path: '/' })
    expect(csrf).toMatchObject({ name: 'huiyin_csrf', sameSite: 'Lax' })
    expect(csrf?.httpOnly).toBeFalsy()

    const cookie = `huiyin_session=${session?.value}; huiyin_csrf=${csrf?.value}`
    expect((await call('GET', '/me', undefined, { cookie })).json().user.login).toBe('agent')
    expect((await call('PATCH', '/me', { language: 'en' }, { cookie })).json().code).toBe('access.csrf')
    expect((await call('PATCH', '/me', { language: 'en' }, { cookie, 'x-csrf': 'guessed' })).json().code).toBe('access.csrf')
    expect((await call('GET', '/me', undefined, { cookie })).json().user.language).toBeNull()
    const changed = await call('PATCH', '/me', { language: 'en' }, { cookie, 'x-csrf': csrf?.value ?? '' })
    expect(changed.json().user.language).toBe('en')

    expect((await call('DELETE', '/session', undefined, { cookie, 'x-csrf': csrf?.value ?? '' })).statusCode).toBe(204)
    expect((await call('GET', '/me', undefined, { cookie })).json().code).toBe('access.sign_in')
  })

  test('answers an unknown login, a wrong password and odd text alike', async () => {
    const wrong = await call('POST', '/session', { login: 'other', password: 'not this one' })
    for (const login of ['nobody', "' or 1=1 --", '管理员', '<script>alert(1)</script>']) {
      const reply = await call('POST', '/session', { login, password: 'not this one' })
      expect({ ...reply.json(), requestId: 0 }).toEqual({ ...wrong.json(), requestId: 0 })
      expect(reply.statusCode).toBe(401)
      expect(reply.cookies).toEqual([])
    }
    expect(wrong.json().code).toBe('access.wrong_credentials')
  })

  test.each(['locked', 'nobody-either'])('%s is locked after five failures, and twice as long after five more', async login => {
    const codes = async (times: number, word: string) => {
      const seen: string[] = []
      for (let n = 0; n < times; n++) seen.push((await call('POST', '/session', { login, password: word }, {})).json().code)
      return seen
    }
    const wrong = 'access.wrong_credentials'
    expect(await codes(6, 'wrong')).toEqual([wrong, wrong, wrong, wrong, 'access.locked', 'access.locked'])
    expect((await signIn(login)).json().code).toBe('access.locked')
    await house.pass(5.1)
    expect(await codes(5, 'wrong')).toEqual([wrong, wrong, wrong, wrong, 'access.locked'])
    await house.pass(5.1)
    const reply = await signIn(login)
    expect([reply.statusCode, reply.json().code]).toEqual([429, 'access.locked'])
    expect(Number(reply.headers['retry-after'])).toBeGreaterThan(200)
    await house.pass(5)
    expect((await signIn(login)).statusCode).toBe(login === 'locked' ? 200 : 401)
  })

  test('guesses made at once count like guesses made in turn', async () => {
    const replies = await Promise.all(Array.from({ length: 8 }, () => call('POST', '/session', { login: 'guessed', password: 'wrong' })))
    expect(replies.filter(r => r.json().code === 'access.wrong_credentials')).toHaveLength(4)
    expect(replies.filter(r => r.json().code === 'access.locked')).toHaveLength(4)
    await house.pass(6)
  })

  test('is limited by address', async () => {
    const replies = []
    for (let n = 0; n < 32; n++)
      replies.push(
        (
          await house.app.inject({
            method: 'POST',
            url: '/api/session',
            remoteAddress: '10.9.9.9',
            payload: { tenant: 'nowhere', login: 'x', password: 'y' },
          })
        ).json().code,
      )
    expect(replies.slice(0, 30)).toEqual(Array(30).fill('access.tenant_unknown'))
    expect(replies.slice(30)).toEqual(Array(2).fill('access.too_many_attempts'))
  })
})

describe('a session', () => {
  test('ends when it rests for twelve hours, and lives on while it is used', async () => {
    const idle = await bearer('idle')
    await house.pass(11 * 60)
    expect((await call('GET', '/me', undefined, idle)).statusCode).toBe(200)
    await house.pass(11 * 60)
    expect((await call('GET', '/me', undefined, idle)).statusCode).toBe(200)
    await house.pass(12 * 60 + 1)
    expect((await call('GET', '/me', undefined, idle)).json().code).toBe('access.sign_in')
  })

  test('can be looked at and ended by its owner only', async () => {
    const [first, second, stranger] = [await bearer('agent'), await bearer('agent'), await bearer('other')]
    const sessions = (await call('GET', '/me/sessions', undefined, first)).json<{ id: string; current: boolean }[]>()
    expect(sessions.filter(s => s.current)).toHaveLength(1)
    const foreign = sessions.find(s => !s.current)?.id ?? ''
    expect((await call('DELETE', `/me/sessions/${foreign}`, undefined, stranger)).json().code).toBe('session.not_found')
    expect((await call('DELETE', `/me/sessions/${foreign}`, undefined, first)).statusCode).toBe(204)
    expect([(await call('GET', '/me', undefined, first)).statusCode, (await call('GET', '/me', undefined, second)).statusCode]).toContain(
      401,
    )
  })

  test('of the others ends with a new password', async () => {
    const [mine, elsewhere] = [await bearer('changes'), await bearer('changes')]
    expect((await call('PUT', '/me/password', { current: 'wrong', next: 'Deep-Water-8' }, mine)).json().code).toBe('password.wrong')
    expect((await call('PUT', '/me/password', { current: password, next: 'password1' }, mine)).json().code).toBe('password.too_common')
    expect((await call('PUT', '/me/password', { current: password, next: 'Deep-Water-8' }, mine)).statusCode).toBe(204)
    expect((await call('GET', '/me', undefined, mine)).statusCode).toBe(200)
    expect((await call('GET', '/me', undefined, elsewhere)).statusCode).toBe(401)
  })

  test.each(['', 'Bearer x', 'Bearer s.00000000000000000000000000000000.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 'Basic YTpi'])(
    'is not made up: %s',
    async authorization => {
      expect((await call('GET', '/me', undefined, { authorization })).json().code).toBe('access.sign_in')
    },
  )
})

describe('people', () => {
  test('are kept by whoever may configure', async () => {
    const agent = await bearer('agent')
    for (const [method, url] of [
      ['POST', '/people'],
      ['PATCH', '/people/01900000-0000-7000-8000-000000000000'],
      ['GET', '/roles'],
      ['POST', '/departments'],
      ['POST', '/calendars'],
    ] as const)
      expect(
        (
          await call(
            method,
            url,
            method === 'GET' ? undefined : { name: 'x', login: 'xx', password, roleId: house.tenantId, week: {} },
            agent,
          )
        ).json().code,
      ).toBe('access.denied')
    expect((await call('GET', '/people', undefined, agent)).statusCode).toBe(200)
    expect((await call('GET', '/people')).json().code).toBe('access.sign_in')
  })

  test('never leave with a password hash', async () => {
    const people = await call('GET', '/people', undefined, await bearer('admin'))
    expect(people.body).not.toMatch(/argon2|hash/i)
  })

  test.each([
    [{ login: 'A B' }, 'input.invalid'],
    [{ login: 'agent' }, 'person.login_taken'],
    [{ password: 'short' }, 'input.invalid'],
    [{ password: 'new-person' }, 'password.like_login'],
    [{ password: '88888888' }, 'password.too_common'],
    [{ roleId: '01900000-0000-7000-8000-000000000000' }, 'role.not_found'],
    [{ departmentId: '01900000-0000-7000-8000-000000000000' }, 'department.not_found'],
    [{ name: '   ' }, 'input.invalid'],
  ])('are refused with %o: %s', async (wrong, code) => {
    const admin = await bearer('admin')
    const roleId = (await call('GET', '/roles', undefined, admin)).json<{ id: string }[]>()[0]?.id
    const body = { name: '新人', login: 'new-person', password, roleId, ...wrong }
    expect((await call('POST', '/people', body, admin)).json().code).toBe(code)
  })

  test('of another tenant are not there', async () => {
    const admin = await bearer('admin')
    const foreign = await asSystem(house.house, house.otherTenantId, async ctx => {
      const role = await ctx.db.selectFrom('identity.role').select('id').where('code', '=', 'admin').executeTakeFirstOrThrow()
      return addPerson(ctx, { name: '外人', login: 'agent', password, roleId: role.id, departmentId: null, teamId: null })
    })
    expect((await call('PATCH', `/people/${foreign.id}`, { name: '我的人' }, admin)).json().code).toBe('person.not_found')
    expect((await call('PATCH', '/people/not-an-id', { name: '我的人' }, admin)).json().code).toBe('input.not_found')
    expect((await call('GET', '/people', undefined, admin)).body).not.toContain(foreign.id)
    const mine = await bearer('agent')
    expect((await call('GET', '/me', undefined, { ...mine, 'x-huiyin-tenant': 'second' })).json().tenant.slug).toBe('first')
  })
})

describe('calendars', () => {
  const week = { 1: [{ from: 540, to: 1080 }] }
  test('are changed field by field, and the change is told', async () => {
    const admin = await bearer('admin')
    const added = (await call('POST', '/calendars', { name: '夜班', timezone: 'Asia/Shanghai', week }, admin)).json()
    const changed = (await call('PATCH', `/calendars/${added.id}`, { days: { '2026-10-01': [] } }, admin)).json()
    expect(changed).toEqual({ ...added, days: { '2026-10-01': [] } })
    expect(await house.said('calendar.changed')).toContainEqual({
      fields: ['days'],
      changes: { days: { was: {}, is: { '2026-10-01': [] } } },
    })
  })
  test.each([
    [{ timezone: 'Mars/Base' }, 'calendar.timezone_unknown'],
    [{ week: { 9: [] } }, 'input.invalid'],
    [{ week: { 1: [{ from: 900, to: 800 }] } }, 'input.invalid'],
    [{ days: { '2026-13-01': [] } }, 'input.invalid'],
  ])('are refused with %o', async (wrong, code) => {
    expect((await call('POST', '/calendars', { name: '班', week, ...wrong }, await bearer('admin'))).json().code).toBe(code)
  })
  test('that the organisation runs by stay', async () => {
    const admin = await bearer('admin')
    const [first] = (await call('GET', '/calendars', undefined, admin)).json<{ id: string }[]>()
    expect((await call('PUT', `/calendars/${first?.id}/retired`, { retired: true }, admin)).json().code).toBe('calendar.is_default')
  })
  test('are exchanged: another is the default, and the first may be retired', async () => {
    const admin = await bearer('admin')
    const list = async () => (await call('GET', '/calendars', undefined, admin)).json<{ id: string }[]>()
    const [first] = await list()
    const { id } = (await call('POST', '/calendars', { name: '新总历', timezone: 'Asia/Shanghai', week }, admin)).json()
    expect((await call('PUT', `/calendars/${id}/default`, undefined, await bearer('agent'))).statusCode).toBe(403)
    const both = await Promise.all([1, 2].map(() => call('PUT', `/calendars/${id}/default`, undefined, admin)))
    expect(both.map(r => r.statusCode)).toEqual([200, 200])
    expect((await list())[0]?.id).toBe(id)
    expect((await call('PUT', `/calendars/${id}/retired`, { retired: true }, admin)).json().code).toBe('calendar.is_default')
    expect((await call('PUT', `/calendars/${first?.id}/retired`, { retired: true }, admin)).json().retired).toBe(true)
    // Chosen again it comes back.
    expect((await call('PUT', `/calendars/${first?.id}/default`, undefined, admin)).json()).toMatchObject({ id: first?.id, retired: false })
  })
  test('are retired only when nobody works by them', async () => {
    const admin = await bearer('admin')
    const { id } = (await call('POST', '/calendars', { name: '热线', week }, admin)).json()
    const queue = (await call('POST', '/queues', { name: '热线', calendarId: id }, admin)).json()
    const refused = (await call('PUT', `/calendars/${id}/retired`, { retired: true }, admin)).json()
    expect(refused).toMatchObject({ code: 'calendar.in_use', facts: { by: [{ noun: 'queue', name: '热线' }] } })
    await call('PATCH', `/queues/${queue.id}`, { calendarId: null }, admin)
    expect((await call('PUT', `/calendars/${id}/retired`, { retired: true }, admin)).json().retired).toBe(true)
  })
  test('say whether hours that are not saved yet are open at a time', async () => {
    const admin = await bearer('admin')
    const at = (moment: string) =>
      call('POST', '/calendars/check', { timezone: 'Asia/Shanghai', week, days: { '2026-10-05': [] }, at: moment }, admin).then(r =>
        r.json(),
      )
    const working = await at('2026-09-28T10:00')
    expect(working).toMatchObject({ open: true, opensAt: null })
    expect(working.closesAt).toBe('2026-09-28T10:00:00.000Z')
    expect(await at('2026-10-05T10:00')).toMatchObject({ open: false, closesAt: null })
    expect((await at('gestern')).code).toBe('input.invalid')
  })
})

describe('departments', () => {
  test('form a tree, never a circle, and a team belongs to one that exists', async () => {
    const admin = await bearer('admin')
    const make = async (name: string, parentId: string | null) =>
      (await call('POST', '/departments', { name, parentId }, admin)).json<{ id: string }>().id
    const top = await make('抢修中心', null)
    const middle = await make('城东抢修', top)
    const bottom = await make('城东一班', middle)
    for (const parentId of [top, middle, bottom])
      expect((await call('PATCH', `/departments/${top}`, { parentId }, admin)).json().code).toBe('department.below_itself')
    expect((await call('PATCH', `/departments/${bottom}`, { parentId: top }, admin)).json()).toMatchObject({
      name: '城东一班',
      parentId: top,
      takesTickets: true,
    })
    expect((await call('PATCH', `/departments/${bottom}`, { nameEn: 'East 1' }, admin)).json()).toMatchObject({
      parentId: top,
      nameEn: 'East 1',
    })
    expect((await call('PATCH', `/departments/${bottom}`, { parentId: null }, admin)).json()).toMatchObject({ parentId: null })
    const nowhere = '01900000-0000-7000-8000-000000000000'
    expect((await call('PATCH', `/departments/${bottom}`, { parentId: nowhere }, admin)).json().code).toBe('department.not_found')
    expect((await call('PUT', `/departments/${nowhere}/retired`, { retired: true }, admin)).json().code).toBe('department.not_found')

    const team = (await call('POST', '/teams', { name: '早班', departmentId: top }, admin)).json()
    expect(team).toMatchObject({ name: '早班', departmentId: top, retired: false })
    expect((await call('POST', '/teams', { name: '晚班', departmentId: nowhere }, admin)).json().code).toBe('catalog.unknown_reference')
    expect((await call('PUT', `/departments/${middle}/retired`, { retired: true }, admin)).json().retired).toBe(true)
    expect((await call('GET', '/departments', undefined, admin)).body).not.toContain(middle)
    expect((await call('GET', '/departments?retired=true', undefined, admin)).body).toContain(middle)
  })
})

describe('the sign-in page', () => {
  test('learns which organisation it stands for, and of sample accounts only in a sample centre', async () => {
    expect((await call('GET', '/welcome')).json()).toMatchObject({
      installed: true,
      tenant: { slug: 'first', sample: false },
      accounts: [],
    })
    const unknown = await house.app.inject({ method: 'GET', url: '/api/welcome' })
    expect(unknown.json()).toMatchObject({ installed: true, tenant: null, accounts: [] })
    const accounts = [{ login: 'chen', password: 'sample-only', name: '陈晨', role: '坐席', roleEn: 'Agent' }]
    const keep = (sample: boolean) =>
      house.work(ctx => ctx.db.updateTable('identity.tenant').set({ sample, settings: { accounts } }).execute())
    await keep(false)
    expect((await call('GET', '/welcome')).json().accounts).toEqual([])
    await keep(true)
    expect((await call('GET', '/welcome')).json().accounts).toEqual(accounts)
    await keep(false)
  })
  test('cannot set up what is set up', async () => {
    const form = { name: '又一家', slug: 'another', adminName: '甲', login: 'jia', password }
    expect((await call('POST', '/setup', form)).json().code).toBe('tenant.already_set_up')
    expect((await call('POST', '/setup', { ...form, slug: 'No Spaces' })).json().code).toBe('input.invalid')
  })
})
