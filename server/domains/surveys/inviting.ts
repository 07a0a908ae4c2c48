import { sql } from 'kysely'
import { type InvitationReason, Inviting } from '#contract/invitations.ts'
import type { Way } from '#contract/outgoing.ts'
import { addressOf, canSend, mayReach, sendMessage } from '#domains/messaging/index.ts'
import { differenceOf } from '#kernel/difference.ts'
import { keptOf } from '#kernel/family.ts'
import { newId } from '#kernel/ids.ts'
import type { Said } from '#kernel/react.ts'
import type { Ctx } from '#kernel/work.ts'
import { invitationDue, invitationRefused, invitationSent, invitingChanged } from './events.ts'
import { invitationPath } from './invited.ts'
import { contactAsked, type Matter, ticketAsked } from './matters.ts'
import { isAmong, isDrawn, otherWay, standardInviting } from './rules.ts'

const day = 86_400_000

export async function invitingOf(ctx: Ctx): Promise<Inviting> {
  const { rows } = await sql<{ policy: unknown }>`select policy from surveys.inviting where tenant_id = ${ctx.tenantId}`.execute(ctx.db)
  return rows[0] ? Inviting.parse(rows[0].policy) : standardInviting
}

export async function setInviting(ctx: Ctx, policy: Inviting): Promise<Inviting> {
  const changes = differenceOf(await invitingOf(ctx), policy)
  if (Object.keys(changes).length === 0) return policy
  await sql`insert into surveys.inviting (tenant_id, policy) values (${ctx.tenantId}, ${JSON.stringify(policy)})
    on conflict (tenant_id) do update set policy = excluded.policy`.execute(ctx.db)
  await ctx.emit(invitingChanged, { id: ctx.tenantId }, { changes })
  return policy
}

/** An agent's contact is over: when the draw falls on it, its time to be asked about comes. Whose it was may be known only later, so that is looked up then. */
export async function considerContact(ctx: Ctx, { about, at, detail }: Said<{ queueId: string | null }>): Promise<void> {
  const { contacts } = await invitingOf(ctx)
  if (contacts.on && isAmong(contacts.queueIds, detail.queueId)) await askLater(ctx, 'interaction', about, at, contacts)
}

export async function considerTicket(ctx: Ctx, { about, at }: Said): Promise<void> {
  const { tickets } = await invitingOf(ctx)
  if (tickets.on) await askLater(ctx, 'ticket', about, at, tickets)
}

async function askLater(
  ctx: Ctx,
  noun: Matter['noun'],
  id: string,
  since: Date,
  { share, afterMinutes }: Inviting['contacts' | 'tickets'],
) {
  if (!isDrawn(id, share)) return
  await ctx.at(new Date(since.getTime() + afterMinutes * 60_000), invitationDue, { id, clock: 'ask' }, { noun })
}

