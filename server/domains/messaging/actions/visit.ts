import type { Selectable } from 'kysely'
import type * as z from 'zod'
import type { widget as doors, WidgetState } from '#contract/messaging.ts'
import { identify } from '#domains/customers/index.ts'
import { calendarOf, personName, tenantCard } from '#domains/identity/index.ts'
import { placeInQueue, queueCalendar } from '#domains/routing/index.ts'
import { type Actor, newSecret, readToken, secretHash, writeToken } from '#kernel/access.ts'
import { type Calendar, isOpen, nextOpening } from '#kernel/calendar.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import { hmac, unseal } from '#kernel/secrets.ts'
import type { Tables } from '#kernel/tables.ts'
import type { Ctx } from '#kernel/work.ts'
import { readSigned, type SignedCustomer } from '../identity.ts'
import { clean, isOver } from '../rules.ts'
import { isAllowed, originOf } from '../sites.ts'
import { join } from './answer.ts'
import { type Conversation, lockConversation } from './say.ts'

export type Visitor = Selectable<Tables['messaging.visitor']>
export type Widget = Selectable<Tables['messaging.widget']>
type State = z.output<typeof WidgetState>

/** A visit that was not resumed for so long is forgotten. */
const visitDays = 30

export const widgetByKey = async (ctx: Ctx, key: string): Promise<Widget> =>
  found(
    await ctx.db.selectFrom('messaging.widget').selectAll().where('key', '=', key).where('retired', '=', false).executeTakeFirst(),
    'widget',
    key,
  )

export const widgetOf = (ctx: Ctx, visitor: Visitor): Promise<Widget> =>
  ctx.db.selectFrom('messaging.widget').selectAll().where('id', '=', visitor.widgetId).executeTakeFirstOrThrow()

/** The visitor who asks. A conversation is locked before its visitor, by everyone who needs both. */
export async function thisVisitor(ctx: Ctx, locked = false): Promise<Visitor> {
  if (ctx.actor.kind !== 'visitor') throw new Refusal('unauthenticated', 'access.visit_over')
  const row = ctx.db.selectFrom('messaging.visitor').selectAll().where('id', '=', ctx.actor.id)
  return found(await (locked ? row.forUpdate() : row).executeTakeFirst(), 'visitor', ctx.actor.id)
}

/** What the kernel asks when a request or a socket carries the token of a visit. */
export async function authenticateVisitor(ctx: Ctx, secret: string): Promise<Actor | null> {
  const since = new Date(ctx.now.getTime() - visitDays * 86_400_000)
  const visitor = await ctx.db
    .selectFrom('messaging.visitor')
    .select('id')
    .where('tokenHash', '=', secretHash(secret))
    .where('seenAt', '>', since)
    .executeTakeFirst()
  return visitor ? { kind: 'visitor', tenantId: ctx.tenantId, id: visitor.id } : null
}

export async function look(ctx: Ctx, key: string) {
  const [widget, tenant] = await Promise.all([widgetByKey(ctx, key), tenantCard(ctx)])
  return {
    ...widget,
    ...(await hours(ctx, widget)),
    tenantName: tenant.name,
    tenantNameEn: tenant.nameEn,
    choices: widget.choices.map(({ key: choice, label, labelEn }) => ({ key: choice, label, labelEn })),
  }
}

/** A queue's own calendar decides whether it serves now; without one, that of the widget it is reached through. */
export const calendarFor = async (ctx: Ctx, widget: Widget, queueId: string | null): Promise<Calendar> =>
  calendarOf(ctx, (await queueCalendar(ctx, queueId ?? widget.queueId)) ?? widget.calendarId)

export async function hours(ctx: Ctx, widget: Widget, queueId: string | null = null): Promise<{ open: boolean; opensAt: Date | null }> {
  const calendar = await calendarFor(ctx, widget, queueId)
  const open = isOpen(calendar, ctx.now)
  return { open, opensAt: open ? null : nextOpening(calendar, ctx.now) }
}

