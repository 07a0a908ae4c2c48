import { expect, test } from 'vitest'
import { readReport } from './dsn.ts'

const id = '01900000-0000-7000-8000-00000000000a'
const report = (status: string, diagnostic = '', action = 'failed') =>
  `Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; a@b.c\r\nAction: ${action}\r\nStatus: ${status}\r\n${diagnostic ? `Diagnostic-Code: smtp; ${diagnostic}\r\n` : ''}`
const returned = `Message-ID: <${id}@example.com>\r\n`
const read = (...given: Parameters<typeof report>) => {
  const bounce = readReport(report(...given), returned, '')
  return bounce && [bounce.state, bounce.reason]
}

test('what a report means: no such mailbox is the address, a full one or a policy is not, later is later', () => {
  expect(read('5.1.1')).toEqual(['bounced', 'no_such_address'])
  expect(read('5.2.1')).toEqual(['bounced', 'no_such_address'])
  expect(read('5.2.2')).toEqual(['failed', 'mailbox_full'])
  expect(read('5.7.1', '550 5.7.1 looks like spam')).toEqual(['failed', 'refused_by_provider'])
  expect(read('5.0.0', '550 5.1.1 用户不存在')).toEqual(['bounced', 'no_such_address'])
  expect(read('5.0.0', '550 no')).toEqual(['failed', 'refused_by_provider'])
  expect(read('4.4.7')).toEqual(['failed', 'not_delivered'])
  expect(read('4.2.2')).toEqual(['failed', 'mailbox_full'])
  expect(read('4.4.1', '', 'delayed')).toEqual(['delayed', 'delayed'])
  expect(read('2.0.0', '', 'delivered')).toEqual(['delivered', ''])
  expect(read('2.0.0', '', 'relayed')).toBe(null)
  expect(read('', '')).toEqual(['failed', 'refused_by_provider'])
})

test('by what a message is known: the envelope id, the header that came back, the address it was sent to', () => {
  const [a, b, c] = ['a', 'b', 'c'].map(end => id.slice(0, -1) + end)
  const all = readReport(
    report('5.1.1').replace('Reporting-MTA', `Original-Envelope-Id: ${a}\r\nReporting-MTA`),
    `Subject: x\r\nMessage-ID:\r\n <${b}@example.com>\r\n`,
    `bounce+${c}@example.com`,
  )
  expect(all?.ids).toEqual([a, b, c])
  expect(readReport(report('5.1.1'), '', `bounce+${a}@example.com`)?.ids).toEqual([a])
  expect(readReport(report('5.1.1'), 'Message-ID: <foreign@example.com>', 'bounce@example.com')).toBe(null)
})

test('of several recipients the one that failed counts; nonsense is no report', () => {
  const two = `${report('2.0.0', '', 'delivered')}\r\nFinal-Recipient: rfc822; d@e.f\r\nAction: failed (bad)\r\nStatus: 5.1.1 (no such user)\r\n`
  expect(readReport(two, returned, '')).toMatchObject({ state: 'bounced' })
  for (const nonsense of [
    '',
    '\r\n\r\n\r\n',
    ':'.repeat(70_000),
    'Action failed',
    'Action: exploded\r\nStatus: 9.9.9',
    `${'x\r\n'.repeat(20_000)}`,
  ])
    expect(readReport(nonsense, returned, '')).toBe(null)
  expect(readReport(report('5.1.1', 'y'.repeat(60_000)), returned, '')?.detail.length).toBeLessThanOrEqual(400)
})
