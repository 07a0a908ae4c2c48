import { describe, expect, test } from 'vitest'
import { openTickets, refused } from '#testing/tickets.ts'
import { resolveTicket, takeTicket, waitForCustomer } from './actions/steps.ts'
import { commentOnTicket } from './actions/write.ts'
import { entriesOf, listTickets, ticketById } from './queries.ts'

const tickets = openTickets()
const { open } = tickets

describe('finding', () => {
  test.each([['龙湖'], ['湖湾爆'], ['湾'], ['burst'], ['BURST pi'], ['龙湖 burst'], ['DN300']])('by %j', async q => {
    const ticket = await open({ title: '龙湖湾爆管', text: 'Burst pipe, ＤＮ３００', place: '银杏路' })
    await open({ title: '龙王庙湖边', text: '别的事' })
    const { rows } = await tickets.table.as(tickets.table.agent, ctx => listTickets(ctx, { box: 'all', q }))
    expect(rows.map(r => r.id)).toContain(ticket.id)
    expect(rows.every(r => r.title === '龙湖湾爆管')).toBe(true)
  })

  test('by number, and nothing by nothing', async () => {
    const { id, number } = await open({ title: '按号查' })
    const ids = async (q: string) =>
      (await tickets.table.as(tickets.table.agent, ctx => listTickets(ctx, { box: 'all', q }))).rows.map(r => r.id)
    expect(await ids(number)).toEqual([id])
    expect(await ids('!!!')).toEqual([])
  })

  test('in pages that neither skip nor repeat', async () => {
    const seen: string[] = []
    let after: string | undefined
    do {
      const page = await tickets.table.as(tickets.table.agent, ctx => listTickets(ctx, { box: 'all', size: 7, after }))
      seen.push(...page.rows.map(r => r.id))
      after = page.next ?? undefined
    } while (after)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBe(
      (
        await tickets.table.as(tickets.table.agent, ctx =>
          ctx.db.selectFrom('tickets.ticket').select(ctx.db.fn.countAll<number>().as('n')).executeTakeFirstOrThrow(),
        )
      ).n,
    )
  })
})

describe('who sees what', () => {
  test('own, department, all', async () => {
    const reach = (scope: 'own' | 'department' | 'all', more = {}) =>
      tickets.house.user({
        departmentId: tickets.table.ids.office,
        ...more,
        grants: new Map([
          ['ticket:read', scope],
          ['ticket:open', scope],
          ['ticket:handle', scope],
        ]),
      })
    const me = reach('own')
    const mine = await open({ title: '我开的' }, me)
    const theirs = await open({ title: '给营业厅', departmentId: tickets.table.ids.office })
    const foreign = await open({ title: '给抢修队', departmentId: tickets.table.ids.crew })
    const seen = async (actor: typeof me) =>
      (await tickets.table.as(actor, ctx => listTickets(ctx, { box: 'all', size: 200 }))).rows.map(r => r.id)
    expect(await seen(me)).toEqual([mine.id])
    const department = await seen(reach('department'))
    expect([department.includes(theirs.id), department.includes(foreign.id), department.includes(mine.id)]).toEqual([true, false, false])
    expect(await seen(reach('all'))).toEqual(expect.arrayContaining([mine.id, theirs.id, foreign.id]))
    await expect(tickets.table.as(me, ctx => ticketById(ctx, theirs.id))).rejects.toMatchObject(refused('ticket.not_found'))
    await expect(tickets.table.as(me, ctx => entriesOf(ctx, theirs.id))).rejects.toMatchObject(refused('ticket.not_found'))
    await expect(tickets.table.as(reach('department'), ctx => takeTicket(ctx, foreign.id))).rejects.toMatchObject(
      refused('ticket.not_found'),
    )
    expect((await tickets.table.as(me, ctx => listTickets(ctx, { box: 'all', q: '给营业厅' }))).rows).toEqual([])
  })

  test('mine: mine to do, my department’s that nobody took, and what waits for me to send on or answer', async () => {
    const clerk = tickets.house.user({ id: tickets.table.ids.clerk, departmentId: tickets.table.ids.office })
    const nobodys = await open({ departmentId: tickets.table.ids.office })
    const taken = await open({ departmentId: tickets.table.ids.office })
    await tickets.table.as(tickets.house.user({ departmentId: tickets.table.ids.office }), ctx => takeTicket(ctx, taken.id))
    const opened = await open({}, clerk)
    const sent = await open({ departmentId: tickets.table.ids.crew }, clerk)
    const mine = (await tickets.table.as(clerk, ctx => listTickets(ctx, { box: 'mine', size: 200 }))).rows.map(r => r.id)
    expect([nobodys, taken, opened, sent].map(t => mine.includes(t.id))).toEqual([true, false, true, false])
  })

  test('mine begins with what is late, ends with what no clock presses, and leaves out what I have resolved', async () => {
    const me = tickets.house.user({ departmentId: tickets.table.ids.office })
    const taken = async (more = {}) => {
      const { id } = await open({ departmentId: tickets.table.ids.office, ...more })
      await tickets.table.as(me, ctx => takeTicket(ctx, id))
      return id
    }
    const waiting = await taken()
    const resolved = await taken()
    const soon = await taken({ kindId: tickets.table.ids.repair, categoryId: tickets.table.ids.pipe })
    const later = await taken()
    await tickets.table.as(me, ctx => waitForCustomer(ctx, waiting, { text: '等业主' }))
    await tickets.table.as(me, ctx => resolveTicket(ctx, resolved, { text: '好了' }))
    await tickets.house.pass(31)
    const last = await taken({ title: '最后开的' })
    await tickets.table.as(me, ctx => commentOnTicket(ctx, later, { text: '刚改过', public: false }))
    const answer = await open({}, me)
    const ours = [waiting, resolved, soon, later, last, answer.id]
    const seen: string[] = []
    let after: string | undefined
    do {
      const page = await tickets.table.as(me, ctx => listTickets(ctx, { box: 'mine', size: 2, after }))
      seen.push(...page.rows.map(r => r.id))
      after = page.next ?? undefined
    } while (after)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.filter(id => ours.includes(id))).toEqual([soon, later, last, answer.id, waiting])
  })
})
