import { expect, test } from 'vitest'
import type { Me } from '#contract/identity.ts'
import { TicketStatus, ticketCan } from '#contract/tickets.ts'
import { offers, reaches, standing, used } from './rules.ts'

const everything = () => true

test('the next step is always one the server would take', () => {
  for (const status of TicketStatus.options) {
    const { primary } = offers({ status }, everything)
    expect(primary && ticketCan[primary]({ status })).toBe(true)
  }
})

test('who may only handle is offered nothing of the desk', () => {
  const handler = (permission: string) => permission === 'ticket:handle' || permission === 'ticket:read'
  expect(offers({ status: 'dispatched' }, handler)).toEqual({
    primary: 'take',
    rest: [
      { name: 'giveBack', possible: true },
      { name: 'urge', possible: true },
      { name: 'resolve', possible: false },
      { name: 'resume', possible: false },
      { name: 'wait', possible: false },
    ],
  })
  expect(offers({ status: 'resolved' }, handler).primary).toBeNull()
})

test('a step is done, now or later', () => {
  expect(standing({ status: 'accepted' })).toMatchObject({ accepted: 'now', dispatched: 'later', closed: 'later' })
  expect(standing({ status: 'waiting' })).toMatchObject({
    accepted: 'done',
    dispatched: 'done',
    taken: 'done',
    handling: 'now',
    resolved: 'later',
  })
  expect(Object.values(standing({ status: 'closed' }))).toEqual(['done', 'done', 'done', 'done', 'done', 'done'])
})

test('a clock that stands uses nothing more', () => {
  const at = (minute: number) => new Date(minute * 60_000)
  const ticket = { openedAt: at(0), dueAt: at(100), pausedAt: null, resolvedAt: null }
  expect(used(ticket, 25 * 60_000)).toBe(0.25)
  expect(used({ ...ticket, pausedAt: at(40) }, 90 * 60_000)).toBe(0.4)
  expect(used(ticket, 900 * 60_000)).toBe(1)
  expect(used({ ...ticket, dueAt: null }, 0)).toBeNull()
})

test('a right reaches as far as its scope', () => {
  const me = (scope: 'own' | 'department' | 'all'): Me => ({
    user: { id: 'me', login: 'me', name: 'Me', language: 'en', departmentId: 'mine', teamId: null },
    tenant: { id: 't', slug: 't', name: 'T', nameEn: 'T', sample: false, brand: '', timezone: 'UTC' },
    secondFactorDue: false,
    permissions: { 'ticket:handle': scope },
  })
  const ticket = { openedById: 'other', assigneeId: null, departmentId: 'mine' }
  expect(reaches(me('own'), 'ticket:handle', ticket)).toBe(false)
  expect(reaches(me('own'), 'ticket:handle', { ...ticket, assigneeId: 'me' })).toBe(true)
  expect(reaches(me('department'), 'ticket:handle', ticket)).toBe(true)
  expect(reaches(me('department'), 'ticket:handle', { ...ticket, departmentId: 'theirs' })).toBe(false)
  expect(reaches(me('all'), 'ticket:handle', { ...ticket, departmentId: null })).toBe(true)
  expect(reaches(me('all'), 'ticket:close', ticket)).toBe(false)
})
