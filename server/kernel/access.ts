import { createHash, randomBytes } from 'node:crypto'
import type { May, Permission } from '#contract/endpoint.ts'
import type { Scope } from '#contract/identity.ts'
import { isId } from './ids.ts'
import { Refusal } from './refusal.ts'
import type { Ctx } from './work.ts'

export type User = {
  kind: 'user'
  tenantId: string
  id: string
  name: string
  departmentId: string | null
  teamId: string | null
  grants: ReadonlyMap<Permission, Scope>
  sessionId: string
}
export type Actor =
  | User
  | { kind: 'visitor'; tenantId: string; id: string }
  | { kind: 'link'; tenantId: string; id: string; noun: string; about: string }
  | { kind: 'anyone'; tenantId: string }
  | { kind: 'system'; tenantId: string }

export const system = (tenantId: string): Actor => ({ kind: 'system', tenantId })

/** How far a permission reaches for this actor; null when it is not given at all. The system reaches everything. */
export function scopeOf(actor: Actor, permission: Permission): Scope | null {
  if (actor.kind === 'system') return 'all'
  return actor.kind === 'user' ? (actor.grants.get(permission) ?? null) : null
}

/** The signed-in user, for actions that only a person of the house can take. */
export function asUser(actor: Actor): User {
  if (actor.kind !== 'user') throw new Refusal('unauthenticated', 'access.sign_in')
  return actor
}

export const actorId = (actor: Actor): string | null => ('id' in actor ? actor.id : null)

/** Refuses whoever the endpoint is not for. */
export function admit(actor: Actor, may: May): void {
  if (may === 'public') return
  if (may === 'visitor' || may === 'link') {
    if (actor.kind !== may) throw new Refusal('unauthenticated', may === 'visitor' ? 'access.visit_over' : 'access.link_invalid')
    return
  }
  if (actor.kind === 'system') return
  if (actor.kind !== 'user') throw new Refusal('unauthenticated', 'access.sign_in')
  if (may !== 'signed-in' && !actor.grants.has(may)) throw new Refusal('forbidden', 'access.denied', { permission: may })
}

/** Tokens tell their kind and tenant openly, so that the tenant is known before `work` begins; the secret decides inside it.
 *  s: session of a user, v: visit of a widget, l: link sent to a customer. */
export type TokenKind = 's' | 'v' | 'l'
export type Token = { kind: TokenKind; tenantId: string; secret: string }

export const newSecret = (): string => randomBytes(24).toString('base64url')
export const secretHash = (secret: string): string => createHash('sha256').update(secret).digest('hex')
export const writeToken = ({ kind, tenantId, secret }: Token): string => `${kind}.${tenantId.replaceAll('-', '')}.${secret}`

export function readToken(text: string | undefined): Token | null {
  const match = text === undefined ? null : /^([svl])\.([0-9a-f]{32})\.([A-Za-z0-9_-]{20,80})$/.exec(text)
  if (!match) return null
  const [, kind, hex, secret] = match
  if (hex === undefined || secret === undefined) return null
  const tenantId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  return isId(tenantId) ? { kind: kind === 's' ? 's' : kind === 'v' ? 'v' : 'l', tenantId, secret } : null
}

/** What a domain does with the secret of its kind of token: the actor, or null when it is unknown, expired or revoked. */
export type Authenticate = (ctx: Ctx, secret: string) => Promise<Actor | null>
