import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Ticket } from '#contract/tickets.ts'
import { ticketCan } from '#contract/tickets.ts'
import { newId } from '#kernel/ids.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { setTheTable } from '#testing/tickets.ts'
import { openTicket } from './actions/open.ts'
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
import { entriesOf, listTickets, ticketById } from './queries.ts'

let house: TestHouse
let table: Awaited<ReturnType<typeof setTheTable>>
beforeAll(async () => {
  house = await openHouse()
  table = await setTheTable(house)
})
afterAll(() => house.close())

const open = (more: Parameters<typeof table.ticket>[0] = {}, actor = table.agent) =>
  table.as(actor, ctx => openTicket(ctx, table.ticket(more)))
const refused = (code: string, facts: object = {}) => ({ code, facts: expect.objectContaining(facts) })
const kinds = async (id: string) => (await table.as(table.agent, ctx => entriesOf(ctx, id))).map(e => e.kind).reverse()

describe('opening', () => {
  test('gives a number of the day, starts the clock and is told', async () => {
    const ticket = await open({ categoryId: table.ids.pipe, fields: { pipe: 300 } })
    expect(ticket).toMatchObject({ status: 'accepted', priority: 'urgent', targetMinutes: 30, fields: { pipe: 300 }, version: 1 })
    expect(ticket.number).toMatch(/^BX-\d{4}-\d{4}$/)
    expect(ticket.dueAt?.getTime()).toBe(ticket.openedAt.getTime() + 30 * 60_000)
    expect(await house.said('ticket.opened')).toContainEqual({
      number: ticket.number,
      conversationId: null,
      status: 'accepted',
      departmentId: null,
      late: false,
    })
    expect(await table.as(table.agent, ctx => ticketById(ctx, ticket.id))).toEqual(ticket)
  })

  test('with a department is dispatched at once', async () => {
    const ticket = await open({ departmentId: table.ids.crew })
    expect(ticket).toMatchObject({ status: 'dispatched', departmentId: table.ids.crew })
    expect(await kinds(ticket.id)).toEqual(['opened', 'dispatched'])
  })

  test('twice with one client id is one ticket, also at once', async () => {
    const clientId = newId()
    const all = await Promise.all([1, 2, 3, 4].map(() => open({ clientId })))
    expect(new Set(all.map(t => t.id)).size).toBe(1)
    expect((await house.said('ticket.opened')).filter(e => e.number === all[0]?.number)).toHaveLength(1)
  })

  test('another agent with the same client id opens another ticket', async () => {
    const clientId = newId()
    const [a, b] = [await open({ clientId }), await open({ clientId }, house.user())]
    expect(a.id).not.toBe(b.id)
  })

  test('many at once get different numbers, and the next ones fill what was jumped over', async () => {
    const digits = (t: Ticket) => Number(t.number.slice(-4))
    const numbers = (await Promise.all(Array.from({ length: 120 }, () => open({ kindId: table.ids.complaint })))).map(digits)
    expect(new Set(numbers).size).toBe(120)
    const highest = Math.max(...numbers)
    // While the slowest holds its lane, the others may go round a few times.
    expect(highest).toBeLessThan(120 + 4 * 32)
    while (numbers.length < highest) numbers.push(digits(await open({ kindId: table.ids.complaint })))
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: highest }, (_, n) => n + 1))
  })

  test('a number that was not used is used by the next', async () => {
    const last = await open({ kindId: table.ids.complaint })
    await expect(
      table.as(table.agent, async ctx => {
        await openTicket(ctx, table.ticket({ kindId: table.ids.complaint }))
        throw new Error('changed my mind')
      }),
    ).rejects.toThrow('changed my mind')
    const next = await open({ kindId: table.ids.complaint })
    expect(Number(next.number.slice(-4))).toBe(Number(last.number.slice(-4)) + 1)
  })

  test.each([
    ['a field of another form', { fields: { colour: 'blue' } }, 'ticket.field_invalid', { field: 'colour', reason: 'unknown' }],
    ['a field of the wrong type', { fields: { pipe: 'wide' } }, 'ticket.field_invalid', { field: 'pipe', reason: 'number' }],
    ['an unknown kind', { kindId: newId() }, 'ticket_kind.not_found', {}],
    ['an unknown category', { categoryId: newId() }, 'ticket_category.not_found', {}],
    ['an unknown department', { departmentId: newId() }, 'department.not_found', {}],
    ['an unknown customer', { customerId: newId() }, 'customer.not_found', {}],
    ['an unknown conversation', { conversationId: newId() }, 'conversation.not_found', {}],
  ])('refuses %s', async (_, more, code, facts) => {
    await expect(open(more)).rejects.toMatchObject(refused(code, facts))
  })

  test('a category belongs to its kind', async () => {
    await expect(open({ kindId: table.ids.complaint, categoryId: table.ids.pipe })).rejects.toMatchObject(
      refused('ticket_category.not_found'),
    )
  })
})

