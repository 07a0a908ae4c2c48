import { readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Way } from '#contract/outgoing.ts'
import { type ProviderKind, ProviderSettings } from '#contract/outgoingSettings.ts'
import { allTenants } from '#kernel/directory.ts'
import { fileCards, placeOf } from '#kernel/files.ts'
import type { House } from '#kernel/house.ts'
import { startLoop } from '#kernel/loop.ts'
import { asSystem } from '#kernel/react.ts'
import { unseal } from '#kernel/secrets.ts'
import type { Ctx } from '#kernel/work.ts'
import { askAbout } from './asking.ts'
import { type Claimed, claim, giveUpBound, noteTaken, takeBack } from './claim.ts'
import { gathering } from './gathering.ts'
import { endNotices, gatherNotices } from './noticeSteps.ts'
import { addressOf, nameIn, type Sender, senderOf } from './policy.ts'
import { type Carrier, carrierOf, type Envelope, type Outcome, type Receipt } from './ports.ts'
import { recordReceipts, settle } from './settle.ts'
import { filled, htmlOf, oneLine, unsubscribeWords } from './templating.ts'
import { unsubscribePath } from './unsubscribing.ts'
import { onWake } from './wake.ts'

const tickMs = 1000
const tenantsEvery = 10
/** Rounds of a provider that run beside one another: while one talks to it, the next is taken. */
const lanes = 2
const kinds: readonly ProviderKind[] = ['smtp', 'http', 'aliyun', 'smpp', 'practice']

type Provider = {
  id: string
  channel: Way
  kind: ProviderKind
  settings: unknown
  secret: string | null
  rate: number
  connections: number
  due: boolean
  /** Carries whatever goes by its channel, not only what is bound to it. */
  others: boolean
}

/** Ways out that are on, in their order, and whether something waits for them. A channel whose first way rests goes by the next. */
async function waysOf(ctx: Ctx): Promise<Provider[]> {
  const { rows } = await sql<
    Provider & { resting: boolean }
  >`select p.id, p.channel, p.kind, p.settings, p.secret, p.rate, p.connections, coalesce(c.resting_until > ${ctx.now}, false) as resting,
      exists (select 1 from messaging.outgoing o where o.tenant_id = ${ctx.tenantId} and o.state = 'waiting' and o.channel = p.channel and o.due_at <= ${ctx.now}) as due
    from messaging.provider p left join messaging.pace c on c.tenant_id = ${ctx.tenantId} and c.provider_id = p.id
    where p.tenant_id = ${ctx.tenantId} and p.enabled and not p.retired order by p.position, p.id`.execute(ctx.db)
  const first = new Map<Way, string>()
  for (const row of rows) if (!row.resting && !first.has(row.channel)) first.set(row.channel, row.id)
  // A test goes by the way it tests, and what a process let fall goes by the way that knows it, also when that is not the first.
  const bound = rows.some(r => r.due) ? await boundDue(ctx) : new Set<string>()
  return rows.map(({ resting, ...p }) => {
    const others = first.get(p.channel) === p.id
    return { ...p, others, due: p.due && !resting && (others || bound.has(p.id)) }
  })
}
async function boundDue(ctx: Ctx): Promise<Set<string>> {
  const { rows } = await sql<{
    id: string
  }>`select distinct provider_id as id from messaging.outgoing where tenant_id = ${ctx.tenantId} and state = 'waiting'
    and due_at <= ${ctx.now} and provider_id is not null`.execute(ctx.db)
  return new Set(rows.map(r => r.id))
}

type Open = { tenantId: string; stamp: string; carrier: Carrier }

