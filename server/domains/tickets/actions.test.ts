import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Ticket } from '#contract/tickets.ts'
import { ticketCan } from '#contract/tickets.ts'
import { newId } from '#kernel/ids.ts'
import { openTickets, refused } from '#testing/tickets.ts'
import {
  closeTicket,
  dispatchTicket,
  giveBackTicket,
  reopenTicket,
  resolveTicket,
  resumeTicket,
  takeTicket,
  urgeTicket,
  waitForCustomer,
} from './actions/steps.ts'
import { changeTicket, commentOnTicket } from './actions/write.ts'
import { listTickets, ticketById } from './queries.ts'

const tickets = openTickets()
const { open, kinds } = tickets

describe('the course of a ticket', () => {
  test('from hello to closed', async () => {
    const { id, number } = await open()
    await tickets.table.as(tickets.table.agent, ctx =>
      dispatchTicket(ctx, id, { departmentId: tickets.table.ids.crew, assigneeId: null, text: '先联系业主' }),
    )
    await tickets.table.as(tickets.table.worker, ctx => takeTicket(ctx, id))
    await tickets.table.as(tickets.table.worker, ctx => resolveTicket(ctx, id, { text: '更换管段 2.5 米' }))
    const closed = await tickets.table.as(tickets.table.agent, ctx => closeTicket(ctx, id, { text: '' }))
    expect(closed).toMatchObject({ status: 'closed', resolution: '更换管段 2.5 米', assigneeId: tickets.table.ids.worker, late: false })
    expect(await kinds(id)).toEqual(['opened', 'dispatched', 'taken', 'resolved', 'closed'])
    expect(await tickets.house.said('ticket.closed')).toContainEqual({
      from: 'resolved',
      customer: false,
      number,
      conversationId: null,
      status: 'closed',
      departmentId: tickets.table.ids.crew,
      late: false,
    })
  })

  test('two people at once: one takes it, the other is told', async () => {
    const { id } = await open({ departmentId: tickets.table.ids.crew })
    const both = await Promise.allSettled([
      tickets.table.as(tickets.table.worker, ctx => takeTicket(ctx, id)),
      tickets.table.as(tickets.house.user({ departmentId: tickets.table.ids.crew }), ctx => takeTicket(ctx, id)),
    ])
    expect(both.map(b => b.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(both.find(b => b.status === 'rejected')?.reason).toMatchObject(
      refused('ticket.wrong_status', { status: 'handling', step: 'take' }),
    )
  })

  test('returned, it belongs to nobody and its clock runs on', async () => {
    const { id, dueAt } = await open({ departmentId: tickets.table.ids.crew })
    const back = await tickets.table.as(tickets.table.worker, ctx => giveBackTicket(ctx, id, { text: '不属本队' }))
    expect(back).toMatchObject({ status: 'accepted', departmentId: null, assigneeId: null, returns: 1, dueAt })
  })

  test('an assignee works in that department', async () => {
    const { id } = await open()
    const to = (assigneeId: string) =>
      tickets.table.as(tickets.table.agent, ctx => dispatchTicket(ctx, id, { departmentId: tickets.table.ids.crew, assigneeId, text: '' }))
    await expect(to(tickets.table.ids.clerk)).rejects.toMatchObject(refused('ticket.assignee_elsewhere'))
    await expect(to(newId())).rejects.toMatchObject(refused('person.not_found'))
    expect(await to(tickets.table.ids.worker)).toMatchObject({ assigneeId: tickets.table.ids.worker })
  })

  test('a ticket moves along allowed edges only, whatever people try', async () => {
    const tries = {
      dispatch: (id: string) =>
        tickets.table.as(tickets.table.agent, ctx =>
          dispatchTicket(ctx, id, { departmentId: tickets.table.ids.crew, assigneeId: null, text: '' }),
        ),
      take: (id: string) => tickets.table.as(tickets.table.worker, ctx => takeTicket(ctx, id)),
      wait: (id: string) => tickets.table.as(tickets.table.worker, ctx => waitForCustomer(ctx, id, { text: '?' })),
      resume: (id: string) => tickets.table.as(tickets.table.worker, ctx => resumeTicket(ctx, id, { text: '' })),
      giveBack: (id: string) => tickets.table.as(tickets.table.worker, ctx => giveBackTicket(ctx, id, { text: '?' })),
      resolve: (id: string) => tickets.table.as(tickets.table.worker, ctx => resolveTicket(ctx, id, { text: '!' })),
      close: (id: string) => tickets.table.as(tickets.table.agent, ctx => closeTicket(ctx, id, { text: '' })),
      reopen: (id: string) => tickets.table.as(tickets.table.agent, ctx => reopenTicket(ctx, id, { text: '?' })),
      urge: (id: string) => tickets.table.as(tickets.table.agent, ctx => urgeTicket(ctx, id, { text: '' })),
    }
    const step = fc.constantFrom<keyof typeof tries>('dispatch', 'take', 'wait', 'resume', 'giveBack', 'resolve', 'close', 'reopen', 'urge')
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 15 }), async sequence => {
        let ticket: Ticket = await open()
        for (const next of sequence) {
          const allowed = ticketCan[next](ticket)
          const result = await tries[next](ticket.id).catch((error: unknown) => error)
          if (allowed) {
            ticket = await tickets.table.as(tickets.table.agent, ctx => ticketById(ctx, ticket.id))
            expect(result).toMatchObject({ status: ticket.status })
          } else expect(result).toMatchObject(refused('ticket.wrong_status', { status: ticket.status, step: next }))
          expect((ticket.status === 'waiting') === (ticket.pausedAt !== null)).toBe(true)
        }
      }),
      { numRuns: 25 },
    )
  }, 60_000)
})