/** Asks the customer how it went, once per contact or ticket, past the guard. When nobody can be asked, that stands there with its reason. */
export async function invite(ctx: Ctx, noun: Matter['noun'], id: string): Promise<void> {
  const policy = await invitingOf(ctx)
  if (!policy[noun === 'ticket' ? 'tickets' : 'contacts'].on) return
  const asked = noun === 'ticket' ? await ticketAsked(ctx, id, policy.tickets) : await contactAsked(ctx, id, policy.contacts)
  if (!asked) return
  // Two files read as one are asked in turn as one.
  const matter = { ...asked, customerId: await keptOf(ctx, asked.customerId) }
  const invitationId = newId()
  const link = await addressOf(ctx, invitationPath(ctx, invitationId))
  const way = link === null ? ({ reason: 'no_public_address' } as const) : await wayTo(ctx, matter.customerId, policy.first)
  const reason = 'reason' in way ? way.reason : (await takesTurn(ctx, matter.customerId, policy.pauseDays)) ? null : 'asked_recently'
  const channel = 'channel' in way ? way.channel : null
  const interactionId = noun === 'interaction' ? id : null
  const ticketId = noun === 'ticket' ? id : null
  const about = { id: invitationId, customerId: matter.customerId, interactionId }
  const kept = await ctx.db
    .insertInto('surveys.invitation')
    .values({
      id: invitationId,
      interactionId,
      ticketId,
      customerId: matter.customerId,
      agentId: matter.agentId,
      queueId: matter.queueId,
      matter: matter.zh,
      matterEn: matter.en,
      state: reason === null ? 'sent' : 'refused',
      channel: reason === null ? channel : null,
      reason,
      messageId: null,
      madeAt: ctx.now,
      endsAt: new Date(ctx.now.getTime() + policy.validDays * day),
      answeredAt: null,
    })
    .onConflict(c => c.doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!kept) return
  if (reason !== null || channel === null || link === null) {
    await ctx.emit(invitationRefused, about, { ticketId, reason: reason ?? 'no_way' })
    return
  }
  const message = await sendMessage(ctx, {
    channel,
    purpose: 'survey',
    template: 'survey_invitation',
    language: matter.language,
    variables: { matter: matter.language === 'en' ? matter.en : matter.zh },
    secrets: { link },
    customerId: matter.customerId,
    idempotencyKey: `invitation ${invitationId}`,
    departmentId: matter.departmentId,
    byId: matter.agentId,
  })
  await Promise.all([
    ctx.db.updateTable('surveys.invitation').set({ messageId: message.id }).where('id', '=', invitationId).execute(),
    ctx.emit(invitationSent, about, { ticketId, channel }),
  ])
}

type Chosen = { channel: Way } | { reason: InvitationReason }
/** The way that is taken first, else the other. Where neither goes, the reason that says more than that there is no address. */
async function wayTo(ctx: Ctx, customerId: string, first: Way): Promise<Chosen> {
  const reasons: InvitationReason[] = []
  for (const channel of [first, otherWay(first)]) {
    if (!(await canSend(ctx, channel))) continue
    const verdict = await mayReach(ctx, { customerId, channel, purpose: 'survey' })
    // Quiet hours only hold: it waits in the outbox.
    if (verdict.may || verdict.earliest !== null) return { channel }
    reasons.push(verdict.reason)
  }
  return { reason: reasons.find(r => r !== 'no_address' && r !== 'not_mobile') ?? reasons[0] ?? 'no_way' }
}

/** Whether this customer may be asked now; whoever is let through has taken the turn. */
async function takesTurn(ctx: Ctx, customerId: string, pauseDays: number): Promise<boolean> {
  const { rows } = await sql<{
    at: Date
  }>`insert into surveys.asked (tenant_id, customer_id, at) values (${ctx.tenantId}, ${customerId}, ${ctx.now})
    on conflict (tenant_id, customer_id) do update set at = excluded.at where asked.at <= ${new Date(ctx.now.getTime() - pauseDays * day)}
    returning at`.execute(ctx.db)
  return rows.length > 0
}

/** How the message fared is how the invitation fared, until it is answered. */
export async function follow(ctx: Ctx, messageId: string, reason: string | null): Promise<void> {
  const row = await ctx.db
    .updateTable('surveys.invitation')
    .set(reason === null ? { state: 'sent', reason: null } : { state: 'refused', reason })
    .where('messageId', '=', messageId)
    .where('state', '=', reason === null ? 'refused' : 'sent')
    .returning(['id', 'customerId', 'interactionId', 'ticketId', 'channel', 'madeAt'])
    .executeTakeFirst()
  if (!row) return
  const { id, customerId, interactionId, ticketId, channel, madeAt } = row
  if (reason === null) {
    if (channel) await ctx.emit(invitationSent, { id, customerId, interactionId }, { ticketId, channel })
    return
  }
  // They were not asked after all: another matter may ask them.
  await sql`delete from surveys.asked where tenant_id = ${ctx.tenantId} and customer_id = ${customerId} and at = ${madeAt}`.execute(ctx.db)
  await ctx.emit(invitationRefused, { id, customerId, interactionId }, { ticketId, reason })
}