/** Begins or resumes a visit. A forged or expired signature refuses before anything is written. */
export async function openVisit(ctx: Ctx, key: string, { token, identity, language, page }: z.output<typeof doors.open.body>, own: string) {
  const widget = await widgetByKey(ctx, key)
  const from = originOf(page)
  if (from !== null && from !== own && !isAllowed(widget.sites, from))
    throw new Refusal('forbidden', 'widget.site_not_allowed', { site: from })
  const signed = identity === undefined ? null : readSigned(identity, widget.secret && unseal(ctx.house.key, widget.secret), ctx.now)
  const customer = signed && (await identify(ctx, signed))
  const seen = {
    language,
    page: clean(page),
    seenAt: ctx.now,
    ...(signed ? { ...given(signed), customerId: customer?.id ?? null, knownBy: 'site' as const, signedAs: sealOf(ctx, signed) } : {}),
  }
  const kept = await resumed(ctx, widget, token)
  // Somebody else has signed in at this browser: the earlier visitor's talk is not theirs to see.
  if (kept && token !== undefined && !(signed && isAnother(kept, seen))) {
    if (customer && kept.conversationId && kept.customerId !== customer.id) {
      const c = await lockConversation(ctx, kept.conversationId)
      if (!isOver(c.state)) await join(ctx, c, customer.id, 'site')
    }
    await ctx.db.updateTable('messaging.visitor').set(seen).where('id', '=', kept.id).execute()
    const visitor = { ...kept, ...seen }
    return { token, visitorId: kept.id, ...(await stateOf(ctx, visitor, widget)) }
  }
  const secret = newSecret()
  const visitor: Visitor = {
    id: newId(),
    widgetId: widget.id,
    tokenHash: secretHash(secret),
    name: '',
    phone: null,
    email: null,
    customerId: null,
    knownBy: null,
    conversationId: null,
    signedAs: null,
    online: false,
    createdAt: ctx.now,
    ...seen,
  }
  await ctx.db.insertInto('messaging.visitor').values(visitor).execute()
  return {
    token: writeToken({ kind: 'v', tenantId: ctx.tenantId, secret }),
    visitorId: visitor.id,
    ...(await stateOf(ctx, visitor, widget)),
  }
}

/** Whom the site means, comparable and not readable. Number, phone, e-mail: the first that is given names the person. */
const sealOf = ({ house, tenantId }: Ctx, { number, phone, email }: SignedCustomer) =>
  hmac(house.key, `signed ${tenantId} ${number ?? phone ?? email}`)

/** Two customers whom we do not know are told apart by what the site signed; one whom an agent has recognised stays apart from any other. */
function isAnother(kept: Visitor, now: { customerId?: string | null; signedAs?: string }): boolean {
  if (kept.customerId !== null && kept.customerId === now.customerId) return false
  if (kept.signedAs !== null) return kept.signedAs !== now.signedAs
  return kept.knownBy === 'site' || (kept.knownBy === 'agent' && typeof now.customerId === 'string')
}

const given = ({ name, phone, email }: SignedCustomer) => ({ name: clean(name ?? ''), phone: phone ?? null, email: email ?? null })

async function resumed(ctx: Ctx, widget: Widget, text: string | undefined): Promise<Visitor | undefined> {
  const token = readToken(text)
  if (token?.kind !== 'v' || token.tenantId !== ctx.tenantId) return undefined
  const actor = await authenticateVisitor(ctx, token.secret)
  if (actor?.kind !== 'visitor') return undefined
  return ctx.db.selectFrom('messaging.visitor').selectAll().where('id', '=', actor.id).where('widgetId', '=', widget.id).executeTakeFirst()
}

export async function stateOf(ctx: Ctx, visitor: Visitor, widget?: Widget): Promise<State> {
  const [through, c] = await Promise.all([
    widget ?? widgetOf(ctx, visitor),
    visitor.conversationId
      ? ctx.db.selectFrom('messaging.conversation').selectAll().where('id', '=', visitor.conversationId).executeTakeFirstOrThrow()
      : null,
  ])
  const [open, conversation] = await Promise.all([hours(ctx, through, c && !isOver(c.state) ? c.queueId : null), c && standing(ctx, c)])
  return { ...open, conversation }
}

async function standing(ctx: Ctx, c: Conversation): Promise<State['conversation']> {
  const [agentName, place] = await Promise.all([
    c.agentId ? personName(ctx, c.agentId) : null,
    c.state === 'waiting' ? placeInQueue(ctx, c.interactionId) : null,
  ])
  return {
    id: c.id,
    state: c.state,
    agentName,
    lastSeq: c.lastSeq,
    agentRead: c.agentRead,
    rated: c.rating !== null,
    position: place?.position ?? null,
    estimate: place?.estimate ?? null,
  }
}