/** What one process does about the outbox. Any number of them may run at once. */
export function newSender(house: House) {
  const open = new Map<string, Open>()
  const running = new Map<string, Set<Promise<void>>>()
  /** The ways out as they were last seen: a round goes by this, so that one switched off or changed is not used as it was. */
  const seen = new Map<string, Provider>()
  const asking = new Map<string, Promise<void>>()
  let stopping = false

  async function carrierFor(tenantId: string, p: Provider): Promise<Carrier> {
    const stamp = JSON.stringify([p.kind, p.settings, p.secret, p.rate, p.connections])
    const known = open.get(p.id)
    if (known?.stamp === stamp) return known.carrier
    // Set before anything is awaited: two rounds must not open two.
    const settings = ProviderSettings.parse({ ...Object(p.settings), kind: p.kind })
    const host =
      'host' in settings
        ? settings.host
        : settings.kind === 'http'
          ? new URL(settings.url).hostname
          : settings.kind === 'aliyun'
            ? new URL(settings.endpoint).hostname
            : ''
    const allowed = house.settings.privateHosts ?? []
    const setup = {
      id: p.id,
      settings,
      secret: p.secret === null ? '' : unseal(house.key, p.secret),
      rate: p.rate,
      connections: p.connections,
      privateAllowed: allowed.includes('*') || allowed.includes(host),
    }
    const keep = gathering<Receipt>(receipts => asSystem(house, tenantId, ctx => recordReceipts(ctx, p.id, receipts)))
    const carrier = carrierOf(p.kind).open(setup, receipt =>
      keep(receipt).catch(error => {
        house.log.error({ err: error }, 'a receipt could not be kept; it is to be told again')
        throw error
      }),
    )
    open.set(p.id, { tenantId, stamp, carrier })
    await known?.carrier.close()
    return carrier
  }

  /** One round: take, send, write down. False when there is nothing to do for now. */
  async function round(tenantId: string, p: Provider): Promise<boolean> {
    const kind = carrierOf(p.kind)
    const settings = ProviderSettings.parse({ ...Object(p.settings), kind: p.kind })
    const most = kind.batch({ id: p.id, settings, secret: '', rate: p.rate, connections: p.connections, privateAllowed: false })
    // Opened first: what cannot be opened takes nothing into its hands.
    const carrier = await carrierFor(tenantId, p)
    const taken = await asSystem(house, tenantId, ctx => claim(ctx, p, most))
    if (taken.waitMs > 0) {
      await wait(Math.min(taken.waitMs, 250))
      return true
    }
    if (taken.rows.length === 0) return taken.looked > 0
    const { fits, unfit } = await dress(house, tenantId, taken.rows)
    // Only where a second try is a second message does it matter what was known before the end.
    const note = gathering<{ id: string; ref: string }>(known => asSystem(house, tenantId, ctx => noteTaken(ctx, taken.id, known)))
    const noted = kind.repeatable ? () => {} : (id: string, ref: string) => void note({ id, ref }).catch(() => {})
    const outcomes =
      fits.length === 0
        ? []
        : await carrier.send(
            fits.map(f => f.envelope),
            noted,
          )
    const sent = [...fits.map(({ row }, n) => ({ row, outcome: outcomes[n] ?? lost })), ...unfit]
    await asSystem(house, tenantId, ctx => settle(ctx, taken.id, p, sent))
    return true
  }

  function start(tenantId: string, p: Provider): void {
    const mine = running.get(p.id) ?? new Set()
    running.set(p.id, mine)
    const some = carrierOf(p.kind).repeatable ? lanes : 1
    while (mine.size < some) {
      const lane = (async () => {
        for (let now = seen.get(p.id); now?.due && !stopping && (await round(tenantId, now)); ) now = seen.get(p.id)
      })()
        .catch(error => house.log.error({ err: error, provider: p.id }, 'a round of sending failed; what it took is taken again'))
        .finally(() => mine.delete(lane))
      mine.add(lane)
    }
  }

  /** Looks what is due in a tenant and begins it. */
  async function beat(tenantId: string): Promise<void> {
    const repeatable = kinds.filter(kind => carrierOf(kind).repeatable)
    const ways = await asSystem(house, tenantId, async ctx => {
      await takeBack(ctx, repeatable)
      await giveUpBound(ctx)
      return waysOf(ctx)
    })
    for (const [id, known] of open)
      if (known.tenantId === tenantId && !ways.some(p => p.id === id)) {
        open.delete(id)
        await known.carrier.close()
      }
    await gatherNotices(house, tenantId)
    const after = await asSystem(house, tenantId, async ctx => {
      await endNotices(ctx)
      return waysOf(ctx)
    })
    for (const p of ways) if (!after.some(a => a.id === p.id)) seen.delete(p.id)
    for (const p of after) seen.set(p.id, p)
    for (const p of after) if (p.due) start(tenantId, p)
    for (const p of ways)
      if (carrierOf(p.kind).listens) {
        const carrier = await carrierFor(tenantId, p)
        if (!asking.has(p.id)) asking.set(p.id, ask(tenantId, p.id, carrier))
      }
  }

  const ask = (tenantId: string, id: string, carrier: Carrier): Promise<void> =>
    askAbout(house, tenantId, id, carrier)
      .catch(error => house.log.warn({ err: error, provider: id }, 'a provider could not be asked about its messages'))
      .finally(() => asking.delete(id))

  const rest = () => Promise.all([...[...running.values()].flatMap(set => [...set]), ...asking.values()])
  return {
    beat,
    /** Everything that is due now has gone, or tried to: for tests and tools. */
    drain: async (tenantId: string) => {
      await beat(tenantId)
      await rest()
      await asSystem(house, tenantId, endNotices)
    },
    stop: async () => {
      stopping = true
      await rest()
      await Promise.all([...open.values()].map(({ carrier }) => carrier.close()))
    },
  }
}

