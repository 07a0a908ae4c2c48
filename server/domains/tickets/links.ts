import type { Actor } from '#kernel/access.ts'
import { writeToken } from '#kernel/access.ts'
import type { House } from '#kernel/house.ts'
import { hmac, sameText } from '#kernel/secrets.ts'
import type { Ctx } from '#kernel/work.ts'
import { linkEnds } from './rules.ts'

/** The secret is the ticket's id and a seal only this installation can make: the same address every time, and nothing stored that could leak. */
const sealOf = (house: House, tenantId: string, ticketId: string) => hmac(house.key, `progress:${tenantId}:${ticketId}`).slice(0, 32)

export function progressPath(ctx: Ctx, ticketId: string): string {
  const secret = Buffer.from(ticketId.replaceAll('-', ''), 'hex').toString('base64url') + sealOf(ctx.house, ctx.tenantId, ticketId)
  return `/progress#${writeToken({ kind: 'l', tenantId: ctx.tenantId, secret })}`
}

/** Who holds a link: one ticket, nothing else; null when the seal is wrong or the ticket was closed long ago. */
export async function authenticateLink(ctx: Ctx, secret: string): Promise<Actor | null> {
  if (secret.length !== 54) return null
  const hex = Buffer.from(secret.slice(0, 22), 'base64url').toString('hex')
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  if (!sameText(secret.slice(22), sealOf(ctx.house, ctx.tenantId, id))) return null
  const ticket = await ctx.db.selectFrom('tickets.ticket').select('closedAt').where('id', '=', id).executeTakeFirst()
  const ends = ticket && linkEnds(ticket.closedAt)
  if (!ticket || (ends && ends < ctx.now)) return null
  return { kind: 'link', tenantId: ctx.tenantId, id, noun: 'ticket', about: id }
}
