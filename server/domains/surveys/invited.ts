import { sql } from 'kysely'
import type { Invited } from '#contract/invitations.ts'
import { tenantCard } from '#domains/identity/index.ts'
import { type Actor, writeToken } from '#kernel/access.ts'
import { isId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import { idBytes, idIn, openSecret, sealedSecret } from '#kernel/sealed.ts'
import type { Ctx } from '#kernel/work.ts'
import { recordRating } from './actions.ts'
import { invitationAnswered } from './events.ts'
import type { InvitationRow } from './tables.ts'

const noun = 'invitation'

export const invitationPath = (ctx: Ctx, id: string): string =>
  `/survey#${writeToken({ kind: 'l', tenantId: ctx.tenantId, secret: sealedSecret(ctx.house, ctx.tenantId, noun, idBytes(id)) })}`

/** Who holds the link: one invitation, nothing else. One that was answered or is over still opens, to say so. */
export async function authenticateInvited(ctx: Ctx, secret: string): Promise<Actor | null> {
  const bytes = openSecret(ctx.house, ctx.tenantId, noun, secret)
  if (bytes?.length !== 16) return null
  const id = idIn(bytes)
  const row = isId(id) && (await ctx.db.selectFrom('surveys.invitation').select('id').where('id', '=', id).executeTakeFirst())
  return row ? { kind: 'link', tenantId: ctx.tenantId, id, noun, about: id } : null
}

export async function invitedOf(ctx: Ctx): Promise<Invited> {
  const [tenant, row] = await Promise.all([tenantCard(ctx), theirs(ctx)])
  return {
    tenantName: tenant.name,
    tenantNameEn: tenant.nameEn,
    brand: tenant.brand,
    matter: row.matter,
    matterEn: row.matterEn,
    state: row.score !== null ? 'answered' : row.endsAt <= ctx.now ? 'expired' : 'open',
    score: row.score,
  }
}

/** Once: it becomes the rating of that contact or ticket, with everything that follows from one. */
export async function answerInvitation(ctx: Ctx, { score, words }: { score: number; words: string }): Promise<Invited> {
  await sql`select 1 from surveys.invitation where tenant_id = ${ctx.tenantId} and id = ${linked(ctx)} for update`.execute(ctx.db)
  const row = await theirs(ctx)
  if (row.score !== null) throw new Refusal('conflict', 'invitation.answered')
  if (row.endsAt <= ctx.now) throw new Refusal('gone', 'invitation.over')
  const { id, interactionId, ticketId, customerId, agentId, queueId } = row
  await ctx.db
    .updateTable('surveys.invitation')
    .set({ state: 'answered', reason: null, answeredAt: ctx.now })
    .where('id', '=', id)
    .execute()
  await ctx.emit(invitationAnswered, { id, customerId, interactionId }, { ticketId })
  await recordRating(ctx, { interactionId, ticketId, customerId, agentId, queueId, score, words })
  return invitedOf(ctx)
}

async function theirs(ctx: Ctx): Promise<InvitationRow & { score: number | null }> {
  const id = linked(ctx)
  // Also what they said elsewhere: in the chat, after they were asked.
  const row = await ctx.db
    .selectFrom('surveys.invitation as v')
    .leftJoin('surveys.rating as r', j =>
      j.on(q => q.or([q('r.interactionId', '=', q.ref('v.interactionId')), q('r.ticketId', '=', q.ref('v.ticketId'))])),
    )
    .selectAll('v')
    .select('r.score')
    .where('v.id', '=', id)
    .executeTakeFirst()
  return found(row, 'invitation', id)
}

function linked({ actor }: Ctx): string {
  if (actor.kind !== 'link' || actor.noun !== noun) throw new Refusal('unauthenticated', 'access.link_invalid')
  return actor.about
}
