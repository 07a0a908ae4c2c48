import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NewCustomer } from '#contract/customers.ts'
import { NewReceivable } from '#contract/receivables.ts'
import { NewOpportunity } from '#contract/sales.ts'
import { openOpportunity } from '#domains/sales/actions.ts'
import { eraseSome, inOrder } from '#kernel/erasing.ts'
import { newId } from '#kernel/ids.ts'
import { cancelRun } from '#kernel/runDesk.ts'
import { remains as remainsOf } from '#testing/everywhere.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addCustomer } from '../actions.ts'
import { writeNote } from '../profile/notes.ts'
import { deliver } from '../receivables/bringing.ts'
import { eraseCustomer, eraseLeft, previewErasure } from './erasure.ts'
import { setHold } from './holding.ts'
import { sweepLeft } from './sweep.ts'
import { knownAs } from './who.ts'

let house: TestHouse
let db: pg.Client
beforeAll(async () => {
  house = await openHouse()
  db = new pg.Client({ connectionString: house.url })
  await db.connect()
})
afterAll(async () => {
  await db.end()
  await house.close()
})

let last = 0
/** Somebody with a note, under a number and a name of their own. */
async function person() {
  const phone = `139777700${10 + ++last}`
  const name = `蒙哥${'甲乙丙丁戊己庚辛壬癸'[last]}措`
  const { id, number } = await house.work(ctx => addCustomer(ctx, NewCustomer.parse({ name, phone })))
  await house.as(house.user()).work(ctx => writeNote(ctx, id, { text: `${name} 说的话`, pinned: false }))
  await house.settle()
  return { id, number, phone, name }
}
type Person = Awaited<ReturnType<typeof person>>
const erase = ({ id, number }: Person, actor = house.user()) =>
  house.as(actor).work(ctx => eraseCustomer(ctx, id, { number, reason: '本人申请' }))
const stateOf = async (id: string) =>
  (await db.query('select ready_at as ready, erased_at as erased, known from customers.erasure where customer_id = $1', [id])).rows[0]
const remains = ({ phone, name }: Person) => remainsOf(db, house.house.settings.filesFolder, [phone, name])
async function night() {
  await house.work(eraseLeft)
  await house.settle()
  await house.work(sweepLeft)
  await house.settle()
}

test('an erasure is the house’s: it is carried through whatever its asker may by then, and no person ends it', async () => {
  const one = await person()
  house.house.standIn = async () => null
  const { runId } = await erase(one)
  await expect(house.as(house.user()).work(ctx => cancelRun(ctx, runId))).rejects.toMatchObject({ code: 'run.carried_through' })
  await house.settle()
  expect(await stateOf(one.id)).toMatchObject({ erased: expect.any(Date), known: null })
  expect(await remains(one)).toEqual([])
}, 60_000)

test.each(['cancelled', 'failed'])(
  'one whose run was %s is gone on with at night, and nothing is left',
  async state => {
    const one = await person()
    const { runId } = await erase(one)
    await db.query('update kernel.run set state = $1 where id = $2', [state, runId])
    await house.settle()
    expect(await stateOf(one.id)).toMatchObject({ ready: null, erased: null })
    expect((await remains(one)).length).toBeGreaterThan(0)
    await night()
    expect(await stateOf(one.id)).toMatchObject({ erased: expect.any(Date), known: null })
    expect(await remains(one)).toEqual([])
    const { rows: before } = await db.query('select count(*) from kernel.run')
    await night()
    expect((await db.query('select count(*) from kernel.run')).rows).toEqual(before)
  },
  60_000,
)

