import { describe, expect, test } from 'vitest'
import { openInteraction } from '#domains/interactions/index.ts'
import { newId } from '#kernel/ids.ts'
import { openTickets, refused } from '#testing/tickets.ts'
import { openTicket } from './actions/open.ts'
import { lanes } from './numbers.ts'
import { ticketById } from './queries.ts'

const tickets = openTickets()
const { open, kinds } = tickets

describe('opening', () => {
  test('gives a number of the day, starts the clock and is told', async () => {
    const ticket = await open({ categoryId: tickets.table.ids.pipe, fields: { pipe: 300 } })
    expect(ticket).toMatchObject({ status: 'accepted', priority: 'urgent', targetMinutes: 30, fields: { pipe: 300 }, version: 1 })
    expect(ticket.number).toMatch(/^BX-\d{4}-\d{4}$/)
    expect(ticket.dueAt?.getTime()).toBe(ticket.openedAt.getTime() + 30 * 60_000)
    expect(await tickets.house.said('ticket.opened')).toContainEqual({
      customer: false,
      number: ticket.number,
      conversationId: null,
      status: 'accepted',
      departmentId: null,
      late: false,
    })
    expect(await tickets.table.as(tickets.table.agent, ctx => ticketById(ctx, ticket.id))).toEqual(ticket)
  })

  test('with a department is dispatched at once', async () => {
    const ticket = await open({ departmentId: tickets.table.ids.crew })
    expect(ticket).toMatchObject({ status: 'dispatched', departmentId: tickets.table.ids.crew })
    expect(await kinds(ticket.id)).toEqual(['opened', 'dispatched'])
  })

  test('twice with one client id is one ticket, also at once', async () => {
    const clientId = newId()
    const all = await Promise.all([1, 2, 3, 4].map(() => open({ clientId })))
    expect(new Set(all.map(t => t.id)).size).toBe(1)
    expect((await tickets.house.said('ticket.opened')).filter(e => e.number === all[0]?.number)).toHaveLength(1)
  })

  test('another agent with the same client id opens another ticket', async () => {
    const clientId = newId()
    const [a, b] = [await open({ clientId }), await open({ clientId }, tickets.house.user())]
    expect(a.id).not.toBe(b.id)
  })

  test('many at once get different numbers, none is jumped over within its lane, and the next ones fill what slower lanes left', async () => {
    const next = async () => Number((await open({ kindId: tickets.table.ids.complaint })).number.slice(-4))
    const numbers = await Promise.all(Array.from({ length: 120 }, next))
    expect(new Set(numbers).size).toBe(120)
    // How far ahead they are of one another is a matter of how slow the slowest is; within a lane each follows the last.
    const lane = (n: number) => numbers.filter(m => (m - n) % lanes === 0).sort((a, b) => a - b)
    for (let first = 1; first <= lanes; first++) expect(lane(first)).toEqual(lane(first).map((_, k) => first + k * lanes))
    const given = new Set(numbers)
    for (let free = 1; free <= Math.max(...numbers); free++) if (!given.has(free)) expect(await next()).toBe(free)
  })

  test('a number that was not used is used by the next', async () => {
    const last = await open({ kindId: tickets.table.ids.complaint })
    await expect(
      tickets.table.as(tickets.table.agent, async ctx => {
        await openTicket(ctx, tickets.table.ticket({ kindId: tickets.table.ids.complaint }))
        throw new Error('changed my mind')
      }),
    ).rejects.toThrow('changed my mind')
    const next = await open({ kindId: tickets.table.ids.complaint })
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

  test('out of a call carries its contact; nobody opens one out of the contact of another', async () => {
    const contact = (agentId: string) =>
      tickets.house.work(
        async ctx =>
          (
            await openInteraction(ctx, {
              ...{
                channel: 'phone',
                direction: 'in',
                state: 'active',
                customerId: null,
                queueId: null,
                subject: '热线',
                source: 'number:95000',
              },
              agentId,
            })
          ).id,
      )
    const mine = await contact(tickets.table.agent.id)
    const ticket = await open({ interactionId: mine })
    expect(ticket.interactionId).toBe(mine)
    expect((await tickets.table.as(tickets.table.agent, ctx => ticketById(ctx, ticket.id))).interactionId).toBe(mine)
    const theirs = await contact(newId())
    await expect(open({ interactionId: theirs })).rejects.toMatchObject(refused('interaction.not_found'))
    await expect(open({ interactionId: newId() })).rejects.toMatchObject(refused('interaction.not_found'))
  })

  test('a category belongs to its kind', async () => {
    await expect(open({ kindId: tickets.table.ids.complaint, categoryId: tickets.table.ids.pipe })).rejects.toMatchObject(
      refused('ticket_category.not_found'),
    )
  })
})