describe('the course of a ticket', () => {
  test('from hello to closed', async () => {
    const { id, number } = await open()
    await table.as(table.agent, ctx => dispatchTicket(ctx, id, { departmentId: table.ids.crew, assigneeId: null, text: '先联系业主' }))
    await table.as(table.worker, ctx => takeTicket(ctx, id))
    await table.as(table.worker, ctx => resolveTicket(ctx, id, { text: '更换管段 2.5 米' }))
    const closed = await table.as(table.agent, ctx => closeTicket(ctx, id, { text: '' }))
    expect(closed).toMatchObject({ status: 'closed', resolution: '更换管段 2.5 米', assigneeId: table.ids.worker, late: false })
    expect(await kinds(id)).toEqual(['opened', 'dispatched', 'taken', 'resolved', 'closed'])
    expect(await house.said('ticket.closed')).toContainEqual({
      number,
      conversationId: null,
      status: 'closed',
      departmentId: table.ids.crew,
      late: false,
    })
  })

  test('two people at once: one takes it, the other is told', async () => {
    const { id } = await open({ departmentId: table.ids.crew })
    const both = await Promise.allSettled([
      table.as(table.worker, ctx => takeTicket(ctx, id)),
      table.as(house.user({ departmentId: table.ids.crew }), ctx => takeTicket(ctx, id)),
    ])
    expect(both.map(b => b.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(both.find(b => b.status === 'rejected')?.reason).toMatchObject(
      refused('ticket.wrong_status', { status: 'handling', step: 'take' }),
    )
  })

  test('returned, it belongs to nobody and its clock runs on', async () => {
    const { id, dueAt } = await open({ departmentId: table.ids.crew })
    const back = await table.as(table.worker, ctx => giveBackTicket(ctx, id, { text: '不属本队' }))
    expect(back).toMatchObject({ status: 'accepted', departmentId: null, assigneeId: null, returns: 1, dueAt })
  })

  test('an assignee works in that department', async () => {
    const { id } = await open()
    const to = (assigneeId: string) =>
      table.as(table.agent, ctx => dispatchTicket(ctx, id, { departmentId: table.ids.crew, assigneeId, text: '' }))
    await expect(to(table.ids.clerk)).rejects.toMatchObject(refused('ticket.assignee_elsewhere'))
    await expect(to(newId())).rejects.toMatchObject(refused('person.not_found'))
    expect(await to(table.ids.worker)).toMatchObject({ assigneeId: table.ids.worker })
  })

  test('a ticket moves along allowed edges only, whatever people try', async () => {
    const tries = {
      dispatch: (id: string) =>
        table.as(table.agent, ctx => dispatchTicket(ctx, id, { departmentId: table.ids.crew, assigneeId: null, text: '' })),
      take: (id: string) => table.as(table.worker, ctx => takeTicket(ctx, id)),
      wait: (id: string) => table.as(table.worker, ctx => waitForCustomer(ctx, id, { text: '?' })),
      resume: (id: string) => table.as(table.worker, ctx => resumeTicket(ctx, id, { text: '' })),
      giveBack: (id: string) => table.as(table.worker, ctx => giveBackTicket(ctx, id, { text: '?' })),
      resolve: (id: string) => table.as(table.worker, ctx => resolveTicket(ctx, id, { text: '!' })),
      close: (id: string) => table.as(table.agent, ctx => closeTicket(ctx, id, { text: '' })),
      reopen: (id: string) => table.as(table.agent, ctx => reopenTicket(ctx, id, { text: '?' })),
      urge: (id: string) => table.as(table.agent, ctx => urgeTicket(ctx, id, { text: '' })),
    }
    const step = fc.constantFrom<keyof typeof tries>('dispatch', 'take', 'wait', 'resume', 'giveBack', 'resolve', 'close', 'reopen', 'urge')
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 15 }), async sequence => {
        let ticket: Ticket = await open()
        for (const next of sequence) {
          const allowed = ticketCan[next](ticket)
          const result = await tries[next](ticket.id).catch((error: unknown) => error)
          if (allowed) {
            ticket = await table.as(table.agent, ctx => ticketById(ctx, ticket.id))
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
    const { id } = await open({ departmentId: table.ids.crew })
    await table.as(table.worker, ctx => takeTicket(ctx, id))
    await house.pass(20)
    await table.as(table.worker, ctx => waitForCustomer(ctx, id, { text: '请发照片' }))
    await house.pass(600)
    await house.settle()
    expect(await table.as(table.agent, ctx => ticketById(ctx, id))).toMatchObject({ status: 'waiting', late: false })
    const resumed = await table.as(table.worker, ctx => resumeTicket(ctx, id, { text: '' }))
    expect(Math.round(((resumed.dueAt?.getTime() ?? 0) - house.now().getTime()) / 60_000)).toBe(40)
  })

  test('an open ticket past its target is late once', async () => {
    const { id, number } = await open()
    const late = async () => (await house.said('ticket.overdue')).filter(e => e.number === number)
    await house.settle()
    await house.pass(59)
    await house.settle()
    expect(await late()).toEqual([])
    await house.pass(2)
    await house.settle()
    await house.pass(60)
    await house.settle()
    expect(await late()).toHaveLength(1)
    expect(await table.as(table.agent, ctx => ticketById(ctx, id))).toMatchObject({ late: true })
    expect((await table.as(table.agent, ctx => listTickets(ctx, { box: 'late' }))).rows.map(t => t.id)).toContain(id)
  })

  test('work done in time is never late, work done late stays late, and reopening promises anew', async () => {
    const [soon, tardy] = [await open(), await open()]
    await table.as(table.worker, ctx => resolveTicket(ctx, soon.id, { text: '好了' }))
    await house.pass(90)
    await house.settle()
    expect(await table.as(table.worker, ctx => resolveTicket(ctx, tardy.id, { text: '好了' }))).toMatchObject({ late: true })
    expect(await table.as(table.agent, ctx => ticketById(ctx, soon.id))).toMatchObject({ late: false })
    const again = await table.as(table.agent, ctx => reopenTicket(ctx, tardy.id, { text: '又停水了' }))
    expect(again).toMatchObject({ status: 'accepted', late: false, resolution: '' })
    expect(again.dueAt?.getTime()).toBe(again.changedAt.getTime() + 60 * 60_000)
  })

  test('a step that finds it late before the timer does says so once', async () => {
    const { id, number } = await open({ departmentId: table.ids.crew })
    await table.as(table.worker, ctx => takeTicket(ctx, id))
    await house.pass(61)
    await table.as(table.worker, ctx => waitForCustomer(ctx, id, { text: '?' }))
    await house.settle()
    expect((await house.said('ticket.overdue')).filter(e => e.number === number)).toHaveLength(1)
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
      table.as(table.agent, ctx => changeTicket(ctx, ticket.id, form)),
      table.as(table.agent, ctx => changeTicket(ctx, ticket.id, { ...form, title: '别的' })),
    ])
    expect(both.map(b => b.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(both.find(b => b.status === 'rejected')?.reason).toMatchObject(refused('ticket.changed_meanwhile', { version: 2 }))
    await expect(
      table.as(table.agent, ctx => changeTicket(ctx, ticket.id, { ...form, version: 2, fields: { pipe: '', x: 1 } })),
    ).rejects.toMatchObject(refused('ticket.field_invalid', { field: 'x' }))
  })

  test('what is closed is changed no more, and what is retired is chosen no more', async () => {
    const { id } = await open({ departmentId: table.ids.crew })
    const retired = newId()
    await house.work(ctx =>
      ctx.db
        .insertInto('tickets.category')
        .values({
          id: retired,
          kindId: table.ids.repair,
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
    await expect(table.as(table.agent, ctx => changeTicket(ctx, id, { ...form, categoryId: retired }))).rejects.toMatchObject(
      refused('ticket.category_retired'),
    )
    // What was chosen while it stood may stay.
    await house.work(ctx => ctx.db.updateTable('tickets.ticket').set({ categoryId: retired }).where('id', '=', id).execute())
    await table.as(table.agent, ctx => changeTicket(ctx, id, { ...form, categoryId: retired }))
    await table.as(table.worker, ctx => takeTicket(ctx, id))
    await table.as(table.worker, ctx => resolveTicket(ctx, id, { text: '好了' }))
    await table.as(table.agent, ctx => closeTicket(ctx, id, { text: '' }))
    await expect(table.as(table.agent, ctx => changeTicket(ctx, id, { ...form, version: 2 }))).rejects.toMatchObject(
      refused('ticket.wrong_status', { status: 'closed' }),
    )
  })

  test('a comment lifts the ticket and tells whether the customer sees it', async () => {
    const { id, number } = await open()
    await table.as(table.agent, ctx => commentOnTicket(ctx, id, { text: '业主在家', public: false }))
    expect((await house.said('ticket.commented')).filter(e => e.number === number)).toEqual([expect.objectContaining({ public: false })])
    expect((await table.as(table.agent, ctx => listTickets(ctx, { box: 'open', size: 1 }))).rows[0]?.id).toBe(id)
  })
})

describe('finding', () => {
  test.each([['龙湖'], ['湖湾爆'], ['湾'], ['burst'], ['BURST pi'], ['龙湖 burst'], ['DN300']])('by %j', async q => {
    const ticket = await open({ title: '龙湖湾爆管', text: 'Burst pipe, ＤＮ３００', place: '银杏路' })
    await open({ title: '龙王庙湖边', text: '别的事' })
    const { rows } = await table.as(table.agent, ctx => listTickets(ctx, { box: 'all', q }))
    expect(rows.map(r => r.id)).toContain(ticket.id)
    expect(rows.every(r => r.title === '龙湖湾爆管')).toBe(true)
  })

  test('by number, and nothing by nothing', async () => {
    const { id, number } = await open({ title: '按号查' })
    const ids = async (q: string) => (await table.as(table.agent, ctx => listTickets(ctx, { box: 'all', q }))).rows.map(r => r.id)
    expect(await ids(number)).toEqual([id])
    expect(await ids('!!!')).toEqual([])
  })

  test('in pages that neither skip nor repeat', async () => {
    const seen: string[] = []
    let after: string | undefined
    do {
      const page = await table.as(table.agent, ctx => listTickets(ctx, { box: 'all', size: 7, after }))
      seen.push(...page.rows.map(r => r.id))
      after = page.next ?? undefined
    } while (after)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBe(
      (
        await table.as(table.agent, ctx =>
          ctx.db.selectFrom('tickets.ticket').select(ctx.db.fn.countAll<number>().as('n')).executeTakeFirstOrThrow(),
        )
      ).n,
    )
  })
})

describe('who sees what', () => {
  test('own, department, all', async () => {
    const reach = (scope: 'own' | 'department' | 'all', more = {}) =>
      house.user({
        departmentId: table.ids.office,
        ...more,
        grants: new Map([
          ['ticket:read', scope],
          ['ticket:open', scope],
          ['ticket:handle', scope],
        ]),
      })
    const me = reach('own')
    const mine = await open({ title: '我开的' }, me)
    const theirs = await open({ title: '给营业厅', departmentId: table.ids.office })
    const foreign = await open({ title: '给抢修队', departmentId: table.ids.crew })
    const seen = async (actor: typeof me) => (await table.as(actor, ctx => listTickets(ctx, { box: 'all', size: 200 }))).rows.map(r => r.id)
    expect(await seen(me)).toEqual([mine.id])
    const department = await seen(reach('department'))
    expect([department.includes(theirs.id), department.includes(foreign.id), department.includes(mine.id)]).toEqual([true, false, false])
    expect(await seen(reach('all'))).toEqual(expect.arrayContaining([mine.id, theirs.id, foreign.id]))
    await expect(table.as(me, ctx => ticketById(ctx, theirs.id))).rejects.toMatchObject(refused('ticket.not_found'))
    await expect(table.as(me, ctx => entriesOf(ctx, theirs.id))).rejects.toMatchObject(refused('ticket.not_found'))
    await expect(table.as(reach('department'), ctx => takeTicket(ctx, foreign.id))).rejects.toMatchObject(refused('ticket.not_found'))
    expect((await table.as(me, ctx => listTickets(ctx, { box: 'all', q: '给营业厅' }))).rows).toEqual([])
  })

  test('mine: mine to do, my department’s that nobody took, and what waits for me to send on or answer', async () => {
    const clerk = house.user({ id: table.ids.clerk, departmentId: table.ids.office })
    const nobodys = await open({ departmentId: table.ids.office })
    const taken = await open({ departmentId: table.ids.office })
    await table.as(house.user({ departmentId: table.ids.office }), ctx => takeTicket(ctx, taken.id))
    const opened = await open({}, clerk)
    const sent = await open({ departmentId: table.ids.crew }, clerk)
    const mine = (await table.as(clerk, ctx => listTickets(ctx, { box: 'mine', size: 200 }))).rows.map(r => r.id)
    expect([nobodys, taken, opened, sent].map(t => mine.includes(t.id))).toEqual([true, false, true, false])
  })

  test('mine begins with what is late, ends with what no clock presses, and leaves out what I have resolved', async () => {
    const me = house.user({ departmentId: table.ids.office })
    const taken = async (more = {}) => {
      const { id } = await open({ departmentId: table.ids.office, ...more })
      await table.as(me, ctx => takeTicket(ctx, id))
      return id
    }
    const waiting = await taken()
    const resolved = await taken()
    const soon = await taken({ kindId: table.ids.repair, categoryId: table.ids.pipe })
    const later = await taken()
    await table.as(me, ctx => waitForCustomer(ctx, waiting, { text: '等业主' }))
    await table.as(me, ctx => resolveTicket(ctx, resolved, { text: '好了' }))
    await house.pass(31)
    const last = await taken({ title: '最后开的' })
    await table.as(me, ctx => commentOnTicket(ctx, later, { text: '刚改过', public: false }))
    const answer = await open({}, me)
    const ours = [waiting, resolved, soon, later, last, answer.id]
    const seen: string[] = []
    let after: string | undefined
    do {
      const page = await table.as(me, ctx => listTickets(ctx, { box: 'mine', size: 2, after }))
      seen.push(...page.rows.map(r => r.id))
      after = page.next ?? undefined
    } while (after)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.filter(id => ours.includes(id))).toEqual([soon, later, last, answer.id, waiting])
  })
})
