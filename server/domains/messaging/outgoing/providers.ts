import { sql } from 'kysely'
import type * as z from 'zod'
import type { Tongue, Way } from '#contract/outgoing.ts'
import { type BounceSettings, type NewProvider, type Provider, ProviderSettings } from '#contract/outgoingSettings.ts'
import { phoneNumber } from '#domains/customers/index.ts'
import { newSecret } from '#kernel/access.ts'
import { dateIn } from '#kernel/calendar.ts'
import { differenceOf } from '#kernel/difference.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import { seal } from '#kernel/secrets.ts'
import type { Ctx } from '#kernel/work.ts'
import { readSoon } from './bounces.ts'
import { providerChanged } from './events.ts'
import { senderOf } from './policy.ts'
import { carrierOf } from './ports.ts'
import { receiptPath } from './receiptDoor.ts'
import { sendMessage } from './send.ts'

type Row = Omit<Provider, 'settings' | 'receiptPath' | 'today' | 'bounceBox'> & {
  kind: string
  settings: unknown
  readAt: Date | null
  failedAt: Date | null
  failure: string
  found: number
  handed: number
  delivered: number
  failed: number
}

const waysOf: Readonly<Record<ProviderSettings['kind'], readonly Way[]>> = {
  smtp: ['mail'],
  http: ['sms'],
  aliyun: ['sms'],
  smpp: ['sms'],
  practice: ['mail', 'sms'],
}

export async function listProviders(ctx: Ctx): Promise<Provider[]> {
  const { timezone } = await senderOf(ctx)
  const today = dateIn(timezone, ctx.now)
  const { rows } =
    await sql<Row>`select p.id, p.name, p.channel, p.kind, p.settings, p.rate, p.connections, p.position, p.enabled, p.secret is not null as "hasSecret", p.bounce_secret is not null as "hasBounceSecret",
      b.read_at as "readAt", b.failed_at as "failedAt", coalesce(b.failure, '') as failure, coalesce(b.found, 0) as found,
      case when c.resting_until > ${ctx.now} then c.resting_until end as "restingUntil", c.last_ok_at as "lastOkAt", c.last_error_at as "lastErrorAt", coalesce(c.last_error, '') as "lastError",
      case when c.day = ${today}::date then c.handed else 0 end as handed, case when c.day = ${today}::date then c.delivered else 0 end as delivered, case when c.day = ${today}::date then c.failed else 0 end as failed
    from messaging.provider p left join messaging.pace c on c.tenant_id = ${ctx.tenantId} and c.provider_id = p.id
      left join messaging.bounce_box b on b.tenant_id = ${ctx.tenantId} and b.provider_id = p.id
    where p.tenant_id = ${ctx.tenantId} and not p.retired order by p.channel, p.position, p.id`.execute(ctx.db)
  return rows.map(({ kind, settings, handed, delivered, failed, readAt, failedAt, failure, found: told, ...row }) => {
    const whole = ProviderSettings.parse({ ...Object(settings), kind })
    return {
      ...row,
      settings: whole,
      receiptPath: carrierOf(whole.kind).readReceipts ? receiptPath(ctx.house, ctx.tenantId, row.id, whole.kind) : null,
      today: { handed, delivered, failed },
      bounceBox: whole.kind === 'smtp' && whole.bounces ? { readAt, failedAt, failure, found: told } : null,
    }
  })
}
const oneProvider = async (ctx: Ctx, id: string): Promise<Provider> =>
  found(
    (await listProviders(ctx)).find(p => p.id === id),
    'provider',
    id,
  )

function checkProvider({ channel, settings }: NewProvider): void {
  if (!waysOf[settings.kind].includes(channel)) throw new Refusal('invalid', 'provider.channel', { channel })
}

export async function addProvider(ctx: Ctx, given: NewProvider): Promise<Provider> {
  checkProvider(given)
  const { settings, secret } = given
  const { kind, ...rest } = settings
  const id = newId()
  await sql`insert into messaging.provider (tenant_id, id, name, channel, kind, settings, secret, bounce_secret, rate, connections, position, enabled)
    values (${ctx.tenantId}, ${id}, ${given.name}, ${given.channel}, ${kind}, ${JSON.stringify(rest)}, ${secret ? seal(ctx.house.key, secret) : null}, ${given.bounceSecret && boxOf(settings) ? seal(ctx.house.key, given.bounceSecret) : null}, ${given.rate}, ${given.connections}, ${given.position}, ${given.enabled})`.execute(
    ctx.db,
  )
  await sql`insert into messaging.pace (tenant_id, provider_id, room, at) values (${ctx.tenantId}, ${id}, ${given.rate}, ${ctx.now})`.execute(
    ctx.db,
  )
  await ctx.emit(providerChanged, { id }, { name: given.name, act: 'added', changes: differenceOf({}, flat(given), told) })
  return oneProvider(ctx, id)
}