const lost: Outcome = { state: 'again', reason: 'no_answer', detail: '' }

type Dressed = { fits: { row: Claimed; envelope: Envelope }[]; unfit: { row: Claimed; outcome: Outcome }[] }
/** Words with their variables in; what cannot be said fails by itself and holds up no other. */
async function dress(house: House, tenantId: string, rows: readonly Claimed[]): Promise<Dressed> {
  const { sender, files, base } = await asSystem(house, tenantId, async ctx => ({
    sender: await senderOf(ctx),
    files: await filesOf(ctx, rows),
    base: await addressOf(ctx, '/'),
  }))
  const dressed: Dressed = { fits: [], unfit: [] }
  for (const row of rows)
    try {
      dressed.fits.push({ row, envelope: envelopeOf(house, row, sender, files, unsubscribeAt(house, tenantId, row, base)) })
    } catch (error) {
      dressed.unfit.push({
        row,
        outcome: { state: 'failed', reason: 'template', detail: error instanceof Error ? error.message : String(error) },
      })
    }
  return dressed
}

type Files = Map<string, Envelope['files'][number]>
async function filesOf(ctx: Ctx, rows: readonly Claimed[]): Promise<Files> {
  const ids = [...new Set(rows.flatMap(r => r.fileIds))]
  if (ids.length === 0) return new Map()
  const cards = await fileCards(ctx, ids)
  // One that is gone from the disk stops the message it belongs to and no other.
  const read = await Promise.all(
    [...cards].map(async ([id, { name, type }]): Promise<[string, Envelope['files'][number]][]> => {
      const bytes = await readFile(placeOf(ctx.house, ctx.tenantId, id)).catch(() => null)
      return bytes ? [[id, { name, type, bytes }]] : []
    }),
  )
  return new Map(read.flat())
}

const unsubscribeAt = (house: House, tenantId: string, row: Claimed, base: string | null): string | null => {
  const path = base === null ? null : unsubscribePath(house, tenantId, row)
  return path === null || base === null ? null : new URL(path, base).href
}

function envelopeOf(house: House, row: Claimed, sender: Sender, files: Files, unsubscribe: string | null): Envelope {
  const organisation = nameIn(sender, row.language)
  const secrets: Record<string, string> = row.sealed === null ? {} : JSON.parse(unseal(house.key, row.sealed))
  const variables = { name: row.name, organisation, ...row.variables, ...secrets }
  const text = filled(row.text, variables)
  return {
    id: row.id,
    address: row.address,
    name: row.name,
    subject: oneLine(filled(row.subject, variables)),
    text: unsubscribe === null ? text : `${text}\n\n--\n${unsubscribeWords[row.language]} ${unsubscribe}`,
    html: row.channel === 'mail' ? htmlOf(text, { language: row.language, sender: organisation, brand: sender.brand, unsubscribe }) : '',
    unsubscribe,
    language: row.language,
    vendorCode: row.vendorCode,
    variables,
    files: row.fileIds.map(id => {
      const file = files.get(id)
      if (!file) throw new Error(`the file ${id} is gone`)
      return file
    }),
  }
}

/** The loop of this process: every tenant each second, and at once the one whose messages this process has just put in. */
export function startSender(house: House): { stop: () => Promise<void> } {
  const sender = newSender(house)
  const asked = new Set<string>()
  let tenants: string[] = []
  let [tick, next] = [0, 0]
  const attempt = (tenantId: string) =>
    sender.beat(tenantId).catch(error => house.log.warn({ err: error }, 'the sender could not look into the outbox and tries again'))
  const loop = startLoop(house, 'the sender could not reach the database and tries again', async going => {
    const all = house.clock().getTime() >= next
    if (all && (tick++ % tenantsEvery === 0 || tenants.length === 0)) tenants = (await allTenants(house.control)).map(t => t.tenantId)
    if (all) next = house.clock().getTime() + tickMs
    const here = all ? tenants : [...asked]
    asked.clear()
    for (const tenantId of here) if (going()) await attempt(tenantId)
    return Math.max(1, next - house.clock().getTime())
  })
  onWake(house, tenantId => {
    asked.add(tenantId)
    loop.wake()
  })
  return {
    stop: async () => {
      await loop.stop()
      await sender.stop()
    },
  }
}
