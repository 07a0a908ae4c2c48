import { afterAll, beforeAll, expect, test } from 'vitest'
import type * as z from 'zod'
import { type Customer, NewCustomer } from '#contract/customers.ts'
import type { Offer } from '#contract/routing.ts'
import { type TimelineEntry, timelineSort } from '#contract/timeline.ts'
import { addCustomer } from '#domains/customers/index.ts'
import { addPerson, openSession } from '#domains/identity/index.ts'
import { staff } from '#domains/routing/index.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { openTelephone, type Telephone } from '#testing/telephone.ts'

let house: TestHouse
let phone: Telephone
let agent: { id: string; token: string }
beforeAll(async () => {
  house = await openHouse()
  phone = await openTelephone(house)
  const queueId = await phone.queue({ name: '热线', channel: 'phone', wrapSeconds: 0 })
  const flowId = await phone.flow({ first: 'q', nodes: [{ key: 'q', name: '排队', kind: 'queue', queueId }] })
  await phone.number('95000', flowId)
  agent = await house.work(async ctx => {
    const role = await ctx.db.selectFrom('identity.role').select('id').where('code', '=', 'agent').executeTakeFirstOrThrow()
    const none = { departmentId: null, teamId: null }
    const { id } = await addPerson(ctx, { name: '陆遥', login: 'lu', password: 'Deep-Water-7', roleId: role.id, ...none })
    await staff(ctx, id, { missesAllowed: 3, channels: [{ channel: 'phone', capacity: 1, weight: 0 }], skills: [], queueIds: [queueId] })
    return { id, token: (await openSession(ctx, id, { ip: '10.0.0.1', userAgent: 'test' })).token }
  })
})
afterAll(async () => {
  await phone.close()
  await house.close()
})

/** What the agent's console asks, over the wire. */
async function asks<R>(method: 'GET' | 'POST' | 'PUT' | 'PATCH', url: string, body?: Record<string, unknown>): Promise<R> {
  const reply = await house.app.inject({
    method,
    url: `/api${url}`,
    headers: { authorization: `Bearer ${agent.token}` },
    ...(body ? { payload: body } : {}),
  })
  expect(reply.statusCode, reply.body).toBe(200)
  await phone.rest()
  return reply.json<R>()
}
type Entry = Pick<z.input<typeof TimelineEntry>, 'name' | 'interactionId' | 'actorName' | 'detail'>

test('who calls is on the screen before the first word; what is changed in the talk stands with the call on the time line', async () => {
  const { id } = await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name: '陈雨桐', phone: '13800005151', tier: 'gold' })))
  await asks('PUT', '/presence', { state: 'ready', reasonId: null })
  const call = await phone.rings('138 0000 5151', '95000')
  if (!call) throw new Error('turned away')
  await phone.told(call, { kind: 'answered', leg: call.leg })

  // It pops: the offer names the customer, and their file opens with it.
  const { offers } = await asks<{ offers: z.input<typeof Offer>[] }>('GET', '/presence')
  expect(offers).toMatchObject([{ customerId: id, customerName: '陈雨桐', tier: 'gold' }])
  const seen = await asks<z.input<typeof Customer>>('GET', `/customers/${id}`)
  await asks('POST', `/offers/${offers[0]?.id}/acceptance`)
  await phone.answers(call, house.user({ id: agent.id }))
  expect(await asks('GET', '/softphone')).toMatchObject({ calls: [{ customerId: id, customerName: '陈雨桐', stage: 'talking' }] })

  // Changed while they talk, and the talk goes on.
  await asks('PATCH', `/customers/${id}`, { district: '江北片区', version: seen.version })
  await asks('POST', `/customers/${id}/notes`, { text: '水表井盖在花坛里' })
  expect(await asks('GET', '/softphone')).toMatchObject({ calls: [{ stage: 'talking' }] })
  await phone.told(call, { kind: 'gone', leg: call.leg, cause: 'normal', code: null, quality: null })
  await house.settle()

  const { interactionId } = await phone.row(call.callId)
  const told = async (query = '') => (await asks<{ rows: Entry[] }>('GET', `/customers/${id}/timeline${query}`)).rows
  const rows = await told()
  expect(rows.map(row => row.name)).toEqual(expect.arrayContaining(['customer.changed', 'customer.noted']))
  expect(rows.find(row => row.name === 'customer.changed')).toMatchObject({ actorName: '陆遥', detail: { fields: ['district'] } })
  expect(rows.filter(row => row.interactionId === interactionId && timelineSort(row.name) === 'contact').length).toBeGreaterThan(0)
  // The words of the note find it alone.
  expect((await told(`?q=${encodeURIComponent('花坛')}`)).map(row => row.name)).toEqual(['customer.noted'])
})
