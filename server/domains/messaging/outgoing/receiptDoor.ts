import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import type { ProviderKind } from '#contract/outgoingSettings.ts'
import type { House } from '#kernel/house.ts'
import { isId } from '#kernel/ids.ts'
import { newLimit } from '#kernel/limits.ts'
import { Refusal } from '#kernel/refusal.ts'
import { hmac, sameText, unseal } from '#kernel/secrets.ts'
import type { Door } from '#kernel/serve.ts'
import { type Ctx, work } from '#kernel/work.ts'
import { carrierOf } from './ports.ts'
import { hearReplies } from './replies.ts'
import { recordReceipts } from './settle.ts'

const toleranceSeconds = 300

/** Vendors that sign nothing are known by an address that only they were given. */
const sealOf = (house: House, tenantId: string, providerId: string) => hmac(house.key, `receipts:${tenantId}:${providerId}`).slice(0, 32)
export const receiptPath = (house: House, tenantId: string, providerId: string, kind: ProviderKind): string =>
  `/api/receipts/${tenantId}/${providerId}${kind === 'http' ? '' : `/${sealOf(house, tenantId, providerId)}`}`

/** Where providers post what became of messages. Whoever is not the provider learns nothing but that nobody is here. */
export function receiptRoutes({ app, house }: Pick<Door, 'app' | 'house'>): void {
  const calls = newLimit({ burst: 2000, perSecond: 200, code: 'receipt.too_many' })
  void app.register(async scope => {
    // The signature covers the bytes as they came.
    scope.removeContentTypeParser('application/json')
    scope.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit: 2_000_000 }, (_request, body, done) => done(null, body))
    for (const url of ['/api/receipts/:tenantId/:providerId', '/api/receipts/:tenantId/:providerId/:seal'])
      scope.post<{ Params: { tenantId: string; providerId: string; seal?: string }; Body: Buffer }>(url, async (request, reply) => {
        const { tenantId, providerId, seal } = request.params
        await calls(house, request.ip, house.clock())
        if (!isId(tenantId) || !isId(providerId) || !Buffer.isBuffer(request.body)) throw nobody()
        const header = (name: string) => String(request.headers[name] ?? '')
        const call = {
          id: header('webhook-id'),
          at: header('webhook-timestamp'),
          signature: header('webhook-signature'),
          body: request.body,
          seal: seal ?? null,
        }
        const answer = await work(house, { kind: 'system', tenantId }, ctx => hear(ctx, providerId, call))
        return reply.type('application/json').send(JSON.stringify(answer))
      })
  })
}
const nobody = () => new Refusal('not_found', 'receipt.nobody')

type Call = { id: string; at: string; signature: string; body: Buffer; seal: string | null }

async function hear(ctx: Ctx, providerId: string, call: Call): Promise<unknown> {
  const { rows } = await sql<{
    kind: ProviderKind
    receiptSecret: string | null
  }>`select kind, receipt_secret from messaging.provider where tenant_id = ${ctx.tenantId} and id = ${providerId}`.execute(ctx.db)
  const provider = rows[0]
  if (!provider) throw nobody()
  const kind = carrierOf(provider.kind)
  if (provider.kind === 'http') await checkSigned(ctx, providerId, provider.receiptSecret, call)
  else if (call.seal === null || !sameText(call.seal, sealOf(ctx.house, ctx.tenantId, providerId))) throw nobody()
  let body: unknown
  try {
    body = JSON.parse(call.body.toString('utf8'))
  } catch {
    throw new Refusal('invalid', 'receipt.nonsense')
  }
  const [receipts, replies] = [kind.readReceipts?.(body), kind.readReplies?.(body)]
  if (!receipts && !replies) throw new Refusal('invalid', 'receipt.nonsense')
  await recordReceipts(ctx, providerId, receipts ?? [])
  await hearReplies(ctx, replies ?? [])
  return kind.receiptAnswer ?? { ok: true }
}

/** Standard Webhooks: id, time and body under a shared secret; too old, or heard before, is refused. */
async function checkSigned(ctx: Ctx, providerId: string, sealed: string | null, { id, at, signature, body }: Call): Promise<void> {
  if (sealed === null || id === '' || id.length > 200) throw nobody()
  const seconds = Number(at)
  const key = Buffer.from(unseal(ctx.house.key, sealed).replace(/^whsec_/, ''), 'base64')
  const expected = `v1,${createHmac('sha256', key).update(`${id}.${at}.`).update(body).digest('base64')}`
  if (!signature.split(' ').some(one => sameText(one, expected))) throw nobody()
  if (!Number.isFinite(seconds) || Math.abs(ctx.now.getTime() / 1000 - seconds) > toleranceSeconds)
    throw new Refusal('gone', 'receipt.too_old')
  const { rows } = await sql<{
    id: string
  }>`insert into messaging.receipt_call (tenant_id, provider_id, id, at) values (${ctx.tenantId}, ${providerId}, ${id}, ${ctx.now}) on conflict do nothing returning id`.execute(
    ctx.db,
  )
  if (!rows[0]) throw new Refusal('conflict', 'receipt.played_again')
}
