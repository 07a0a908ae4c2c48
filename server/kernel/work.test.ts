import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'
import { Time } from '#contract/endpoint.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { event, eventsAbout } from './events.ts'
import { newId } from './ids.ts'
import { outward, when } from './react.ts'
import { Refusal } from './refusal.ts'
import { registerReactions, runReaction, settle } from './worker.ts'

const lampLit = event('lamp.lit', z.object({ at: Time, colour: z.string() }))
const lampDue = event('lamp.due', z.object({ colour: z.string() }))
const lampTurned = event('lamp.turned', z.object({ colour: z.string() }))
let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
  house.house.hearers = (event, detail) => reactions.hearers(event, detail, false)
})
afterAll(() => house.close())

const heard: unknown[] = []
const reactions = registerReactions([
  when(lampLit, 'write down the colour', async (ctx, said) => {
    heard.push([said.detail.colour, said.detail.at instanceof Date, said.personal.who])
    await ctx.emit(lampDue, { id: said.about }, { colour: 'noted' })
  }),
  outward(lampLit, 'wave', async ({ work }, said) => {
    heard.push(['waved', await work(async ctx => (await eventsAbout(ctx, said.about)).length > 0)])
  }),
  when(lampDue, 'put it out', async (_ctx, said) => {
    heard.push(['due', said.detail.colour])
  }),
  when(
    lampTurned,
    'stop',
    async () => {},
    ({ colour }) => colour === 'red',
  ),
  when(
    lampTurned,
    'look',
    async () => {},
    ({ colour }) => colour !== 'grey',
  ),
])

test('what a work says is heard once, by each reaction, in its own transaction', async () => {
  heard.length = 0
  const id = newId()
  await house.work(ctx => ctx.emit(lampLit, { id }, { at: ctx.now, colour: 'red' }, { who: '陈雨桐' }))
  await settle(house.house, reactions)
  expect(heard).toEqual(
    expect.arrayContaining([
      ['red', true, '陈雨桐'],
      ['waved', true],
      ['due', 'noted'],
    ]),
  )
  expect(heard).toHaveLength(3)
  const said = await house.work(async ctx => (await eventsAbout(ctx, id)).find(e => e.name === 'lamp.lit'))
  expect(said?.detail).not.toHaveProperty('who')
})

test('many of one name are each heard as if they were said alone', async () => {
  heard.length = 0
  const [one, two] = [newId(), newId()]
  const customerId = newId()
  await house.work(async ctx => {
    ctx.emitAll(lampLit, [
      { about: { id: one, customerId }, detail: { at: ctx.now, colour: 'red' }, personal: { who: '陈"雨\\桐𠮷' } },
      { about: { id: two }, detail: { at: ctx.now, colour: 'blue' } },
    ])
    ctx.emitAll(
      lampTurned,
      ['red', 'green', 'grey'].map(colour => ({ about: { id: one }, detail: { colour } })),
    )
    ctx.emitAll(lampTurned, [])
  })
  await settle(house.house, reactions)
  const notes = heard.filter(said => Array.isArray(said) && said[0] !== 'waved' && said[0] !== 'due')
  expect(notes.toSorted()).toEqual([
    ['blue', true, undefined],
    ['red', true, '陈"雨\\桐𠮷'],
  ])
  expect(heard).toHaveLength(6)
  const events = await house.work(ctx => eventsAbout(ctx, one))
  expect(events.filter(e => e.name === 'lamp.turned').map(e => e.detail.colour)).toEqual(['grey', 'green', 'red'])
  expect(events.find(e => e.name === 'lamp.lit')).toMatchObject({ customerId, actorKind: 'system', detail: { colour: 'red' } })
  const { rows } = await house.work(ctx =>
    sql<{ reaction: string }>`select r.reaction from kernel.reacted r where r.tenant_id = ${ctx.tenantId}
      and r.event_id = any(${events.map(e => e.id)}::uuid[]) and r.reaction like 'lamp.turned%' order by 1`.execute(ctx.db),
  )
  expect(rows.map(row => row.reaction)).toEqual(['lamp.turned: look', 'lamp.turned: look', 'lamp.turned: stop'])
})

test.each([
  ['red', ['lamp.turned: look', 'lamp.turned: stop']],
  ['green', ['lamp.turned: look']],
  ['grey', []],
])('of %s only those hear who have something to do', async (colour, hearers) => {
  const id = await house.work(ctx => ctx.emit(lampTurned, { id: newId() }, { colour }))
  await settle(house.house, reactions)
  const { rows } = await house.work(ctx =>
    sql<{
      reaction: string
    }>`select reaction from kernel.reacted where tenant_id = ${ctx.tenantId} and event_id = ${id} order by reaction`.execute(ctx.db),
  )
  expect(rows.map(r => r.reaction)).toEqual(hearers)
})

test('a job that runs twice changes nothing twice', async () => {
  heard.length = 0
  const id = await house.work(ctx => ctx.emit(lampLit, { id: newId() }, { at: ctx.now, colour: 'blue' }))
  const job = { tenant: house.tenantId, event: id, reaction: 'lamp.lit: write down the colour' }
  await runReaction(house.house, reactions, job)
  await runReaction(house.house, reactions, job)
  expect(heard).toHaveLength(1)
  await settle(house.house, reactions)
})

