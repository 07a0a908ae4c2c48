import { afterAll, beforeAll, expect, test } from 'vitest'
import type { User } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { setTheDesk } from '#testing/chat.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { leaveQueue } from '../routing/actions/queueing.ts'
import { block, decideBlock, liftBlock, listBlocks } from './blocks.ts'

let house: TestHouse
let desk: Awaited<ReturnType<typeof setTheDesk>>
let lead: User
beforeAll(async () => {
  house = await openHouse()
  desk = await setTheDesk(house)
  lead = house.user({ name: '班长' })
})
afterAll(() => house.close())

const inDays = (days: number) => new Date(house.now().getTime() + days * 86_400_000)
/** A browser on the site, over the wire: where it comes from counts. */
function browser(ip: string, token?: string) {
  let bearer = token ?? ''
  const call = async (method: 'GET' | 'POST', url: string, payload?: Record<string, unknown>) => {
    const reply = await house.app.inject({
      method, url: `/api/widget/${url}`, remoteAddress: ip, headers: bearer ? { authorization: `Bearer ${bearer}` } : {}, ...(payload ? { payload } : {}),
    }) // biome-ignore format: one request
    await desk.rest()
    return { status: reply.statusCode, body: reply.json() }
  }
  return {
    open: async () => {
      bearer = (await call('POST', `${desk.key}/visits`, { page: '/' })).body.token
    },
    start: async (more: Record<string, string> = {}) => {
      const { status, body } = await call('POST', 'conversation', { clientId: newId(), text: '骂人的话', ...more })
      return { status, code: body.code as string | undefined, id: body.conversation?.id as string, state: body.conversation?.state }
    },
    write: async () => (await call('POST', 'messages', { clientId: newId(), text: '还是骂人' })).body.code,
    standing: async () => (await call('GET', 'state')).body.conversation?.state,
    leave: () => call('POST', 'leaving'),
  }
}
const visitor = async (ip: string) => {
  const there = browser(ip)
  await there.open()
  return there
}
const blocks = (user: User, id: string, kind: 'visitor' | 'customer' | 'address', days = 7) =>
  desk.as(user, ctx => block(ctx, id, { kind, reason: '反复辱骂', until: inDays(days) }))
const box = async (name: 'proposed' | 'active' | 'past') => (await desk.as(lead, ctx => listBlocks(ctx, { box: name }))).rows

test('an agent proposes, a lead accepts: the talk that waits is over, and the visitor reaches nobody until it is lifted', async () => {
  const there = await visitor('192.0.2.1')
  const { id } = await there.start()
  const agent = house.user({ name: '坐席' }, ['conversation:read', 'conversation:write'])
  const proposed = await blocks(agent, id, 'visitor')
  expect(proposed).toMatchObject({ state: 'proposed', kind: 'visitor', reason: '反复辱骂', decidedByName: null })
  expect(await there.write()).toBeNull()
  await expect(blocks(lead, id, 'visitor')).rejects.toMatchObject({ code: 'block.there_already' })
  expect(await desk.as(lead, ctx => decideBlock(ctx, proposed.id, true))).toMatchObject({ state: 'active' })
  await expect(desk.as(lead, ctx => decideBlock(ctx, proposed.id, false))).rejects.toMatchObject({ code: 'block.decided' })
  expect(await there.standing()).toBe('abandoned')
  expect([await there.write(), (await there.start()).code]).toEqual(['widget.blocked', 'widget.blocked'])
  const { rows } = await house.house.control.query('select 1 from routing.waiting')
  expect(rows).toEqual([])
  // Another browser of another house is untouched.
  expect((await (await visitor('192.0.2.2')).start()).status).toBe(200)
  expect((await desk.as(lead, ctx => liftBlock(ctx, proposed.id))).state).toBe('lifted')
  expect((await there.start()).status).toBe(200)
  const told = await Promise.all(['proposed', 'begun', 'lifted'].map(what => house.said(`block.${what}`)))
  expect(told.map(t => t.length)).toEqual([1, 1, 1])
  expect(JSON.stringify(told)).not.toContain('辱骂')
})