describe('the clock', () => {
  test('stands still while the customer is awaited', async () => {
    const { id } = await open({ departmentId: tickets.table.ids.crew })
    await tickets.table.as(tickets.table.worker, ctx => takeTicket(ctx, id))
    await tickets.house.pass(20)
    await tickets.table.as(tickets.table.worker, ctx => waitForCustomer(ctx, id, { text: '请发照片' }))
    await tickets.house.pass(600)
    await tickets.house.settle()
    expect(await tickets.table.as(tickets.table.agent, ctx => ticketById(ctx, id))).toMatchObject({ status: 'waiting', late: false })
    const resumed = await tickets.table.as(tickets.table.worker, ctx => resumeTicket(ctx, id, { text: '' }))
    expect(Math.round(((resumed.dueAt?.getTime() ?? 0) - tickets.house.now().getTime()) / 60_000)).toBe(40)
  })

  test('an open ticket past its target is late once', async () => {
    const { id, number } = await open()
    const late = async () => (await tickets.house.said('ticket.overdue')).filter(e => e.number === number)
    await tickets.house.settle()
    await tickets.house.pass(59)
    await tickets.house.settle()
    expect(await late()).toEqual([])
    await tickets.house.pass(2)
    await tickets.house.settle()
    await tickets.house.pass(60)
    await tickets.house.settle()
    expect(await late()).toHaveLength(1)
    expect(await tickets.table.as(tickets.table.agent, ctx => ticketById(ctx, id))).toMatchObject({ late: true })
    expect((await tickets.table.as(tickets.table.agent, ctx => listTickets(ctx, { box: 'late' }))).rows.map(t => t.id)).toContain(id)
  })

  test('warns once when most of its time is used, and not after the customer was awaited', async () => {
    const { id, number } = await open({ departmentId: tickets.table.ids.crew })
    const warned = async () => (await tickets.house.said('ticket.warned')).filter(e => e.number === number)
    const soon = async () =>
      (await tickets.table.as(tickets.table.agent, ctx => listTickets(ctx, { box: 'soon' }))).rows.some(t => t.id === id)
    await tickets.table.as(tickets.table.worker, ctx => takeTicket(ctx, id))
    await tickets.house.pass(47)
    await tickets.house.settle()
    expect([await warned(), await soon()]).toEqual([[], false])
    await tickets.house.pass(2)
    await tickets.house.settle()
    expect(await warned()).toEqual([expect.objectContaining({ status: 'handling', late: false })])
    expect(await soon()).toBe(true)
    await tickets.table.as(tickets.table.worker, ctx => waitForCustomer(ctx, id, { text: '请发照片' }))
    expect(await soon()).toBe(false)
    await tickets.house.pass(600)
    await tickets.table.as(tickets.table.worker, ctx => resumeTicket(ctx, id, { text: '' }))
    await tickets.house.settle()
    expect([(await warned()).length, await soon()]).toEqual([1, true])
    await tickets.house.pass(13)
    await tickets.house.settle()
    expect([(await warned()).length, await soon()]).toEqual([1, false])
    expect(await tickets.table.as(tickets.table.agent, ctx => ticketById(ctx, id))).toMatchObject({ late: true })
  })

  test('a pause before the warning puts it off by as much; a new promise warns again', async () => {
    const { id, number } = await open({ departmentId: tickets.table.ids.crew })
    const warned = async () => (await tickets.house.said('ticket.warned')).filter(e => e.number === number).length
    await tickets.table.as(tickets.table.worker, ctx => takeTicket(ctx, id))
    await tickets.house.pass(20)
    await tickets.table.as(tickets.table.worker, ctx => waitForCustomer(ctx, id, { text: '?' }))
    await tickets.house.pass(100)
    await tickets.house.settle()
    await tickets.table.as(tickets.table.worker, ctx => resumeTicket(ctx, id, { text: '' }))
    await tickets.house.pass(26)
    await tickets.house.settle()
    expect(await warned()).toBe(0)
    await tickets.house.pass(3)
    await tickets.house.settle()
    expect(await warned()).toBe(1)
    await tickets.table.as(tickets.table.worker, ctx => resolveTicket(ctx, id, { text: '好了' }))
    await tickets.table.as(tickets.table.agent, ctx => reopenTicket(ctx, id, { text: '又停水了' }))
    await tickets.house.pass(49)
    await tickets.house.settle()
    expect(await warned()).toBe(2)
  })

  test('a kind that does not warn tells the end alone', async () => {
    const kinds = (warnPercent: number | null) =>
      tickets.house.work(ctx =>
        ctx.db.updateTable('tickets.kind').set({ warnPercent }).where('id', '=', tickets.table.ids.repair).execute(),
      )
    await kinds(null)
    const { number } = await open()
    await kinds(80)
    await tickets.house.pass(61)
    await tickets.house.settle()
    const said = async (name: string) => (await tickets.house.said(name)).filter(e => e.number === number).length
    expect([await said('ticket.warned'), await said('ticket.overdue')]).toEqual([0, 1])
  })

  test('work done in time is never late, work done late stays late, and reopening promises anew', async () => {
    const [soon, tardy] = [await open(), await open()]
    await tickets.table.as(tickets.table.worker, ctx => resolveTicket(ctx, soon.id, { text: '好了' }))
    await tickets.house.pass(90)
    await tickets.house.settle()
    expect(await tickets.table.as(tickets.table.worker, ctx => resolveTicket(ctx, tardy.id, { text: '好了' }))).toMatchObject({
      late: true,
    })
    expect(await tickets.table.as(tickets.table.agent, ctx => ticketById(ctx, soon.id))).toMatchObject({ late: false })
    const again = await tickets.table.as(tickets.table.agent, ctx => reopenTicket(ctx, tardy.id, { text: '又停水了' }))
    expect(again).toMatchObject({ status: 'accepted', late: false, resolution: '' })
    expect(again.dueAt?.getTime()).toBe(again.changedAt.getTime() + 60 * 60_000)
  })

  test('a step that finds it late before the timer does says so once', async () => {
    const { id, number } = await open({ departmentId: tickets.table.ids.crew })
    await tickets.table.as(tickets.table.worker, ctx => takeTicket(ctx, id))
    await tickets.house.pass(61)
    await tickets.table.as(tickets.table.worker, ctx => waitForCustomer(ctx, id, { text: '?' }))
    await tickets.house.settle()
    expect((await tickets.house.said('ticket.overdue')).filter(e => e.number === number)).toHaveLength(1)
  })
})

