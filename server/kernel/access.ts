import { createHash, randomBytes } from 'node:crypto'
import type { May, Permission } from '#contract/endpoint.ts'
import type { Scope } from '#contract/rights.ts'
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
  /** How much of a permission, where its grant carries a limit. */
  limits?: Readonly<Record<string, number | undefined>>
  /** An API key: it acts under its own name within its grants, and has no desk, no account and no socket. */
  key?: true
  /** An automation rule: it may what its publisher may, and leaves its own name. */
  rule?: { id: string; version: number }
  /** Must set up a second factor first; until then only the own account answers. */
  secondFactorDue?: true
}
export type Actor =
  | User
  | { kind: 'visitor'; tenantId: string; id: string }
  /** A telephone of the practice line, and the number under which it is switched on. */
  | { kind: 'caller'; tenantId: string; id: string; number: string }
  | { kind: 'link'; tenantId: string; id: string; noun: string; about: string }
  | { kind: 'anyone'; tenantId: string }
  | { kind: 'system'; tenantId: string }

export const system = (tenantId: string): Actor => ({ kind: 'system', tenantId })

/** How far a permission reaches for this actor; null when it is not given at all. The system reaches everything. */
export function scopeOf(actor: Actor, permission: Permission): Scope | null {
  if (actor.kind === 'system') return 'all'
  return actor.kind === 'user' ? (actor.grants.get(permission) ?? null) : null
}

/** The limit that the actor's grant of this permission carries; null when there is none. */
export const limitOf = (actor: Actor, permission: Permission): number | null =>
  actor.kind === 'user' ? (actor.limits?.[permission] ?? null) : null

/** The signed-in user, for actions that only a person of the house can take. */
export function asUser(actor: Actor): User {
  if (actor.kind !== 'user') throw new Refusal('unauthenticated', 'access.sign_in')
  if (actor.key || actor.rule) throw new Refusal('forbidden', 'access.people_only')
  return actor
}

const reach: readonly Scope[] = ['own', 'team', 'department', 'all']
/** Whether `wide` reaches at least as far as `narrow`. */
export const reaches = (wide: Scope | null, narrow: Scope): boolean => wide !== null && reach.indexOf(wide) >= reach.indexOf(narrow)

/** How an actor is named in what it leaves behind. */
export const actorKind = (actor: Actor): string => (actor.kind !== 'user' ? actor.kind : actor.rule ? 'rule' : actor.key ? 'key' : 'user')

export const actorId = (actor: Actor): string | null =>
  actor.kind === 'user' && actor.rule ? actor.rule.id : 'id' in actor ? actor.id : null

export const isRule = (actor: Actor): boolean => actor.kind === 'user' && actor.rule !== undefined

/** Refuses whoever the endpoint is not for. */
export function admit(actor: Actor, may: May): void {
  if (may === 'public') return
  if (may === 'visitor' || may === 'link') {
    if (actor.kind !== may) throw new Refusal('unauthenticated', may === 'visitor' ? 'access.visit_over' : 'access.link_invalid')
    return
  }
  if (actor.kind === 'system') return
  if (actor.kind !== 'user') throw new Refusal('unauthenticated', 'access.sign_in')
  if (may === 'self') {
    asUser(actor)
    return
  }
  if (actor.secondFactorDue) throw new Refusal('forbidden', 'access.second_factor_due')
  if (may !== 'signed-in' && !actor.grants.has(may)) throw new Refusal('forbidden', 'access.denied', { permission: may })
}

/** Tokens tell their kind and tenant openly, so that the tenant is known before `work` begins; the secret decides inside it.
 *  s: session of a user, k: API key, v: visit of a widget, l: link sent to a customer, p: link by which a person sets a password, c: telephone of the practice line. */
const tokenKinds = ['s', 'k', 'v', 'l', 'p', 'c'] as const
export type TokenKind = (typeof tokenKinds)[number]
export type Token = { kind: TokenKind; tenantId: string; secret: string }

export const newSecret = (): string => randomBytes(24).toString('base64url')
export const secretHash = (secret: string): string => createHash('sha256').update(secret).digest('hex')
export const writeToken = ({ kind, tenantId, secret }: Token): string => `${kind}.${tenantId.replaceAll('-', '')}.${secret}`

export function readToken(text: string | undefined): Token | null {
  const match = text === undefined ? null : /^([skvlpc])\.([0-9a-f]{32})\.([A-Za-z0-9_-]{20,80})$/.exec(text)
  if (!match) return null
  const [, letter, hex, secret] = match
  const kind = tokenKinds.find(known => known === letter)
  if (kind === undefined || hex === undefined || secret === undefined) return null
  const tenantId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  return isId(tenantId) ? { kind, tenantId, secret } : null
}

/** What a domain does with the secret of its kind of token: the actor, or null when it is unknown, expired or revoked. */
export type Authenticate = (ctx: Ctx, secret: string) => Promise<Actor | null>
