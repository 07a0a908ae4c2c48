import { afterAll, beforeAll, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { addCustomer } from '#domains/customers/index.ts'
import { acceptOffer } from '#domains/routing/actions/offers.ts'
import type { User } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { openTelephone, type Telephone } from '#testing/telephone.ts'
import { hangUp } from './handling.ts'
import { identifyCall } from './identifying.ts'
import { place } from './placing.ts'
import type { CallAt } from './ports.ts'
import { mine } from './softphone.ts'

let house: TestHouse
let phone: Telephone
let queueId: string
let lu: User
beforeAll(async () => {
  house = await openHouse()
  phone = await openTelephone(house)
  queueId = await phone.queue({ name: '热线', channel: 'phone', wrapSeconds: 0 })
  const flowId = await phone.flow({ first: 'q', nodes: [{ key: 'q', name: '排队', kind: 'queue', queueId }] })
  await phone.number('95000', flowId, { outbound: true })
  lu = await phone.agent('坐席', [queueId], { channels: [{ channel: 'phone', capacity: 1, weight: 0 }] })
})
afterAll(async () => {
  await phone.close()
  await house.close()
})

type At = CallAt & { leg: string }
const customer = (name: string) => house.work(async ctx => (await addCustomer(ctx, NewCustomer.parse({ name }))).id)
async function talks(caller: string): Promise<At> {
  const at = await phone.rings(caller, '95000')
  if (!at) throw new Error('turned away')
  await phone.told(at, { kind: 'answered', leg: at.leg })
  const offer = await phone.offer(lu.id)
  await house.as(lu).work(ctx => acceptOffer(ctx, offer?.id ?? ''))
  await phone.rest()
  const leg = (await phone.row(at.callId)).machine.legs.findLast(l => l.agentId === lu.id)?.id ?? ''
  await phone.told(at, { kind: 'answered', leg })
  return at
}
const ends = (at: At) => phone.told(at, { kind: 'gone', leg: at.leg, cause: 'normal', code: null, quality: null })

test('an agent says who calls: call and contact carry the customer, and whoever calls from there again is known', async () => {
  const at = await talks('13800005151')
  const id = await customer('石开')
  expect((await house.as(lu).work(mine)).calls).toMatchObject([{ customerId: null, customerName: '' }])
  expect(await house.as(lu).work(ctx => identifyCall(ctx, at.callId, id))).toMatchObject({ customerId: id, customerName: '石开' })
  const row = await phone.row(at.callId)
  expect(row).toMatchObject({ customerId: id, customerName: '石开' })
  expect((await phone.contact(row.interactionId)).customerId).toBe(id)
  expect(await house.said('call.identified')).toEqual([{ customerId: id }])
  await ends(at)

  const again = await phone.rings('13800005151', '95000')
  expect(await phone.row(again?.callId ?? '')).toMatchObject({ customerId: id, customerName: '石开' })
  if (again) await ends({ ...again })
})

test('nobody says so of the call of another, nor names a customer who is not here', async () => {
  const at = await talks('13800005252')
  const id = await customer('林深')
  const stranger = await phone.person('旁人')
  await expect(house.as(stranger).work(ctx => identifyCall(ctx, at.callId, id))).rejects.toMatchObject({ code: 'call.not_found' })
  await expect(house.as(lu).work(ctx => identifyCall(ctx, at.callId, newId()))).rejects.toMatchObject({ code: 'customer.not_found' })
  const abroad = house.user({ tenantId: house.otherTenantId })
  await expect(house.as(abroad).work(ctx => identifyCall(ctx, at.callId, id))).rejects.toMatchObject({ code: 'call.not_found' })
  expect(await phone.row(at.callId)).toMatchObject({ customerId: null })
  await ends(at)
})

test('whoever called is called again out of the record, whether known or not, by whoever may see it', async () => {
  const at = await talks('13800005353')
  const id = await customer('何来')
  await house.as(lu).work(ctx => identifyCall(ctx, at.callId, id))
  await ends(at)
  const stranger = await phone.person('旁人')
  const narrow: User = {
    ...stranger,
    grants: new Map([
      ['voice:call', 'own'],
      ['voice:read', 'own'],
    ]),
  }
  await expect(house.as(narrow).work(ctx => place(ctx, { callId: at.callId, clientId: newId() }))).rejects.toMatchObject({
    code: 'call.not_found',
  })
  const back = await house.as(lu).work(ctx => place(ctx, { callId: at.callId, clientId: newId() }))
  expect(await phone.row(back.id)).toMatchObject({ direction: 'out', called: '+8613800005353', customerId: id, customerName: '何来' })
  await house.as(lu).work(ctx => hangUp(ctx, back.id))
  await phone.rest()
  // Out of that one again: whom we called.
  const once = await house.as(lu).work(ctx => place(ctx, { callId: back.id, clientId: newId() }))
  expect(await phone.row(once.id)).toMatchObject({ called: '+8613800005353', customerId: id })
  await house.as(lu).work(ctx => hangUp(ctx, once.id))
  await phone.rest()

  const abroad = house.user({ tenantId: house.otherTenantId })
  await expect(house.as(abroad).work(ctx => place(ctx, { callId: at.callId, clientId: newId() }))).rejects.toMatchObject({
    code: expect.stringMatching(/^call\./),
  })
  const withheld = await phone.rings('', '95000')
  if (!withheld) throw new Error('turned away')
  await ends(withheld)
  await expect(house.as(lu).work(ctx => place(ctx, { callId: withheld.callId, clientId: newId() }))).rejects.toMatchObject({
    code: 'call.number_withheld',
  })
})