export async function changeProvider(ctx: Ctx, id: string, given: NewProvider): Promise<Provider> {
  checkProvider(given)
  const before = await oneProvider(ctx, id)
  if (before.settings.kind !== given.settings.kind || before.channel !== given.channel) throw new Refusal('invalid', 'provider.kind_kept')
  const { settings, secret } = given
  const { kind: _, ...rest } = settings
  // A secret is for the host it was given for, and for the care it was given with: whoever names another host or a barer line gives it again.
  const exposed = placeOf(before.settings) !== placeOf(settings) || shieldOf(settings) < shieldOf(before.settings)
  if (exposed && before.hasSecret && secret === undefined) throw new Refusal('invalid', 'provider.secret_again')
  const [box, boxBefore] = [boxOf(settings), boxOf(before.settings)]
  const boxExposed = box !== null && boxBefore !== null && (boxPlace(box) !== boxPlace(boxBefore) || shieldOf(box) < shieldOf(boxBefore))
  if (boxExposed && before.hasBounceSecret && given.bounceSecret === undefined) throw new Refusal('invalid', 'provider.secret_again')
  const kept =
    given.bounceSecret === undefined ? sql`bounce_secret` : given.bounceSecret === '' ? null : seal(ctx.house.key, given.bounceSecret)
  await sql`update messaging.provider set name = ${given.name}, settings = ${JSON.stringify(rest)}, rate = ${given.rate}, connections = ${given.connections}, position = ${given.position}, enabled = ${given.enabled},
    secret = ${secret === undefined ? sql`secret` : secret === '' ? null : seal(ctx.house.key, secret)}, bounce_secret = ${box === null ? null : kept} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
    ctx.db,
  )
  // Another mailbox counts its mails anew.
  if (JSON.stringify(box) !== JSON.stringify(boxBefore))
    await sql`delete from messaging.bounce_box where tenant_id = ${ctx.tenantId} and provider_id = ${id}`.execute(ctx.db)
  // Whatever was wrong may be right now.
  await sql`update messaging.pace set resting_until = null, rests = 0 where tenant_id = ${ctx.tenantId} and provider_id = ${id}`.execute(
    ctx.db,
  )
  await ctx.emit(providerChanged, { id }, { name: given.name, act: 'changed', changes: differenceOf(flat(before), flat(given), told) })
  return oneProvider(ctx, id)
}
type Box = z.output<typeof BounceSettings>
const boxOf = (s: ProviderSettings): Box | null => (s.kind === 'smtp' ? s.bounces : null)
const boxPlace = ({ host, port }: Box): string => `${host}:${port}`
const placeOf = (s: ProviderSettings): string =>
  'host' in s ? `${s.host}:${s.port}` : 'url' in s ? s.url : 'endpoint' in s ? s.endpoint : ''
/** How well the line hides what it carries: a line that only may be sealed can be laid bare by whoever stands on it. A web address says so itself. */
const shieldOf = (s: ProviderSettings | Box): number => ('security' in s ? (s.security === 'plain' ? 0 : 1) : 'tls' in s && s.tls ? 1 : 0)
const told = ['name', 'rate', 'connections', 'position', 'enabled', 'settings']
const flat = ({
  name,
  rate,
  connections,
  position,
  enabled,
  settings,
}: Pick<NewProvider, 'name' | 'rate' | 'connections' | 'position' | 'enabled' | 'settings'>) => ({
  name,
  rate,
  connections,
  position,
  enabled,
  settings: JSON.stringify(settings),
})

export async function retireProvider(ctx: Ctx, id: string): Promise<Provider[]> {
  const { rows } = await sql<{
    name: string
  }>`update messaging.provider set retired = true, enabled = false, secret = null, bounce_secret = null where tenant_id = ${ctx.tenantId} and id = ${id} and not retired returning name`.execute(
    ctx.db,
  )
  const { name } = found(rows[0], 'provider', id)
  await ctx.emit(providerChanged, { id }, { name, act: 'retired' })
  return listProviders(ctx)
}

export async function readBouncesNow(ctx: Ctx, id: string): Promise<Provider> {
  const provider = await oneProvider(ctx, id)
  if (!provider.enabled) throw new Refusal('conflict', 'provider.off')
  if (boxOf(provider.settings) === null) throw new Refusal('conflict', 'provider.no_bounces')
  await readSoon(ctx, id)
  return provider
}

/** Really sends, by this way and no other. */
export async function testProvider(ctx: Ctx, id: string, { to, language }: { to: string; language: Tongue }): Promise<{ id: string }> {
  const provider = await oneProvider(ctx, id)
  if (!provider.enabled) throw new Refusal('conflict', 'provider.off')
  const address = provider.channel === 'sms' ? phoneNumber(to) : /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(to) ? to : null
  if (!address) throw new Refusal('invalid', 'suppression.address_invalid')
  return sendMessage(ctx, {
    channel: provider.channel,
    purpose: 'test',
    template: 'test',
    language,
    variables: { provider: provider.name },
    address,
    providerId: id,
  })
}

export async function renewReceiptSecret(ctx: Ctx, id: string): Promise<{ secret: string }> {
  const provider = await oneProvider(ctx, id)
  const secret = `whsec_${Buffer.from(newSecret(), 'base64url').toString('base64')}`
  await sql`update messaging.provider set receipt_secret = ${seal(ctx.house.key, secret)} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
    ctx.db,
  )
  await ctx.emit(providerChanged, { id }, { name: provider.name, act: 'changed' })
  return { secret }
}
