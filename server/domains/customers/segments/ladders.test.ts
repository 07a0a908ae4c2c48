import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Condition, type Group } from '#contract/conditions.ts'
import { NewCustomer } from '#contract/customers.ts'
import { makeView } from '#domains/views/actions.ts'
import { countEverywhere } from '#domains/views/counting.ts'
import { listViews } from '#domains/views/queries.ts'
import { newId } from '#kernel/ids.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { addCustomer, changeCustomer } from '../actions.ts'
import { applyActive, applyNow, applyTo, ladderRun } from './applying.ts'
import { changeLadder, previewLadder } from './ladders.ts'
import { placeByHand, release, standingsOf } from './standing.ts'
import { readLadder } from './steps.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const customer = (more: Record<string, unknown>) => house.work(ctx => addCustomer(ctx, NewCustomer.parse(more)))
const all = (...of: Group['of']) => Condition.parse({ match: 'all', of })

describe('a ladder', () => {
  const stageOf = async (id: string) => (await house.work(ctx => standingsOf(ctx, id))).standings.find(s => s.kind === 'stage')
  const setTiers = (over: number, active = true) =>
    house.work(async ctx => {
      const { version } = await readLadder(ctx, 'tier')
      const step = (key: string, name: string, condition: unknown) => ({ key, name, nameEn: '', advice: '', adviceEn: '', condition })
      return changeLadder(ctx, 'tier', {
        version,
        active,
        steps: [
          step('key', '重点', null),
          step('gold', '金卡', all({ field: 'tags', op: 'hasAny', value: ['大户'] }, { field: 'contacts@30', op: 'atMost', value: over })),
          step('silver', '银卡', all({ field: 'tags', op: 'hasAny', value: ['中户'] })),
        ] as never,
      })
    })

  test('moves by rule what it previewed, keeps what was set by hand, and tells who moved whom and why', async () => {
    const [big, middle, small, hand] = [
      await customer({ name: '大', tags: ['大户'] }),
      await customer({ name: '中', tags: ['中户'] }),
      await customer({ name: '小' }),
      await customer({ name: '手', tags: ['大户'] }),
    ]
    const person = house.user()
    const { version, steps } = await setTiers(5)
    await house.work(ctx => changeCustomer(ctx, hand.id, { version: 1, tier: 'key' }), person)
    const preview = await house.work(ctx => previewLadder(ctx, 'tier', steps))
    expect(preview).toMatchObject({
      moves: [
        { was: 'normal', becomes: 'gold', customers: 1 },
        { was: 'normal', becomes: 'silver', customers: 1 },
      ],
      pinned: 1,
    })
    await house.work(ctx => applyNow(ctx, 'tier', version))
    await house.settle()
    const tierOf = async (id: string) => (await house.work(ctx => standingsOf(ctx, id))).standings[0]?.step
    expect([await tierOf(big.id), await tierOf(middle.id), await tierOf(small.id), await tierOf(hand.id)]).toEqual([
      'gold',
      'silver',
      'normal',
      'key',
    ])
    expect(await house.said('ladder.applied')).toContainEqual({ kind: 'tier', moved: 2 })
    expect(await house.said('customer.moved')).toContainEqual({
      kind: 'tier',
      was: 'normal',
      becomes: 'gold',
      name: '金卡',
      nameEn: '',
      way: 'rule',
      pinned: false,
    })
    expect((await house.work(ctx => standingsOf(ctx, big.id))).history).toMatchObject([
      { was: 'normal', becomes: 'gold', way: 'rule', why: '金卡' },
    ])

    // Released, the night decides again.
    await house.work(ctx => release(ctx, hand.id, 'tier'), person)
    await house.work(applyActive)
    await house.settle()
    expect(await tierOf(hand.id)).toBe('gold')
    expect((await house.work(ctx => standingsOf(ctx, hand.id))).history.map(h => [h.way, h.becomes])).toEqual([
      ['rule', 'gold'],
      ['person', 'key'],
    ])
  })

  test('leaves alone who is set by hand while it is asking about them, on the very step where they stood too', async () => {
    const { id } = await customer({ name: '同时', tags: ['大户'] })
    await setTiers(5)
    const waits = async () =>
      (await house.house.control.query(`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`))
        .rows.length > 0
    let asking: Promise<number> | undefined
    await house.work(async ctx => {
      await placeByHand(ctx, id, 'tier', { step: 'normal', reason: '谈好了' })
      asking = house.work(at => applyTo(at, 'tier', [id], false))
      await expect.poll(waits).toBe(true)
    }, house.user())
    expect(await asking).toBe(0)
    const { standings, history } = await house.work(ctx => standingsOf(ctx, id))
    expect(standings[0]).toMatchObject({ step: 'normal', pinned: { way: 'person', reason: '谈好了' } })
    expect(history).toEqual([])
  })

  test('of stages is set by hand with a reason, and refuses what it does not know', async () => {
    const { id } = await customer({ name: '阶段' })
    const person = house.user()
    await house.work(ctx => placeByHand(ctx, id, 'stage', { step: 'at_risk', reason: '说要换供应商' }), person)
    expect(await stageOf(id)).toMatchObject({ step: 'at_risk', pinned: { reason: '说要换供应商' } })
    await expect(house.work(ctx => placeByHand(ctx, id, 'stage', { step: 'nowhere', reason: '?' }))).rejects.toThrow('ladder.step_unknown')
    const { version, steps } = await house.work(ctx => readLadder(ctx, 'stage'))
    const write = (next: typeof steps) => house.work(ctx => changeLadder(ctx, 'stage', { version, active: false, steps: next }))
    await expect(write(steps.filter(s => s.key !== 'at_risk'))).rejects.toMatchObject({ code: 'ladder.step_taken' })
    const self = all({ field: 'stage', op: 'is', value: ['new'] })
    await expect(write(steps.map(s => ({ ...s, condition: self })))).rejects.toMatchObject({ code: 'ladder.asks_itself' })
    await expect(write([...steps, ...steps])).rejects.toMatchObject({ code: 'ladder.step_twice' })
    expect(await write(steps)).toMatchObject({ version: version + 1 })
    await expect(write(steps)).rejects.toMatchObject({ code: 'ladder.changed_meanwhile' })
  })

  test('goes on without the step that takes too long, leaves alone who stands there, and says which it was', async () => {
    const [lost, late, fresh] = [
      await customer({ name: '丢', tags: ['不要了'] }),
      await customer({ name: '晚', tags: ['不要了'] }),
      await customer({ name: '新' }),
    ]
    const step = (key: string, condition: unknown) => ({ key, name: key, nameEn: '', advice: '', adviceEn: '', condition })
    const ladder = await house.work(async ctx => {
      const { version, steps } = await readLadder(ctx, 'stage')
      return changeLadder(ctx, 'stage', {
        version,
        active: true,
        steps: [
          step('risk', all({ field: 'ticketsOpen', op: 'atLeast', value: 1 })),
          step('lost', all({ field: 'tags', op: 'hasAny', value: ['不要了'] })),
          step('rest', all()),
          ...steps.filter(s => ['at_risk'].includes(s.key)).map(s => ({ ...s, condition: null })),
        ] as never,
      })
    })
    await house.house.control.query(`update customers.customer set stage = 'risk' where id = $1`, [late.id])
    const holder = await house.house.control.connect()
    await holder.query('begin; lock table tickets.ticket in access exclusive mode')
    try {
      // As if the counting took longer than anybody waits.
      const asked = house.work(async ctx => {
        await sql`set local statement_timeout = '400ms'`.execute(ctx.db)
        const run = { id: newId(), params: { kind: 'stage' }, done: 0, total: null, outcome: {}, askedById: null, askedAt: ctx.now }
        return ladderRun.step(ctx, { ...run, cursor: ladderRun.start }, undefined)
      })
      expect(await asked).toMatchObject({ finished: true })
    } finally {
      await holder.query('rollback')
      holder.release()
    }
    expect([await stageOf(lost.id), await stageOf(late.id), await stageOf(fresh.id)]).toMatchObject([
      { step: 'lost' },
      { step: 'risk' },
      { step: 'rest' },
    ])
    expect((await house.said('ladder.applied')).at(-1)).toMatchObject({ kind: 'stage', unasked: ['risk'] })
    expect(await house.work(ctx => readLadder(ctx, 'stage'))).toMatchObject({ unasked: ['risk'] })
    // The next night everything is asked again.
    await house.work(ctx => applyNow(ctx, 'stage', ladder.version))
    await house.settle()
    expect(await stageOf(late.id)).toMatchObject({ step: 'lost' })
    expect(await house.work(ctx => readLadder(ctx, 'stage'))).toMatchObject({ unasked: [] })
  })

  test('that moves very many is told to whoever follows customers, so that counted views are right', async () => {
    await house.house.control.query(
      `insert into customers.customer (tenant_id, id, number, kind, name, tags, since)
      select $1, gen_random_uuid(), 'V' || n, 'person', '众', '{中户}', now() from generate_series(1, 1100) n`,
      [house.tenantId],
    )
    const boss = house.user()
    const view = await house.work(
      ctx =>
        makeView(ctx, {
          list: 'customers',
          name: '银卡',
          share: 'private',
          shareId: null,
          query: { tier: 'silver' },
          columns: null,
          pinned: true,
        }),
      boss,
    )
    const rest = async () => {
      await house.pass(1)
      await house.settle()
      await countEverywhere(house.house)
    }
    await rest()
    const counted = async () => (await house.work(ctx => listViews(ctx, 'customers'), boss)).find(v => v.id === view.id)?.count
    const before = (await counted()) ?? -1
    expect(before).toBeGreaterThanOrEqual(0)
    const { version } = await setTiers(5)
    await house.work(ctx => applyNow(ctx, 'tier', version))
    await rest()
    expect(await house.said('customer.many_moved')).toContainEqual({ kind: 'tier', moved: 1100 })
    expect(await counted()).toBe(1_000)
    const { rows } = await house.house.control.query('select n from views.count where id = $1', [view.id])
    expect(rows).toEqual([{ n: before + 1100 }])
  })
})
