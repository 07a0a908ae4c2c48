import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Scope } from '#contract/rights.ts'
import type { User } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { provider } from '#testing/outgoing.ts'
import { setTheTable } from '#testing/tickets.ts'
import { listNotices, oneNotice, sendNotice } from './notices.ts'
import { cancelMessage, listOutbox, oneMessage, retryMessage } from './outbox.ts'
import { addProvider } from './providers.ts'
import { sendMessage } from './send.ts'

// Four messages: mine, of a colleague in my department, of my department's matter by itself, and of nobody near.
let house: TestHouse
let me: User
const colleague = newId()
const ids = { mine: '', near: '', matter: '', far: '' }
beforeAll(async () => {
  house = await openHouse()
  const table = await setTheTable(house)
  me = house.user({ id: table.ids.worker, departmentId: table.ids.crew, teamId: newId() })
  await house.work(async ctx => {
    await addProvider(ctx, provider('sms', { kind: 'practice' }, { enabled: false }))
    const role = await ctx.db.selectFrom('identity.role').select('id').executeTakeFirstOrThrow()
    const person = {
      passwordHash: '',
      departmentId: table.ids.crew,
      teamId: null,
      roleId: role.id,
      language: 'zh',
      addedAt: ctx.now,
    } as const
    await ctx.db
      .insertInto('identity.person')
      .values({ id: colleague, login: 'colleague', name: '同事', ...person })
      .execute()
  })
  const words = {
    channel: 'sms',
    purpose: 'ticket',
    template: 'ticket_opened',
    variables: { number: 'BX-1', link: 'x' },
    address: '+8613812346021',
  } as const
  const send = (more: object) => house.work(async ctx => (await sendMessage(ctx, { ...words, ...more })).id)
  ids.mine = await send({ byId: me.id })
  ids.near = await send({ byId: colleague })
  ids.matter = await send({ departmentId: table.ids.crew })
  ids.far = await send({ byId: table.ids.clerk, departmentId: table.ids.office })
})
afterAll(() => house.close())

const as = (scope: Scope, more: Partial<User> = {}): User => ({ ...me, ...more, grants: new Map([['message:read', scope], ['message:send', 'all']]) }) // biome-ignore format: one actor
const names = (rows: { id: string }[]) => Object.entries(ids).flatMap(([name, id]) => (rows.some(r => r.id === id) ? [name] : []))
const lists = async (actor: User) => names((await house.work(ctx => listOutbox(ctx, {}), actor)).rows)

test('the outbox is read as far as one’s right reaches', async () => {
  expect(await lists(as('own'))).toEqual(['mine'])
  expect(await lists(as('team'))).toEqual(['mine', 'matter'])
  expect(await lists(as('department'))).toEqual(['mine', 'near', 'matter'])
  expect(await lists(as('all'))).toEqual(['mine', 'near', 'matter', 'far'])
  expect(await lists({ ...me, grants: new Map() })).toEqual([])
  for (const act of [oneMessage, retryMessage, cancelMessage])
    await expect(house.work(ctx => act(ctx, ids.far), as('department'))).rejects.toMatchObject({ code: 'message.not_found' })
  expect((await house.work(ctx => cancelMessage(ctx, ids.near), as('department'))).state).toBe('cancelled')
})

test('a notice is read by whoever sent it and those above', async () => {
  const notice = {
    name: '停水',
    channel: 'sms',
    template: 'notice',
    language: 'zh',
    variables: { title: '停水', content: '明天' },
    audience: {},
  } as const
  const sent = await house.work(ctx => sendNotice(ctx, notice), as('own'))
  const elsewhere = as('department', { id: newId(), departmentId: newId(), teamId: null })
  expect((await house.work(ctx => listNotices(ctx, {}), as('own'))).rows.map(r => r.id)).toEqual([sent.id])
  expect((await house.work(ctx => listNotices(ctx, {}), elsewhere)).rows).toEqual([])
  await expect(house.work(ctx => oneNotice(ctx, sent.id), elsewhere)).rejects.toMatchObject({ code: 'notice.not_found' })
})

test('the words of password links are nobody’s to read, nor is an address a provider repeats', async () => {
  const id = await house.work(async ctx => {
    const { id } = await sendMessage(ctx, {
      channel: 'sms', purpose: 'code', template: 'ticket_opened', variables: { number: '402193', link: 'x' }, address: '+8613812346021',
    }) // biome-ignore format: one message
    ctx.write`update messaging.outgoing set detail = ${'no such user +8613812346021'} where tenant_id = ${ctx.tenantId} and id = ${id}`
    return id
  })
  expect(await house.work(ctx => oneMessage(ctx, id))).toMatchObject({
    subject: '',
    text: '',
    address: '138****6021',
    detail: 'no such user 138****6021',
  })
})
