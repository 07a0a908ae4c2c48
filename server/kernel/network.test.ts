import { expect, test } from 'vitest'
import { newLimit } from './limits.ts'
import { networkOf } from './network.ts'

test('an IPv6 subscriber is one, however many addresses they use; an IPv4 address is itself', () => {
  expect(networkOf('192.0.2.7')).toBe('192.0.2.7')
  expect(networkOf('::ffff:192.0.2.7')).toBe('192.0.2.7')
  expect(networkOf('2001:db8:1:2:aaaa::1')).toBe('2001:db8:1:2::/64')
  expect(networkOf('2001:0DB8:0001:0002::ffff')).toBe('2001:db8:1:2::/64')
  expect(networkOf('2001:db8::1')).toBe('2001:db8:0:0::/64')
  expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64')
  expect(networkOf('::1')).toBe('0:0:0:0::/64')
  expect(networkOf('0190a1b2-0000-7000-8000-000000000000')).toBe('0190a1b2-0000-7000-8000-000000000000')
})

test('a limit counts the network', async () => {
  const limit = newLimit({ burst: 2, perSecond: 1, code: 'access.too_many_attempts' })
  const now = new Date()
  const alone = { redis: null }
  await limit(alone, '2001:db8::1', now)
  await limit(alone, '2001:db8::2', now)
  await expect(limit(alone, '2001:db8::3', now)).rejects.toThrow('access.too_many_attempts')
  await limit(alone, '2001:db8:0:1::3', now)
})
