import { sql } from 'kysely'
import type * as z from 'zod'
import { type Limits, permissions, type Scope } from '#contract/rights.ts'
import type { ApiKey, apiKeys } from '#contract/security.ts'
import { type Actor, asUser, newSecret, secretHash, writeToken } from '#kernel/access.ts'
import { differenceOf } from '#kernel/difference.ts'
import { newId } from '#kernel/ids.ts'
import { newLimit } from '#kernel/limits.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { apiKeyMade, apiKeyRevoked } from './events.ts'
import { checkGive, rightsOf } from './roles.ts'
import { keyGrants, seenEvery } from './rules.ts'
import { grantsOf } from './sessions.ts'

type Kept = Omit<ApiKey, 'acts'> & Maker

// What its maker may at this hour stands beside what it was given.
const columns = sql`k.id, k.name, k.grants, k.department_id as "departmentId", k.team_id as "teamId", p.name as "madeByName", k.made_at as "madeAt",
  k.expires_at as "expiresAt", k.used_at as "usedAt", k.revoked_at as "revokedAt", p.retired as "makerRetired",
  p.department_id as "makerDepartmentId", p.team_id as "makerTeamId", r.code as "roleCode", r.grants as "roleGrants", r.limits as "roleLimits"`
const keys = (ctx: Ctx) => sql`identity.api_key k
  join identity.person p on p.tenant_id = ${ctx.tenantId} and p.id = k.made_by_id
  join identity.role r on r.tenant_id = ${ctx.tenantId} and r.id = p.role_id`
type Place = { departmentId: string | null; teamId: string | null }
type Maker = Place & {
  makerRetired: boolean
  makerDepartmentId: string | null
  makerTeamId: string | null
  roleCode: string | null
  roleGrants: Record<string, Scope>
  roleLimits: Limits
}

const actsOf = ({ grants, departmentId, teamId, ...k }: Maker & { grants: Record<string, Scope> }): Record<string, Scope> =>
  k.makerRetired
    ? {}
    : keyGrants(
        { grants, departmentId, teamId },
        {
          ...rightsOf({ code: k.roleCode, grants: k.roleGrants, limits: k.roleLimits }),
          departmentId: k.makerDepartmentId,
          teamId: k.makerTeamId,
        },
      )

export async function listKeys(ctx: Ctx): Promise<ApiKey[]> {
  const { rows } =
    await sql<Kept>`select ${columns} from ${keys(ctx)} where k.tenant_id = ${ctx.tenantId} order by k.id desc limit 500`.execute(ctx.db)
  return rows.map(row => ({ ...row, acts: actsOf(row) }))
}

const oneKey = async (ctx: Ctx, id: string): Promise<ApiKey> =>
  found(
    (await listKeys(ctx)).find(key => key.id === id),
    'api_key',
    id,
  )

/** It may no more than its maker at this hour, nor at any later one. */
export async function addKey(ctx: Ctx, { name, grants, expiresAt }: z.output<typeof apiKeys.add.body>) {
  const { id: madeById, departmentId, teamId } = asUser(ctx.actor)
  const given: Record<string, Scope> = Object.fromEntries(permissions.flatMap(p => (grants[p] ? [[p, grants[p]]] : [])))
  if (Object.keys(given).length === 0) throw new Refusal('invalid', 'api_key.may_nothing')
  if (expiresAt !== null && expiresAt <= ctx.now) throw new Refusal('invalid', 'api_key.already_over')
  // A key knows no limits: whose right has one cannot pass it on.
  checkGive(ctx.actor, { grants: given, limits: {} })
  const id = newId()
  const secret = newSecret()
  await ctx.db
    .insertInto('identity.apiKey')
    .values({
      id,
      name,
      tokenHash: secretHash(secret),
      grants: JSON.stringify(given),
      departmentId,
      teamId,
      madeById,
      madeAt: ctx.now,
      expiresAt,
      usedAt: null,
      revokedAt: null,
    })
    .execute()
  await ctx.emit(apiKeyMade, { id }, { name, changes: differenceOf({}, { grants: given, expiresAt: expiresAt?.toISOString() ?? null }) })
  return { ...(await oneKey(ctx, id)), token: writeToken({ kind: 'k', tenantId: ctx.tenantId, secret }) }
}

export async function revokeKey(ctx: Ctx, id: string): Promise<ApiKey> {
  const revoked = await ctx.db
    .updateTable('identity.apiKey')
    .set({ revokedAt: ctx.now })
    .where('id', '=', id)
    .where('revokedAt', 'is', null)
    .returning('name')
    .executeTakeFirst()
  if (revoked) await ctx.emit(apiKeyRevoked, { id }, { name: revoked.name })
  return oneKey(ctx, id)
}

const calls = newLimit({ burst: 600, perSecond: 50, code: 'access.too_many_calls' })

/** Whose key this is: an actor of its own name, which may what it was given and its maker still may. Null when it is unknown, revoked or past its time. */
export async function authenticateKey(ctx: Ctx, secret: string): Promise<Actor | null> {
  const { rows } =
    await sql<Kept>`select ${columns} from ${keys(ctx)} where k.tenant_id = ${ctx.tenantId} and k.token_hash = ${secretHash(secret)} and k.revoked_at is null`.execute(
      ctx.db,
    )
  const key = rows[0]
  if (!key || (key.expiresAt && key.expiresAt <= ctx.now)) return null
  await calls(ctx.house, key.id, ctx.now)
  if (key.makerRetired) throw new Refusal('unauthenticated', 'api_key.maker_retired')
  if (!key.usedAt || ctx.now.getTime() - key.usedAt.getTime() > seenEvery)
    await ctx.db.updateTable('identity.apiKey').set({ usedAt: ctx.now }).where('id', '=', key.id).execute()
  const { id, name, departmentId, teamId } = key
  return { kind: 'user', key: true, tenantId: ctx.tenantId, id, name, departmentId, teamId, sessionId: id, grants: grantsOf(actsOf(key)) }
}
