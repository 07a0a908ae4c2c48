import { sql } from 'kysely'
import { ConsentPurpose, type Purpose } from '#contract/outgoing.ts'
import type { Unsubscribing } from '#contract/unsubscribing.ts'
import { consentOf, sayForOneself } from '#domains/customers/index.ts'
import { type Actor, writeToken } from '#kernel/access.ts'
import type { House } from '#kernel/house.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import { idBytes, idIn, openSecret, sealedSecret } from '#kernel/sealed.ts'
import type { Ctx } from '#kernel/work.ts'
import { senderOf } from './policy.ts'
import { isConsentPurpose } from './rules.ts'
import { masked } from './suppressions.ts'

const noun = 'unsubscribe'
const purposes = ConsentPurpose.options

type Mail = { id: string; channel: string; purpose: Purpose; customerId: string | null }
/**
 * Where the reader of a mail says that they want no more of its kind. It stands in the address itself, not behind a `#`: mail programs post to it (RFC 8058).
 * The mail, the customer and the purpose are in the secret: it works long after the mail is forgotten here. Null for mails that ask for no consent.
 */
export function unsubscribePath(house: House, tenantId: string, { id, channel, purpose, customerId }: Mail): string | null {
  if (channel !== 'mail' || customerId === null || !isConsentPurpose(purpose)) return null
  const bytes = Buffer.concat([idBytes(id), idBytes(customerId), Buffer.from([purposes.indexOf(purpose)])])
  return `/unsubscribe?t=${writeToken({ kind: 'l', tenantId, secret: sealedSecret(house, tenantId, noun, bytes) })}`
}

type Reader = { mailId: string; customerId: string; purpose: ConsentPurpose }
function readerIn(ctx: Ctx, secret: string): Reader | null {
  const bytes = openSecret(ctx.house, ctx.tenantId, noun, secret)
  const purpose = bytes?.length === 33 ? purposes[bytes[32] ?? 255] : undefined
  return bytes && purpose ? { mailId: idIn(bytes), customerId: idIn(bytes, 16), purpose } : null
}

/** Who holds the link: the wishes of one customer about one kind of mail, nothing else. */
export async function authenticateReader(ctx: Ctx, secret: string): Promise<Actor | null> {
  const reader = readerIn(ctx, secret)
  return reader && (await addressOfCustomer(ctx, reader.customerId)) !== undefined
    ? { kind: 'link', tenantId: ctx.tenantId, id: reader.mailId, noun, about: `${reader.customerId} ${reader.purpose}` }
    : null
}

async function addressOfCustomer(ctx: Ctx, customerId: string): Promise<string | null | undefined> {
  const { rows } = await sql<{
    email: string | null
  }>`select email from customers.fact_reach where tenant_id = ${ctx.tenantId} and id = ${customerId}`.execute(ctx.db)
  return rows[0]?.email
}

function linked({ actor }: Ctx): Reader {
  if (actor.kind !== 'link' || actor.noun !== noun) throw new Refusal('unauthenticated', 'access.link_invalid')
  const [customerId = '', kind] = actor.about.split(' ')
  return { mailId: actor.id, customerId, purpose: ConsentPurpose.parse(kind) }
}

export async function unsubscribingOf(ctx: Ctx): Promise<Unsubscribing> {
  const { customerId, purpose } = linked(ctx)
  const [sender, address, given] = await Promise.all([
    senderOf(ctx),
    addressOfCustomer(ctx, customerId),
    consentOf(ctx, customerId, purpose, 'mail'),
  ])
  return {
    tenantName: sender.name,
    tenantNameEn: sender.nameEn,
    brand: sender.brand,
    purpose,
    address: found(address, 'customer', customerId) === null ? '' : masked('mail', address ?? ''),
    given: given ?? true,
  }
}

const hows = {
  oneClick: { zh: '邮件里一键退订', en: 'One-click unsubscribe in the mail program' },
  page: { zh: '在退订页退订', en: 'Unsubscribed on the page' },
  again: { zh: '在退订页恢复', en: 'Taken back on the page' },
}
/** The customer's own word, with the mail it came from as its proof. */
export async function decide(ctx: Ctx, given: boolean, how: keyof typeof hows = given ? 'again' : 'page'): Promise<void> {
  const { mailId, customerId, purpose } = linked(ctx)
  const { language } = await senderOf(ctx)
  const proof = language === 'en' ? `${hows[how].en}, message ${mailId}` : `${hows[how].zh}，消息 ${mailId}`
  await sayForOneself(ctx, customerId, { purpose, channel: 'mail', given, proof })
}
