import fc from 'fast-check'
import { expect, test } from 'vitest'
import { permissions } from '#contract/identity.ts'
import { firstRoles, lockFor, passwordFault } from './rules.ts'

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
