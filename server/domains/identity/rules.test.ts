import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Limits, limited, type PermissionName, permissions, Scope, unscoped } from '#contract/rights.ts'
import { type Actor, reaches } from '#kernel/access.ts'
import { checkGive } from './roles.ts'
import { firstRoles, keyGrants, lockFor, passwordFault } from './rules.ts'

const minutes = (n: number) => n * 60_000

test.each([
  [0, 0],
  [1, 0],
  [4, 0],
  [5, 5],
  [6, 0],
  [10, 10],
  [15, 20],
  [20, 40],
  [45, 1280],
  [50, 1440],
  [5000, 1440],
])('after %i failures the login rests for %i minutes', (failed, rest) => {
  expect(lockFor(failed)).toBe(minutes(rest))
})

test('nobody guesses more than five times an hour for long', () => {
  let spent = 0
  for (let failed = 1; failed <= 60; failed++) spent += lockFor(failed)
  expect(spent).toBeGreaterThan(minutes(60 * 24 * 3))
})

test.each([
  ['zhou.min', 'zhou.min', 'password.like_login'],
  ['NIM.UOHZ', 'zhou.min', 'password.like_login'],
  ['Password1', 'zhou.min', 'password.too_common'],
  ['88888888', 'zhou.min', 'password.too_common'],
  ['abababab', 'zhou.min', 'password.too_common'],
  ['ZhouMin 2026', 'zm', 'password.like_name'],
  ['Password123!', 'zhou.min', 'password.too_common'],
  ['!!Qwertyuiop99', 'zhou.min', 'password.too_common'],
  ['1234567890', 'zhou.min', 'password.too_common'],
  ['13800000000', 'zhou.min', 'password.too_common'],
  ['zyxwvutsrq', 'zhou.min', 'password.too_common'],
  ['Deep-Wat7', 'zhou.min', 'password.too_short'],
  ['水厂-七号-泵', 'zhou.min', 'password.too_short'],
  ['水厂的七号泵房有一只猫', 'zhou.min', null],
  ['clearwater', 'agent', null],
  ['Deep-Water-7', 'zhou.min', null],
])('%s for %s: %s', (password, login, fault) => {
  expect(passwordFault(password, { login, name: 'Zhou Min' })).toBe(fault)
})

test('no text breaks the password rules', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (password, login, name) => {
      passwordFault(password, { login, name })
    }),
  )
})

test('every first role may only what exists, and only the administrator may everything', () => {
  for (const [code, role] of Object.entries(firstRoles)) {
    const granted = Object.keys(role.grants)
    expect(granted.filter(p => !permissions.some(known => known === p))).toEqual([])
    expect(granted.length === permissions.length).toBe(code === 'admin')
  }
})

const grants = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...permissions), fc.constantFrom(...Scope.options)), { selector: ([p]) => p })
  .map(pairs => Object.fromEntries(pairs) as Partial<Record<PermissionName, Scope>>)
const limits: fc.Arbitrary<Limits> = fc.oneof(
  fc.constant({}),
  fc.integer({ min: 0, max: 50 }).map(n => ({ 'customer:reveal': n })),
)
const isWithin = (permission: PermissionName, most: Scope | undefined, given: Scope) =>
  most !== undefined && (unscoped.includes(permission) || reaches(most, given))

test('whatever is given, it is no more than the giver has: in permission, scope and limit', () => {
  fc.assert(
    fc.property(grants, limits, grants, limits, (mine, myLimits, given, itsLimits) => {
      const actor = actorOf(mine, myLimits)
      const ask = () => checkGive(actor, { grants: { ...given }, limits: itsLimits })
      const isTooMuch = permissions.some(permission => {
        const scope = given[permission]
        if (scope === undefined) return false
        if (!isWithin(permission, mine[permission], scope)) return true
        if (!(permission in limited)) return false
        const [most, limit] = [myLimits['customer:reveal'], itsLimits['customer:reveal']]
        return most !== undefined && (limit === undefined || limit > most)
      })
      if (isTooMuch) expect(ask).toThrow('role.more_than_you')
      else expect(ask).not.toThrow()
    }),
    { numRuns: 500 },
  )
})
const actorOf = (mine: Partial<Record<PermissionName, Scope>>, limits: Limits): Actor => ({
  kind: 'user',
  tenantId: '',
  id: '',
  name: '',
  departmentId: null,
  teamId: null,
  sessionId: '',
  grants: new Map(permissions.flatMap(p => (mine[p] ? [[p, mine[p]] as const] : []))),
  limits,
})

const place = fc.record({ departmentId: fc.constantFrom('a', 'b', null), teamId: fc.constantFrom('x', 'y', null) })
test('an API key never may more than it was given, nor than its maker may', () => {
  fc.assert(
    fc.property(grants, place, grants, place, limits, (given, itsPlace, most, makersPlace, makersLimits) => {
      const acts = keyGrants({ grants: { ...given }, ...itsPlace }, { grants: { ...most }, ...makersPlace, limits: makersLimits })
      for (const permission of permissions) {
        const scope = acts[permission]
        if (scope === undefined) continue
        expect(isWithin(permission, given[permission], scope) && isWithin(permission, most[permission], scope)).toBe(true)
        if (permission in limited) expect(makersLimits).toEqual({})
        if (unscoped.includes(permission)) continue
        if (most[permission] === 'team' && scope !== 'own') expect(itsPlace.teamId).toBe(makersPlace.teamId)
        if (most[permission] === 'department' && scope !== 'own') expect(itsPlace.departmentId).toBe(makersPlace.departmentId)
      }
    }),
    { numRuns: 500 },
  )
})
test('whose maker may all that it was given, it may all of it', () => {
  fc.assert(
    fc.property(grants, place, place, (given, itsPlace, makersPlace) => {
      const all = Object.fromEntries(permissions.map(p => [p, 'all' as const]))
      expect(keyGrants({ grants: { ...given }, ...itsPlace }, { grants: all, ...makersPlace, limits: {} })).toEqual(given)
    }),
  )
})