/** A call that goes on, from this number. */
async function talking(phone: string, customerId: string | null): Promise<string> {
  const id = newId()
  await house.work(ctx =>
    ctx.db
      .insertInto('voice.call')
      .values({ id, interactionId: newId(), direction: 'in', stage: 'talking', line: 'practice', numberId: null, flowId: null, flowVersion: null, caller: `+86${phone}`, called: '96116', customerId,
        customerName: '', queueId: null, agentId: null, startedAt: ctx.now, answeredAt: ctx.now, endedAt: null, cause: null, worstMos: null, recorded: false, dueAt: null,
        clientId: null, machine: JSON.stringify({ caller: `+86${phone}` }) }) // biome-ignore format: one row
      .execute(),
  )
  return id
}
const hangUp = (id: string) => db.query(`update voice.call set stage = 'over', cause = 'normal', ended_at = now() where id = $1`, [id])
const callOf = async (id: string) => (await db.query('select caller, machine from voice.call where id = $1', [id])).rows[0]

test('whoever rings while they are being erased is not cut off: the call stays as it is, and goes once it is over', async () => {
  const one = await person()
  const known = await house.work(ctx => knownAs(ctx, [one.id]))
  await erase(one)
  const call = await talking(one.phone, null)
  const as = { caller: `+86${one.phone}`, machine: { caller: `+86${one.phone}` } }
  for (const holding of inOrder()) if (holding.table === 'voice.call') await house.work(ctx => eraseSome(ctx, holding, known))
  expect(await callOf(call)).toEqual(as)
  await house.settle()
  await night()
  expect(await callOf(call)).toEqual(as)
  expect(await stateOf(one.id)).toMatchObject({ ready: null, erased: null })
  await hangUp(call)
  await night()
  expect(await callOf(call)).toEqual({ caller: '', machine: {} })
  expect(await stateOf(one.id)).toMatchObject({ erased: expect.any(Date) })
  expect(await remains(one)).toEqual([])
}, 60_000)

test('somebody else’s call that says the number is looked through when it is over', async () => {
  const [one, other] = [await person(), await person()]
  const call = await talking(one.phone, other.id)
  await erase(one)
  await house.settle()
  const as = { caller: `+86${one.phone}`, machine: { caller: `+86${one.phone}` } }
  expect(await callOf(call)).toEqual(as)
  expect(await stateOf(one.id)).toMatchObject({ ready: expect.any(Date), erased: null })
  await hangUp(call)
  await night()
  expect(await callOf(call)).not.toEqual(as)
  expect(await stateOf(one.id)).toMatchObject({ erased: expect.any(Date), known: null })
  expect(await remains(one)).toEqual([])
}, 60_000)

test('an opportunity that goes on is in the way', async () => {
  const one = await person()
  await house.as(house.user()).work(ctx => openOpportunity(ctx, NewOpportunity.parse({ title: '扩容', customerId: one.id, value: 100_00 })))
  const { blocks } = await house.work(ctx => previewErasure(ctx, one.id))
  expect(blocks).toEqual([{ kind: 'open', name: '商机', nameEn: 'Opportunities', n: 1 }])
})

test('of a hold and an erasure at once one is told of the other; who is erased is not held', async () => {
  const one = await person()
  const hold = () => house.work(ctx => setHold(ctx, one.id, { on: true, reason: '诉讼' }))
  const [erased, held] = await Promise.allSettled([erase(one), hold()])
  expect([erased.status, held.status].filter(status => status === 'fulfilled')).toHaveLength(1)
  if (held.status === 'fulfilled') await house.work(ctx => setHold(ctx, one.id, { on: false, reason: '' }).then(() => undefined))
  if (erased.status === 'rejected') await erase(one)
  await expect(hold()).rejects.toMatchObject({ code: 'privacy.erased_already' })
})

test('a bill that comes with an erasure is in its way or finds nobody', async () => {
  const one = await person()
  const bill = NewReceivable.parse({
    extId: 'B-1',
    customerId: one.id,
    amount: 1,
    openAmount: 1,
    issuedOn: '2026-01-01',
    dueOn: '2026-02-01',
  })
  const [erased, billed] = await Promise.allSettled([erase(one), house.work(ctx => deliver(ctx, { source: '营收', items: [bill] }))])
  const outcome = billed.status === 'fulfilled' ? billed.value.rows[0]?.outcome : null
  expect([erased.status, outcome]).toEqual(erased.status === 'fulfilled' ? ['fulfilled', 'refused'] : ['rejected', 'made'])
})