test('what was refused was not said', async () => {
  heard.length = 0
  const refused = house.work(async ctx => {
    await ctx.emit(lampLit, { id: newId() }, { at: ctx.now, colour: 'grey' })
    throw new Refusal('conflict', 'lamp.broken')
  })
  await expect(refused).rejects.toMatchObject({ code: 'lamp.broken' })
  await settle(house.house, reactions)
  expect(heard).toEqual([])
})

test('a timer falls due once, a later one replaces it, and clearing it keeps silence', async () => {
  heard.length = 0
  const [moved, cleared] = [newId(), newId()]
  await house.work(ctx => ctx.at(new Date(ctx.now.getTime() + 10 * 60_000), lampDue, { id: moved, clock: 'out' }, { colour: 'first' }))
  await settle(house.house, reactions)
  await house.work(async ctx => {
    await ctx.at(new Date(ctx.now.getTime() + 30 * 60_000), lampDue, { id: moved, clock: 'out' }, { colour: 'second' })
    await ctx.at(new Date(ctx.now.getTime() + 30 * 60_000), lampDue, { id: cleared, clock: 'out' }, { colour: 'never' })
  })
  await settle(house.house, reactions)
  await house.work(ctx => ctx.at(null, lampDue, { id: cleared, clock: 'out' }, { colour: '' }))
  await house.pass(15)
  await settle(house.house, reactions)
  expect(heard).toEqual([])
  await house.pass(16)
  await settle(house.house, reactions)
  expect(heard).toEqual([['due', 'second']])
})

test('a work sees its own tenant and no other', async () => {
  const id = newId()
  await house.work(ctx => ctx.emit(lampLit, { id }, { at: ctx.now, colour: 'green' }))
  const seen = await house.work(ctx => eventsAbout(ctx, id), { kind: 'system', tenantId: house.otherTenantId })
  expect(seen).toEqual([])
  const forged = house.work(
    ctx =>
      sql`insert into kernel.reacted (tenant_id, event_id, reaction, at) values (${house.tenantId}, ${id}, 'x', now())`.execute(ctx.db),
    { kind: 'system', tenantId: house.otherTenantId },
  )
  await expect(forged).rejects.toThrow(/row-level security/)
})

test('a failure in one of several pipelined statements undoes them all and leaves the connection usable', async () => {
  const before = (await house.said('lamp.lit')).length
  await expect(
    house.work(ctx =>
      Promise.all([
        ctx.emit(lampLit, { id: newId() }, { at: ctx.now, colour: 'x' }),
        sql`select 1/0`.execute(ctx.db),
        sql`select 1`.execute(ctx.db),
      ]),
    ),
  ).rejects.toThrow(/division/)
  expect((await house.said('lamp.lit')).length).toBe(before)
  for (let i = 0; i < 30; i++) await house.work(ctx => sql`select 1`.execute(ctx.db))
})

test('of two works that wait for one another both are done in the end', async () => {
  const [a, b] = [newId(), newId()]
  const lamp = (id: string) =>
    sql`insert into kernel.reacted (tenant_id, event_id, reaction, at) values (${house.tenantId}, ${id}, 'lamp', now())`
  await house.work(async ctx => {
    await lamp(a).execute(ctx.db)
    await lamp(b).execute(ctx.db)
  })
  let met = 0
  const touch = (first: string, second: string) =>
    house.work(async ctx => {
      const lock = (id: string) =>
        sql`update kernel.reacted set reaction = 'lit' where tenant_id = ${house.tenantId} and event_id = ${id}`.execute(ctx.db)
      await lock(first)
      met++
      for (let i = 0; i < 100 && met < 2; i++) await new Promise(resolve => setTimeout(resolve, 5))
      await lock(second)
      await ctx.emit(lampDue, { id: first }, { colour: 'met' })
    })
  await Promise.all([touch(a, b), touch(b, a)])
  // The database may end either, or both.
  expect(met).toBeGreaterThan(2)
  expect((await house.said('lamp.due')).filter(d => d.colour === 'met')).toHaveLength(2)
})

test('the first failure is the one told, whichever statement is waited for', async () => {
  const failing = house.work(async ctx => {
    const first = sql`select 1/0`.execute(ctx.db)
    first.catch(() => {})
    await sql`select 1`.execute(ctx.db)
  })
  await expect(failing).rejects.toThrow(/division/)
})

test('a work whose failed statement nobody waited for is not taken for done', async () => {
  const id = newId()
  const failing = house.work(async ctx => {
    await ctx.emit(lampLit, { id }, { at: ctx.now, colour: 'lost' })
    await sql`select 1/0`.execute(ctx.db).catch(() => {})
  })
  await expect(failing).rejects.toThrow(/division/)
  expect(await house.work(ctx => eventsAbout(ctx, id))).toEqual([])
})

test('a timer of any date leaves the outbox, and so does what stands behind it', async () => {
  heard.length = 0
  for (const [clock, at] of Object.entries({ early: '0000-01-01T00:00:00Z', late: '+010000-01-01T00:00:00Z' }))
    await house.work(ctx => ctx.at(new Date(at), lampDue, { id: newId(), clock }, { colour: clock }))
  await house.work(ctx => ctx.emit(lampLit, { id: newId() }, { at: ctx.now, colour: 'behind' }))
  await settle(house.house, reactions)
  expect(heard).toEqual(
    expect.arrayContaining([
      ['due', 'early'],
      ['behind', true, undefined],
    ]),
  )
  expect(heard).not.toContainEqual(['due', 'late'])
})
