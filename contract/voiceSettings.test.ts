import { expect, test } from 'vitest'
import { Trunk } from './voiceSettings.ts'

const given = Trunk.parse({ name: '电信', host: 'sip.carrier.example' })

test.each(['203.0.113.7', '203.0.113.0/24', '2001:db8::7', '2001:db8::/48', 'sip.carrier.cn'])('calls may come from %s', address => {
  expect(Trunk.safeParse({ ...given, addresses: [address] }).success).toBe(true)
})
test.each(['0.0.0.0/0', '10.0.0.0/8', '::/0', '203.0.113.7,0.0.0.0/0', '203.0.113.7/', 'a b', 'x\ny'])(
  'calls may not come from %j',
  address => {
    expect(Trunk.safeParse({ ...given, addresses: [address] }).success).toBe(false)
  },
)
test.each(['sip.carrier.cn', '203.0.113.7:5080', '[2001:db8::7]:5080'])('a trunk leads to %s', host => {
  expect(Trunk.safeParse({ ...given, host }).success).toBe(true)
})
test.each(['sip.carrier.cn;transport=tls', 'a,b', 'user@host', 'a b', 'x\r\nX: y', ''])('a trunk does not lead to %j', host => {
  expect(Trunk.safeParse({ ...given, host }).success).toBe(false)
})
