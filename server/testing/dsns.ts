type About = { id: string; to?: string; status?: string; action?: string; diagnostic?: string; sentTo?: string; original?: string }

const lines = (...all: string[]): string => all.join('\r\n')
const status = ({ to = 'gone@example.org', status: code = '5.1.1', action = 'failed', diagnostic = '' }: About, ...more: string[]) =>
  lines(
    'Reporting-MTA: dns; mx.example.net',
    ...more,
    'Arrival-Date: Thu, 18 Jun 2026 09:00:00 +0800 (CST)',
    '',
    `Final-Recipient: rfc822; ${to}`,
    `Original-Recipient: rfc822;${to}`,
    `Action: ${action}`,
    `Status: ${code}`,
    'Remote-MTA: dns; mail.example.org',
    ...(diagnostic === '' ? [] : [`Diagnostic-Code: smtp; ${diagnostic}`]),
    '',
  )
const header = (subject: string, sentTo: string, type: string) =>
  lines('Return-Path: <>', 'From: MAILER-DAEMON@mx.example.net (Mail Delivery System)', `Subject: ${subject}`, `To: ${sentTo}`, 'MIME-Version: 1.0', `Content-Type: ${type}`, '', '') // biome-ignore format: a header

/** As Postfix writes it: the whole letter comes back. */
export const postfix = (about: About): string =>
  lines(
    header('Undelivered Mail Returned to Sender', about.sentTo ?? 'bounce@example.com', 'multipart/report; report-type=delivery-status;\r\n boundary="4ABCDE.1/mx"') +
      '--4ABCDE.1/mx',
    'Content-Description: Notification',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'This is the mail system at host mx.example.net.',
    '',
    '--4ABCDE.1/mx',
    'Content-Description: Delivery report',
    'Content-Type: message/delivery-status',
    '',
    status({ diagnostic: '550 5.1.1 <gone@example.org>: Recipient address\r\n    rejected: User unknown in virtual mailbox table', ...about }, 'X-Postfix-Queue-ID: 4ABCDE'),
    '--4ABCDE.1/mx',
    'Content-Description: Undelivered Message',
    'Content-Type: message/rfc822',
    '',
    `Message-ID: <${about.id}@example.com>`,
    'Subject: =?utf-8?B?5YGc5rC0?=',
    '',
    about.original ?? 'words',
    '--4ABCDE.1/mx--',
    '',
  ) // biome-ignore format: a mail

/** As Exchange writes it: words in two forms first, then the report, then the letter. */
export const exchange = (about: About): string =>
  lines(
    header('Undeliverable: 停水通知', about.sentTo ?? 'bounce@example.com', 'multipart/report; report-type=delivery-status;\r\n\tboundary="_000_ndr_"') + '--_000_ndr_',
    'Content-Type: multipart/alternative; differences=Content-Type; boundary="_001_ndr_"',
    '',
    '--_001_ndr_',
    'Content-Type: text/plain; charset="utf-8"',
    '',
    'Delivery has failed to these recipients or groups',
    '--_001_ndr_',
    'Content-Type: text/html; charset="utf-8"',
    '',
    '<p>Delivery has failed</p>',
    '--_001_ndr_--',
    '',
    '--_000_ndr_',
    'Content-Type: message/delivery-status',
    '',
    status({ status: '5.1.10', diagnostic: '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup', ...about }),
    '--_000_ndr_',
    'Content-Type: message/rfc822',
    '',
    'Received: from a.example.net',
    'X-MS-Exchange-CrossTenant-Id: 11111111-1111-4111-8111-111111111111',
    `Message-ID:\r\n <${about.id}@example.com>`,
    '',
    'words',
    '--_000_ndr_--',
    '',
  ) // biome-ignore format: a mail

/** As Chinese mail houses write it: a status that says nothing, words in Chinese, only the header comes back. */
export const chinese = (about: About): string =>
  lines(
    header('=?utf-8?B?57O757uf6YCA5L+h?=', about.sentTo ?? 'bounce@example.com', 'multipart/report; report-type=delivery-status; boundary="----=_Part_163"') + '------=_Part_163',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from('很抱歉，您的邮件被退回').toString('base64'),
    '------=_Part_163',
    'Content-Type: message/delivery-status',
    'Content-Transfer-Encoding: 8bit',
    '',
    status({ status: '5.0.0', diagnostic: '550 5.1.1 用户不存在', ...about }),
    '------=_Part_163',
    'Content-Type: text/rfc822-headers',
    '',
    `Message-ID: <${about.id}@example.com>`,
    'Subject: =?utf-8?B?5YGc5rC0?=',
    '',
    '------=_Part_163--',
    '',
  ) // biome-ignore format: a mail

/** Nothing of it is as it should be: the report breaks off, its fields have no colons, its parts no end. */
export const malformed = ({ id }: About): string =>
  lines(
    header('Mail failure', 'bounce@example.com', 'multipart/report; report-type=delivery-status; boundary=x') + '--x',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA',
    'Action failed',
    '\u0000\u0007: \ufffd',
    `Message-ID: <${id}@example.com>`,
  )

/** A colleague passes a report on to another: that is a letter, not a report. */
export const passedOn = (about: About): string =>
  lines(
    header('Fwd: it came back', 'bounce@example.com', 'multipart/mixed; boundary=out') + '--out',
    'Content-Type: text/plain',
    '',
    'look',
    '--out',
    'Content-Type: message/rfc822',
    '',
    `${postfix(about)}--out--`,
    '',
  )
