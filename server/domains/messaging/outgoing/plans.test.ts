import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { provider } from '#testing/outgoing.ts'
import { explained } from '#testing/plans.ts'
import { dueToBeAsked } from './asking.ts'
import { keepBounces } from './bounces.ts'
import { listNotices, oneNotice } from './notices.ts'
import { listOutbox, oneMessage } from './outbox.ts'
import { addProvider } from './providers.ts'
import { listSuppressions } from './suppressions.ts'

// Thirty thousand messages of two thousand customers, most of them of one great notice: enough that reading all of them is the worse way.
let house: TestHouse
const ids = { provider: '', message: '', customer: newId(), great: newId(), small: newId() }
beforeAll(async () => {
  house = await openHouse()
  ids.provider = (await house.work(ctx => addProvider(ctx, provider('sms', { kind: 'practice' })))).id
  const t = house.tenantId
  const ask = (text: string, ...more: string[]) => house.house.control.query<{ id: string }>(text, [t, ...more])
  await ask(`insert into messaging.notice (tenant_id, id, name, purpose, channel, template, language, text, audience, state, begun_at)
    select $1, gen_random_uuid(), 'n' || n, 'notice', 'sms', 'notice', 'zh', 'x', '{}', 'done', now() from generate_series(1, 3000) n`)
  for (const id of [ids.great, ids.small])
    await ask(
      `insert into messaging.notice (tenant_id, id, name, purpose, channel, template, language, text, audience, state, begun_at) values ($1, $2, 'n', 'notice', 'sms', 'notice', 'zh', 'x', '{}', 'done', now())`,
      id,
    )
  await ask(
    `insert into messaging.outgoing (tenant_id, id, channel, purpose, customer_id, template, language, state, priority, due_at, not_after, provider_id, provider_ref, notice_id, made_at)
    select $1, ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, case when n % 9 = 0 then 'mail' else 'sms' end, case when n % 3 = 0 then 'ticket' else 'notice' end,
      case when n % 2000 = 7 then $2::uuid else gen_random_uuid() end, 'notice', 'zh', case when n % 500 = 0 then 'failed' when n % 10 = 0 then 'refused' when n % 7 = 0 then 'handed' else 'delivered' end,
      5, now(), now(), $3, 'ref-' || n, case when n % 3 = 0 then null when n % 1000 = 1 then $5::uuid else $4::uuid end, now()
    from generate_series(1, 30000) n`,
    ids.customer,
    ids.provider,
    ids.great,
    ids.small,
  )
  await ask(`insert into messaging.suppression (tenant_id, id, channel, address, reason, since, lifted_at)
    select $1, gen_random_uuid(), 'mail', 'a' || n || '@example.com', 'bounced', now(), case when n % 5 = 0 then now() end from generate_series(1, 10000) n`)
  await ask(
    "update messaging.outgoing set ask_at = now() - interval '1 hour', handed_at = now() where tenant_id = $1 and provider_ref like 'ref-%77'",
  )
  for (const table of ['outgoing', 'notice', 'suppression']) await house.house.control.query(`analyze messaging.${table}`)
  ids.message = '01900000-0000-7000-8000-000000000007'
}, 120_000)
afterAll(() => house.close())

const cases: [name: string, fn: (ctx: Ctx) => Promise<unknown>, index: string, mostRows: number][] = [
  ['the newest messages', ctx => listOutbox(ctx, {}), 'outgoing_pkey', 200],
  ['what failed', ctx => listOutbox(ctx, { state: 'failed' }), 'outgoing_state', 200],
  ['what was refused, of one channel', ctx => listOutbox(ctx, { state: 'refused', channel: 'mail' }), 'outgoing_state', 2_000],
  ['news of tickets', ctx => listOutbox(ctx, { purpose: 'ticket' }), 'outgoing_purpose', 200],
  ['a purpose that never was', ctx => listOutbox(ctx, { purpose: 'code' }), 'outgoing_purpose', 60],
  ['all of a customer', ctx => listOutbox(ctx, { customerId: ids.customer }), 'outgoing_customer', 200],
  ['the newest of a great notice', ctx => listOutbox(ctx, { noticeId: ids.great }), 'outgoing', 400],
  ['the failed of a great notice', ctx => listOutbox(ctx, { noticeId: ids.great, state: 'failed' }), 'outgoing_', 400],
  ['all of a small notice', ctx => listOutbox(ctx, { noticeId: ids.small }), 'outgoing_notice', 200],
  ['one message', ctx => oneMessage(ctx, ids.message), 'outgoing_pkey', 40],
  ['the counts of a small notice', ctx => oneNotice(ctx, ids.small), 'outgoing_notice', 200],
  ['the newest notices', ctx => listNotices(ctx, {}), 'notice_pkey', 200],
  ['who is written to no more', ctx => listSuppressions(ctx, {}), 'suppression_active', 200],
  ['who may be written to again', ctx => listSuppressions(ctx, { lifted: true }), 'suppression_lifted', 200],
  ['whom a gateway is to be asked about', ctx => dueToBeAsked(ctx, ids.provider), 'outgoing_ask', 200],
  [
    'mails that came back',
    ctx => keepBounces(ctx, ids.provider, [{ ids: [ids.message, newId()], state: 'failed', reason: '', detail: '' }]),
    'outgoing_pkey',
    60,
  ],
  ['an address', ctx => listSuppressions(ctx, { address: 'a77@example.com' }), 'suppression_address', 60],
]
test.each(cases)('%s', async (_, fn, index, mostRows) => {
  const { indexes, scanned, read } = await explained(house, house.user(), fn)
  expect(indexes.join(', ')).toContain(index)
  expect(scanned.filter(table => ['outgoing', 'notice', 'suppression'].includes(table))).toEqual([])
  expect(read).toBeLessThanOrEqual(mostRows)
})

test('what a team caused, among thirty thousand that nobody did', async () => {
  const lead = house.user({ teamId: newId(), departmentId: newId(), grants: new Map([['message:read', 'team']]) })
  const { indexes, scanned } = await explained(house, lead, ctx => listOutbox(ctx, {}))
  expect(indexes.join(', ')).toContain('outgoing_by')
  expect(indexes.join(', ')).toContain('outgoing_department')
  expect(scanned).not.toContain('outgoing')
})