test('a block by address holds for every browser there, and ends by itself', async () => {
  const { id } = await (await visitor('192.0.2.7')).start()
  await blocks(lead, id, 'address', 1)
  expect((await (await visitor('192.0.2.7')).start()).code).toBe('widget.blocked')
  expect((await (await visitor('192.0.2.8')).start()).status).toBe(200)
  expect((await box('active')).map(b => b.kind)).toEqual(['address'])
  await house.pass(24 * 60 + 1)
  const free = await visitor('192.0.2.7')
  const again = await free.start()
  expect(again.status).toBe(200)
  expect((await box('past'))[0]).toMatchObject({ kind: 'address', state: 'over' })
  // What is over does not stand in the way of the next.
  expect((await blocks(lead, again.id, 'address')).state).toBe('active')
})

test('a customer who is only known by the phone given now is blocked all the same, and leaves no trace of a contact', async () => {
  const { rows } = await house.house.control.query<{ id: string }>(
    `insert into customers.customer (tenant_id, id, number, name, kind, tier, since) values ($1, gen_random_uuid(), 'Q-9', '骚扰者', 'person', 'normal', now()) returning id`,
    [house.tenantId],
  )
  const customerId = rows[0]?.id ?? ''
  const there = await visitor('192.0.2.20')
  const { id } = await there.start()
  await expect(blocks(lead, id, 'customer')).rejects.toMatchObject({ code: 'block.nothing_known' })
  await house.house.control.query(`update messaging.conversation set customer_id = $1 where id = $2`, [customerId, id])
  await blocks(lead, id, 'customer')
  const other = await visitor('192.0.2.21')
  await house.house.control.query(
    `update messaging.visitor set customer_id = $1 where id = (select id from messaging.visitor order by created_at desc limit 1)`,
    [customerId],
  )
  const count = async () => (await house.house.control.query('select count(*) as n from interactions.interaction')).rows[0].n
  const before = await count()
  expect((await other.start()).code).toBe('widget.blocked')
  expect(await count()).toBe(before)
})

test('who reads every talk but leads only a team blocks nobody elsewhere, and decides about nobody', async () => {
  const { id } = await (await visitor('192.0.2.40')).start()
  await house.work(async ctx => leaveQueue(ctx, id))
  const other = house.user({ name: '别班', teamId: newId() }, [])
  const narrow = { ...other, grants: new Map([...lead.grants, ['conversation:supervise', 'team'] as const]) }
  await house.work(ctx =>
    ctx.db.updateTable('messaging.conversation').set({ state: 'done', agentId: newId() }).where('id', '=', id).execute(),
  )
  const proposed = await blocks(narrow, id, 'visitor')
  expect(proposed.state).toBe('proposed')
  await expect(desk.as(narrow, ctx => decideBlock(ctx, proposed.id, true))).rejects.toMatchObject({ code: 'block.not_found' })
  expect((await desk.as(narrow, ctx => listBlocks(ctx, { box: 'proposed' }))).rows).toEqual([])
  await desk.as(lead, ctx => decideBlock(ctx, proposed.id, false))
})

test('the end lies ahead and within a year; what cannot be seen cannot be blocked', async () => {
  const { id } = await (await visitor('192.0.2.30')).start()
  for (const days of [-1, 366]) await expect(blocks(lead, id, 'visitor', days)).rejects.toMatchObject({ code: 'block.until' })
  const foreign = house.user({ tenantId: house.otherTenantId })
  await expect(blocks(foreign, id, 'visitor')).rejects.toMatchObject({ code: 'conversation.not_found' })
  const { id: made } = await blocks(lead, id, 'visitor')
  await expect(desk.as(foreign, ctx => liftBlock(ctx, made))).rejects.toMatchObject({ code: 'block.not_found' })
  await house.work(async ctx => leaveQueue(ctx, id))
})
