import { generateSync } from 'otplib'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addPerson } from './people.ts'
import type { RoleCode } from './rules.ts'
import { openSession } from './sessions.ts'

let house: TestHouse
let admin: string
const password = 'Deep-Water-7'
const roles: Record<string, string> = {}
let number = 0

beforeAll(async () => {
  house = await openHouse()
  await house.work(async ctx => {
    for (const { code, id } of await ctx.db.selectFrom('identity.role').select(['code', 'id']).execute()) roles[code ?? ''] = id
  })
  admin = (await newcomer('admin')).token
})
afterAll(() => house.close())

async function newcomer(role: RoleCode | string, login = `someone-${++number}`) {
  return house.work(async ctx => {
    const roleId = roles[role] ?? role
    const { id } = await addPerson(ctx, { name: '新人', login, password, roleId, departmentId: null, teamId: null })
    return { id, login, token: (await openSession(ctx, id, { ip: '10.0.0.1', userAgent: 'test' })).token }
  })
}
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
const call = async (method: Method, url: string, body?: object, token = admin) => {
  const reply = await house.app.inject({
    method,
    url: `/api${url}`,
    headers: { 'x-huiyin-tenant': 'first', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    ...(body ? { payload: body } : {}),
  })
  return { status: reply.statusCode, body: reply.body ? reply.json() : undefined }
}
const codeOf = async (...args: Parameters<typeof call>) => (await call(...args)).body?.code
const makeRole = async (grants: Record<string, string>, more: object = {}) =>
  (await call('POST', '/roles', { name: `角色 ${++number}`, grants, ...more })).body.id as string

describe('a role', () => {
  test('acts on open sessions at once, and its sockets come back with the new rights', async () => {
    const role = await makeRole({ 'ticket:read': 'all' })
    const { token } = await newcomer(role)
    expect(await codeOf('GET', '/tasks', undefined, token)).toBe('access.denied')
    const url = await house.app.listen({ port: 0, host: '127.0.0.1' })
    const socket = io(url, { path: '/api/socket', transports: ['websocket'], auth: { token }, reconnection: false })
    await new Promise(resolve => socket.on('ready', resolve))
    const ended = new Promise(resolve => socket.on('disconnect', resolve))
    await call('PATCH', `/roles/${role}`, { grants: { 'task:read': 'own' } })
    expect(await ended).toBe('io server disconnect')
    expect((await call('GET', '/tasks', undefined, token)).status).toBe(200)
    expect(await codeOf('GET', '/tickets', undefined, token)).toBe('access.denied')
    socket.close()
  })

  test('gives no more than its maker has, in scope and in limit', async () => {
    const narrow = { 'identity:configure': 'all', 'identity:read': 'all', 'ticket:read': 'department', 'customer:reveal': 'all' }
    const maker = await newcomer(await makeRole(narrow, { limits: { 'customer:reveal': 20 } }))
    const give = (grants: object, limits: object = {}) => codeOf('POST', '/roles', { name: '新角色', grants, limits }, maker.token)
    expect(await give({ 'ticket:read': 'team' })).toBeNull()
    expect(await give({ 'ticket:read': 'all' })).toBe('role.more_than_you')
    expect(await give({ 'task:read': 'own' })).toBe('role.more_than_you')
    expect(await give({ 'customer:reveal': 'all' })).toBe('role.more_than_you')
    expect(await give({ 'customer:reveal': 'all' }, { 'customer:reveal': 21 })).toBe('role.more_than_you')
    expect(await give({ 'customer:reveal': 'own' }, { 'customer:reveal': 20 })).toBeNull()
    expect(await give({ 'no:such': 'all' })).toBe('input.invalid')
    expect(await give({ 'ticket:read': 'galaxy' })).toBe('input.invalid')
  })

  test('of more rights is neither given nor taken over through a password', async () => {
    const maker = await newcomer(await makeRole({ 'identity:configure': 'all', 'identity:read': 'all' }))
    const boss = await newcomer('admin')
    const add = { name: '甲', login: 'jia-too-much', roleId: roles.admin }
    expect(await codeOf('POST', '/people', add, maker.token)).toBe('role.more_than_you')
    expect(await codeOf('PATCH', `/people/${maker.id}`, { roleId: roles.admin }, maker.token)).toBe('role.more_than_you')
    expect(await codeOf('PATCH', `/people/${boss.id}`, { password: 'Other-Water-7' }, maker.token)).toBe('role.more_than_you')
    expect(await codeOf('POST', `/people/${boss.id}/password-link`, undefined, maker.token)).toBe('role.more_than_you')
    expect(await codeOf('DELETE', `/people/${boss.id}/second-factor`, undefined, maker.token)).toBe('role.more_than_you')
    expect(await codeOf('PATCH', `/roles/${roles.admin}`, { secondFactor: true }, maker.token)).toBe('role.more_than_you')
  })

  test('of the administrator stays whole, one that is in use stays, and somebody always administers', async () => {
    expect(await codeOf('PATCH', `/roles/${roles.admin}`, { grants: { 'ticket:read': 'all' } })).toBe('role.is_administrator')
    expect(await codeOf('PATCH', `/roles/${roles.admin}`, { retired: true })).toBe('role.is_administrator')
    const role = await makeRole({ 'ticket:read': 'all' })
    const { id } = await newcomer(role)
    expect(await codeOf('PATCH', `/roles/${role}`, { retired: true })).toBe('role.in_use')
    await call('PATCH', `/people/${id}`, { retired: true })
    expect((await call('PATCH', `/roles/${role}`, { retired: true })).body.retired).toBe(true)

    const other = await openHouse()
    const [only, keeper] = await other.work(async ctx => {
      const [roleRow] = await ctx.db.selectFrom('identity.role').select('id').where('code', '=', 'agent').execute()
      await ctx.db
        .updateTable('identity.role')
        .set({ grants: JSON.stringify({ 'identity:configure': 'all', 'identity:read': 'all', 'ticket:read': 'all' }) })
        .where('code', '=', 'agent')
        .execute()
      const made = await addPerson(ctx, {
        name: '唯一',
        login: 'only',
        password,
        roleId: roleRow?.id ?? '',
        departmentId: null,
        teamId: null,
      })
      return [(await openSession(ctx, made.id, { ip: '', userAgent: '' })).token, roleRow?.id]
    })
    const reply = await other.app.inject({
      method: 'PATCH',
      url: `/api/roles/${keeper}`,
      headers: { authorization: `Bearer ${only}` },
      payload: { grants: { 'identity:read': 'all' } },
    })
    expect(reply.json().code).toBe('person.last_administrator')
    await other.close()
  })

  test('limits those who look at several at once all the same', async () => {
    const role = await makeRole(
      { 'customer:read': 'all', 'customer:reveal': 'all', 'customer:write': 'all' },
      { limits: { 'customer:reveal': 2 } },
    )
    const { token } = await newcomer(role)
    const added = await call('POST', '/customers', { name: '客户', phone: '13800138001' }, token)
    const look = async () => (await call('POST', `/customers/${added.body.id}/reveal`, { reason: '回拨' }, token)).status
    const looks = await Promise.all(Array.from({ length: 12 }, look))
    expect(looks.filter(status => status === 200)).toHaveLength(2)
  })

  test('may limit how many numbers are looked at in a day', async () => {
    const role = await makeRole(
      { 'customer:read': 'all', 'customer:reveal': 'all', 'customer:write': 'all' },
      { limits: { 'customer:reveal': 2 } },
    )
    const { token } = await newcomer(role)
    const added = await call('POST', '/customers', { name: '客户', phone: '13800138000' }, token)
    const look = () => codeOf('POST', `/customers/${added.body.id}/reveal`, { reason: '回拨' }, token)
    expect([await look(), await look(), await look()]).toEqual([undefined, undefined, 'customer.revealed_enough'])
    await house.pass(24 * 60 + 1)
    admin = (await newcomer('admin')).token
  })

  test('that is retired is given to nobody, like a retired team or department, and stays with whoever has it', async () => {
    const role = await makeRole({ 'ticket:read': 'all' })
    await call('PATCH', `/roles/${role}`, { retired: true })
    const add = { name: '乙', login: 'yi-retired', roleId: role }
    expect(await codeOf('POST', '/people', add)).toBe('person.place_retired')
    const departmentId = (await call('POST', '/departments', { name: '旧部门' })).body.id
    const teamId = (await call('POST', '/teams', { name: '旧班组', departmentId })).body.id
    const { id } = await newcomer('agent')
    await call('PATCH', `/people/${id}`, { departmentId, teamId })
    for (const place of [`/teams/${teamId}`, `/departments/${departmentId}`])
      expect((await call('PUT', `${place}/retired`, { retired: true })).status).toBe(200)
    expect((await call('PATCH', `/people/${id}`, { name: '还在那里' })).status).toBe(200)
    const { id: other } = await newcomer('agent')
    expect(await codeOf('PATCH', `/people/${other}`, { departmentId })).toBe('person.place_retired')
    expect(await codeOf('PATCH', `/people/${other}`, { departmentId, teamId })).toBe('person.place_retired')
  })
})

test('who has a password and a second factor is told to who administers people, and to nobody else', async () => {
  const seen = async (token: string) =>
    (await call('GET', '/people?size=200', undefined, token)).body.rows as { hasPassword: unknown; secondFactor: unknown }[]
  expect((await seen(admin)).some(p => p.hasPassword === true && p.secondFactor !== null)).toBe(true)
  const { token } = await newcomer('agent')
  expect((await seen(token)).every(p => p.hasPassword === null && p.secondFactor === null)).toBe(true)
})

test('whoever sits at an open console cannot try passwords for long', async () => {
  const { token } = await newcomer('agent')
  const guess = (n: number) =>
    n % 2
      ? codeOf('PUT', '/me/password', { current: `guess-${n}`, next: 'Other-Water-7' }, token)
      : codeOf('POST', '/me/recovery-codes', { password: `guess-${n}` }, token)
  const codes: string[] = []
  for (let n = 0; n < 11; n++) codes.push(await guess(n))
  expect(codes).toEqual([...Array.from({ length: 10 }, () => 'password.wrong'), 'password.tried_too_often'])
  await house.pass(1)
  expect(await codeOf('PUT', '/me/password', { current: password, next: 'Other-Water-7' }, token)).toBeUndefined()
})

test('a socket opens by cookie from our own pages, not from another site’s', async () => {
  const { token } = await newcomer('agent')
  const address = house.app.server.address()
  const url =
    typeof address === 'object' && address ? `http://127.0.0.1:${address.port}` : await house.app.listen({ port: 0, host: '127.0.0.1' })
  const opened = (origin: string) =>
    new Promise<string>(resolve => {
      const extraHeaders = { cookie: `huiyin_session=${token}`, origin }
      const socket = io(url, { path: '/api/socket', transports: ['websocket'], extraHeaders, reconnection: false, forceNew: true })
      const end = (how: string) => () => {
        socket.close()
        resolve(how)
      }
      socket.on('ready', end('ready'))
      socket.on('refused', end('refused'))
    })
  expect(await opened(url)).toBe('ready')
  expect(await opened('https://elsewhere.example')).toBe('refused')
})

describe('a link to set a password', () => {
  test('opens once, for three days, and the latest only', async () => {
    const { body: person } = await call('POST', '/people', { name: '林夏', login: 'linxia', roleId: roles.agent })
    expect(person.hasPassword).toBe(false)
    expect(await codeOf('POST', '/session', { login: 'linxia', password: 'null' }, '')).toBe('access.wrong_credentials')
    const first = (await call('POST', `/people/${person.id}/password-link`)).body.token
    const { token } = (await call('POST', `/people/${person.id}/password-link`)).body
    expect(await codeOf('POST', '/password-link', { token: first }, '')).toBe('password_link.over')
    expect((await call('POST', '/password-link', { token }, '')).body).toMatchObject({ name: '林夏', login: 'linxia', least: 10 })
    expect(await codeOf('PUT', '/password-link', { token, password: 'linxia-linxia' }, '')).toBeUndefined()
    expect(await codeOf('PUT', '/password-link', { token, password }, '')).toBe('password_link.over')
    expect((await call('POST', '/session', { login: 'linxia', password: 'linxia-linxia' }, '')).status).toBe(200)
    const late = (await call('POST', `/people/${person.id}/password-link`)).body.token
    await house.pass(3 * 24 * 60 + 1)
    admin = (await newcomer('admin')).token
    expect(await codeOf('PUT', '/password-link', { token: late, password }, '')).toBe('password_link.over')
    expect(await codeOf('POST', '/password-link', { token: 'p.x.y' }, '')).toBe('password_link.over')
    const { rows } = await house.house.control.query('select token_hash from identity.password_link')
    expect(JSON.stringify(rows)).not.toContain(late.split('.')[2])
  })
})

describe('an API key', () => {
  const keyOf = async (grants: object, more: object = {}) =>
    (await call('POST', '/api-keys', { name: '账单系统', grants, ...more })).body as { id: string; token: string }

  test('opens what it was given, as itself, and nothing else', async () => {
    const key = await keyOf({ 'ticket:read': 'all', 'customer:write': 'all', 'customer:read': 'all' })
    expect((await call('GET', '/tickets', undefined, key.token)).status).toBe(200)
    expect((await call('GET', '/departments', undefined, key.token)).status).toBe(200)
    expect(await codeOf('GET', '/tasks', undefined, key.token)).toBe('access.denied')
    expect(await codeOf('GET', '/me', undefined, key.token)).toBe('access.people_only')
    expect(await codeOf('PUT', '/me/password', { current: 'x', next: password }, key.token)).toBe('access.people_only')
    const made = await call('POST', '/customers', { name: '接口客户' }, key.token)
    const { rows } = await house.house.control.query('select actor_kind, actor_id from kernel.event where about = $1', [made.body.id])
    expect(rows).toEqual([{ actor_kind: 'key', actor_id: key.id }])
    const listed = await call('GET', '/api-keys')
    expect(JSON.stringify(listed.body)).not.toContain(key.token.split('.')[2])
    expect(listed.body.find((k: { id: string }) => k.id === key.id)).toMatchObject({ name: '账单系统', revokedAt: null })
    expect(listed.body.find((k: { id: string }) => k.id === key.id).usedAt).not.toBeNull()
    const kept = await house.house.control.query('select token_hash from identity.api_key')
    expect(JSON.stringify(kept.rows)).not.toContain(key.token.split('.')[2])
  })

  test('ends when it is revoked, and by its own time', async () => {
    const key = await keyOf({ 'ticket:read': 'all' })
    const short = await keyOf({ 'ticket:read': 'all' }, { expiresAt: new Date(house.now().getTime() + 60_000).toISOString() })
    await call('POST', `/api-keys/${key.id}/revocation`)
    expect(await codeOf('GET', '/tickets', undefined, key.token)).toBe('access.sign_in')
    expect((await call('GET', '/tickets', undefined, short.token)).status).toBe(200)
    await house.pass(2)
    expect(await codeOf('GET', '/tickets', undefined, short.token)).toBe('access.sign_in')
  })

  test('follows what its maker may: fewer rights, a narrower reach, none once they are retired', async () => {
    const wide = { 'identity:configure': 'all', 'identity:read': 'all', 'ticket:read': 'all', 'task:read': 'all', 'ticket:open': 'all' }
    const role = await makeRole(wide)
    const maker = await newcomer(role)
    const given = { 'ticket:read': 'all', 'task:read': 'team', 'ticket:open': 'all' }
    const key = (await call('POST', '/api-keys', { name: '跟人走', grants: given }, maker.token)).body as { id: string; token: string }
    const listed = async () => (await call('GET', '/api-keys')).body.find((k: { id: string }) => k.id === key.id)
    expect(await listed()).toMatchObject({ grants: given, acts: given, makerRetired: false })
    await call('PATCH', `/roles/${role}`, { grants: { 'identity:configure': 'all', 'identity:read': 'all', 'task:read': 'own' } })
    expect(await codeOf('GET', '/tickets', undefined, key.token)).toBe('access.denied')
    expect((await call('GET', '/tasks', undefined, key.token)).status).toBe(200)
    expect(await listed()).toMatchObject({ grants: given, acts: { 'task:read': 'own' } })
    await call('PATCH', `/people/${maker.id}`, { retired: true })
    expect(await codeOf('GET', '/tasks', undefined, key.token)).toBe('api_key.maker_retired')
    expect(await listed()).toMatchObject({ acts: {}, makerRetired: true, revokedAt: null })
    await call('PATCH', `/people/${maker.id}`, { retired: false })
    expect((await call('GET', '/tasks', undefined, key.token)).status).toBe(200)
  })

  test('may no more than its maker and makes no other key', async () => {
    const maker = await newcomer(await makeRole({ 'identity:configure': 'all', 'ticket:read': 'department' }))
    const body = { name: '太宽', grants: { 'ticket:read': 'all' } }
    expect(await codeOf('POST', '/api-keys', body, maker.token)).toBe('role.more_than_you')
    expect(await codeOf('POST', '/api-keys', { name: '空', grants: {} })).toBe('api_key.may_nothing')
    const key = await keyOf({ 'identity:configure': 'all' })
    expect(await codeOf('POST', '/api-keys', { name: '再来', grants: { 'identity:configure': 'all' } }, key.token)).toBe(
      'access.people_only',
    )
  })
})

describe('a second factor', () => {
  const codeAt = (secret: string, minutes = 0) => generateSync({ secret, epoch: Math.floor(house.now().getTime() / 1000) + minutes * 60 })
  const turnOn = async (token: string) => {
    const { secret } = (await call('POST', '/me/second-factor', { password }, token)).body as { secret: string }
    const { codes } = (await call('PUT', '/me/second-factor', { code: codeAt(secret) }, token)).body as { codes: string[] }
    return { secret, codes }
  }
  const signIn = (login: string, code?: string) =>
    call('POST', '/session', { login, password, bearer: true, ...(code ? { code } : {}) }, '')

  test('is asked for after the password, takes each code once, and locks like a password', async () => {
    const { login, token } = await newcomer('agent')
    expect(await codeOf('POST', '/me/second-factor', { password: 'wrong' }, token)).toBe('password.wrong')
    const { secret } = await turnOn(token)
    expect((await signIn(login)).body.code).toBe('access.code_needed')
    await house.pass(1)
    const code = codeAt(secret)
    expect((await signIn(login, code)).status).toBe(200)
    expect((await signIn(login, code)).body.code).toBe('access.code_wrong')
    expect((await signIn(login, '000000')).body.code).toBe('access.code_wrong')
    for (let n = 0; n < 3; n++) await signIn(login, '000000')
    expect((await signIn(login, codeAt(secret, 1))).body.code).toBe('access.locked')
  })

  test('has ten recovery codes that open once each', async () => {
    const { login, token } = await newcomer('agent')
    const { codes } = await turnOn(token)
    expect(new Set(codes).size).toBe(10)
    expect((await signIn(login, codes[0])).status).toBe(200)
    expect((await signIn(login, codes[0])).body.code).toBe('access.code_wrong')
    expect((await call('GET', '/me/second-factor', undefined, token)).body).toMatchObject({ on: true, codesLeft: 9 })
    const fresh = (await call('POST', '/me/recovery-codes', { password }, token)).body.codes as string[]
    expect((await signIn(login, codes[1])).body.code).toBe('access.code_wrong')
    expect((await signIn(login, fresh[0]?.toUpperCase())).status).toBe(200)
  })

  test('stands sealed, its codes hashed', async () => {
    const { token } = await newcomer('agent')
    const { secret, codes } = await turnOn(token)
    const { rows } = await house.house.control.query(
      'select f::text from identity.second_factor f union all select c::text from identity.recovery_code c union all select e.detail::text from kernel.event e',
    )
    const kept = JSON.stringify(rows)
    for (const text of [secret, ...codes]) expect(kept).not.toContain(text)
  })

  test('that a role asks for comes before everything else', async () => {
    const role = await makeRole({ 'ticket:read': 'all' }, { secondFactor: true })
    const { id, login, token } = await newcomer(role)
    expect((await call('GET', '/me', undefined, token)).body.secondFactorDue).toBe(true)
    expect((await signIn(login)).body.secondFactorDue).toBe(true)
    for (const url of ['/tickets', '/people', '/departments'])
      expect(await codeOf('GET', url, undefined, token)).toBe('access.second_factor_due')
    await turnOn(token)
    expect((await call('GET', '/tickets', undefined, token)).status).toBe(200)
    expect(await codeOf('POST', '/me/second-factor/removal', { password }, token)).toBe('second_factor.required')
    expect((await call('DELETE', `/people/${id}/second-factor`)).status).toBe(204)
    expect((await signIn(login)).body.secondFactorDue).toBe(true)
  })

  test('that the organisation asks for holds for everyone', async () => {
    const { token } = await newcomer('agent')
    await call('PUT', '/security-policy', { passwordLength: 10, secondFactor: 'required' })
    expect(await codeOf('GET', '/tickets', undefined, token)).toBe('access.second_factor_due')
    const { secret } = await turnOn(admin)
    expect(secret).not.toBe('')
    await call('PUT', '/security-policy', { passwordLength: 14, secondFactor: 'optional' })
    expect((await call('GET', '/tickets', undefined, token)).status).toBe(200)
    expect(await codeOf('PUT', '/me/password', { current: password, next: 'Deep-Water-8' }, token)).toBe('password.too_short')
    await call('PUT', '/security-policy', { passwordLength: 10, secondFactor: 'optional' })
  })
})

describe('sessions of everyone', () => {
  test('are listed by page, and ended one by one or all of a person', async () => {
    const { id, login, token } = await newcomer('agent')
    await house.pass(1)
    const again = (await call('POST', '/session', { login, password, bearer: true }, '')).body.bearer
    const { rows } = (await call('GET', `/sessions?personId=${id}`)).body as { rows: { id: string; personName: string }[] }
    expect(rows).toHaveLength(2)
    const first = (await call('GET', '/sessions?size=1')).body as { rows: { id: string }[]; next: string }
    const second = (await call('GET', `/sessions?size=1&after=${first.next}`)).body as { rows: { id: string }[] }
    expect(second.rows[0]?.id).not.toBe(first.rows[0]?.id)
    expect(await codeOf('GET', '/sessions', undefined, token)).toBe('access.denied')
    await call('DELETE', `/sessions/${rows[0]?.id}`)
    expect([(await call('GET', '/me', undefined, token)).status, (await call('GET', '/me', undefined, again)).status].sort()).toEqual([
      200, 401,
    ])
    await call('DELETE', `/people/${id}/sessions`)
    expect((await call('GET', '/me', undefined, token)).status + (await call('GET', '/me', undefined, again)).status).toBe(802)
  })

  test('of one’s own end all but this', async () => {
    const { login, token } = await newcomer('agent')
    const other = (await call('POST', '/session', { login, password, bearer: true }, '')).body.bearer
    expect((await call('DELETE', '/me/sessions', undefined, token)).status).toBe(204)
    expect((await call('GET', '/me', undefined, token)).status).toBe(200)
    expect((await call('GET', '/me', undefined, other)).status).toBe(401)
  })
})