describe('writing', () => {
  test('whoever saw an older version is told', async () => {
    const ticket = await open()
    const form = {
      version: 1,
      title: '海棠里 5 幢无水',
      text: '',
      priority: 'high' as const,
      categoryId: null,
      place: '海棠里',
      fields: {},
    }
    const both = await Promise.allSettled([
      tickets.table.as(tickets.table.agent, ctx => changeTicket(ctx, ticket.id, form)),
      tickets.table.as(tickets.table.agent, ctx => changeTicket(ctx, ticket.id, { ...form, title: '别的' })),
    ])
    expect(both.map(b => b.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(both.find(b => b.status === 'rejected')?.reason).toMatchObject(refused('ticket.changed_meanwhile', { version: 2 }))
    await expect(
      tickets.table.as(tickets.table.agent, ctx => changeTicket(ctx, ticket.id, { ...form, version: 2, fields: { pipe: '', x: 1 } })),
    ).rejects.toMatchObject(refused('ticket.field_invalid', { field: 'x' }))
  })

  test('what is closed is changed no more, and what is retired is chosen no more', async () => {
    const { id } = await open({ departmentId: tickets.table.ids.crew })
    const retired = newId()
    await tickets.house.work(ctx =>
      ctx.db
        .insertInto('tickets.category')
        .values({
          id: retired,
          kindId: tickets.table.ids.repair,
          name: '旧分类',
          nameEn: '',
          parentId: null,
          departmentId: null,
          priority: 'low',
          targetMinutes: null,
          position: 9,
          retired: true,
        })
        .execute(),
    )
    const form = { version: 1, title: '改过', text: '', priority: 'high' as const, categoryId: null, place: '', fields: {} }
    await expect(open({ categoryId: retired })).rejects.toMatchObject(refused('ticket.category_retired', { name: '旧分类' }))
    await expect(
      tickets.table.as(tickets.table.agent, ctx => changeTicket(ctx, id, { ...form, categoryId: retired })),
    ).rejects.toMatchObject(refused('ticket.category_retired'))
    // What was chosen while it stood may stay.
    await tickets.house.work(ctx => ctx.db.updateTable('tickets.ticket').set({ categoryId: retired }).where('id', '=', id).execute())
    await tickets.table.as(tickets.table.agent, ctx => changeTicket(ctx, id, { ...form, categoryId: retired }))
    await tickets.table.as(tickets.table.worker, ctx => takeTicket(ctx, id))
    await tickets.table.as(tickets.table.worker, ctx => resolveTicket(ctx, id, { text: '好了' }))
    await tickets.table.as(tickets.table.agent, ctx => closeTicket(ctx, id, { text: '' }))
    await expect(tickets.table.as(tickets.table.agent, ctx => changeTicket(ctx, id, { ...form, version: 2 }))).rejects.toMatchObject(
      refused('ticket.wrong_status', { status: 'closed' }),
    )
  })

  test('a comment lifts the ticket and tells whether the customer sees it', async () => {
    const { id, number } = await open()
    await tickets.table.as(tickets.table.agent, ctx => commentOnTicket(ctx, id, { text: '业主在家', public: false }))
    expect((await tickets.house.said('ticket.commented')).filter(e => e.number === number)).toEqual([
      expect.objectContaining({ public: false }),
    ])
    expect((await tickets.table.as(tickets.table.agent, ctx => listTickets(ctx, { box: 'open', size: 1 }))).rows[0]?.id).toBe(id)
  })
})
