import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { taskCan } from '#contract/tasks.ts'
import { asksAmount, isLate, openItems, resolveDecider, stepsFor } from './rules.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 0, 5, 9, minute))
const lead = { who: 'role', roleId: 'lead', within: 'team' } as const
const rule = (name: string, above: number | null, upTo: number | null) => ({ name, nameEn: '', above, upTo, decider: lead, minutes: 60 })
/** Up to 200 yuan the leader, beyond it the supervisor, beyond 2,000 the administrator too. */
const money = [rule('班长', null, 20_000), rule('主管', 20_000, null), rule('管理员', 200_000, null)]

test.each([
  [{ dueAt: null, doneAt: null }, at(9), false],
  [{ dueAt: at(5), doneAt: null }, at(5), false],
  [{ dueAt: at(5), doneAt: null }, at(6), true],
  [{ dueAt: at(5), doneAt: at(4) }, at(59), false],
  [{ dueAt: at(5), doneAt: at(6) }, at(59), true],
])('late: %j at %s is %s', (due, now, late) => {
  expect(isLate(due, now)).toBe(late)
})

test.each([
  [0, ['班长']],
  [20_000, ['班长']],
  [20_001, ['主管']],
  [200_000, ['主管']],
  [200_001, ['主管', '管理员']],
])('%i fen is decided by %j', (amount, names) => {
  expect(stepsFor(money, amount).map(s => s.name)).toEqual(names)
})

test('without an amount only steps that ask for none are taken', () => {
  expect(asksAmount(money)).toBe(true)
  expect(asksAmount([rule('班长', null, null)])).toBe(false)
  expect(stepsFor([rule('a', null, null), ...money], null).map(s => s.name)).toEqual(['a'])
})

test('every amount falls to at least one of adjoining ranges, and a larger one never to fewer people above', () => {
  fc.assert(
    fc.property(fc.nat(1e9), amount => {
      const names = stepsFor(money, amount).map(s => s.name)
      expect(names.length).toBeGreaterThan(0)
      expect(names.includes('班长')).toBe(amount <= 20_000)
      expect(names.includes('管理员')).toBe(amount > 200_000)
    }),
  )
})

describe('who decides', () => {
  const person = (id: string, roleId: string, teamId: string | null, more: object = {}) => ({
    id,
    roleId,
    teamId,
    departmentId: 'd1',
    retired: false,
    ...more,
  })
  const asker = person('me', 'agent', 't1')
  test('the role in the team of who asks', () => {
    expect(resolveDecider(lead, asker, [asker, person('l1', 'lead', 't1'), person('l2', 'lead', 't2')])).toEqual({
      personId: null,
      roleId: 'lead',
      placeId: 't1',
    })
  })
  test('where the team has nobody else, the department, then everybody with the role', () => {
    const self = person('me', 'lead', 't1')
    expect(resolveDecider(lead, self, [self, person('l2', 'lead', 't2')])).toMatchObject({ placeId: 'd1' })
    expect(resolveDecider(lead, self, [self, person('l3', 'lead', 't9', { departmentId: 'd2' })])).toMatchObject({
      placeId: null,
      roleId: 'lead',
    })
    expect(resolveDecider(lead, self, [self, person('l3', 'lead', 't1', { retired: true })])).toBeNull()
  })
  test('a person named, unless it is the asker', () => {
    const named = (personId: string) => resolveDecider({ who: 'person', personId }, asker, [asker, person('x', 'agent', null)])
    expect(named('x')).toEqual({ personId: 'x', roleId: null, placeId: null })
    expect(named('me')).toBeNull()
  })
})

test('a comment is changed by who wrote it, for a quarter of an hour', () => {
  const comment = { writerId: 'me', writtenAt: at(0), withdrawnAt: null }
  expect(taskCan.changeComment(comment, 'me', at(15))).toBe(true)
  expect(taskCan.changeComment(comment, 'me', at(16))).toBe(false)
  expect(taskCan.changeComment(comment, 'you', at(1))).toBe(false)
  expect(taskCan.changeComment({ ...comment, withdrawnAt: at(1) }, 'me', at(2))).toBe(false)
})

test('only required items that are open hold a task', () => {
  const items = [
    { required: true, doneAt: null },
    { required: true, doneAt: at(1) },
    { required: false, doneAt: null },
  ]
  expect(openItems(items)).toEqual([items[0]])
})
