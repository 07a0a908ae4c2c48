import { sql } from 'kysely'
import type * as z from 'zod'
import { type ApiKey, type apiKeys, permissions, type Scope } from '#contract/identity.ts'
import { type Actor, asUser, newSecret, secretHash, writeToken } from '#kernel/access.ts'
import { differenceOf } from '#kernel/difference.ts'
import { newId } from '#kernel/ids.ts'
import { newLimit } from '#kernel/limits.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { apiKeyMade, apiKeyRevoked } from './events.ts'
import { checkGive } from './roles.ts'
import { seenEvery } from './rules.ts'
import { grantsOf } from './sessions.ts'

const columns = sql`k.id, k.name, k.grants, p.name as "madeByName", k.made_at as "madeAt", k.expires_at as "expiresAt", k.used_at as "usedAt", k.revoked_at as "revokedAt"`

export async function listKeys(ctx: Ctx): Promise<ApiKey[]> {
  const { rows } = await sql<ApiKey>`select ${columns} from identity.api_key k
    join identity.person p on p.tenant_id = ${ctx.tenantId} and p.id = k.made_by_id
    where k.tenant_id = ${ctx.tenantId} order by k.id desc limit 500`.execute(ctx.db)
  return rows
}

const oneKey = async (ctx: Ctx, id: string): Promise<ApiKey> =>
  found(
    (await listKeys(ctx)).find(key => key.id === id),
    'api_key',
    id,
  )

/** A key acts without a second look at its maker: it may what its maker may at this hour, and it is made by a person. */
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

/** Whose key this is: an actor of its own name. Null when it is unknown, revoked or past its time. */
export async function authenticateKey(ctx: Ctx, secret: string): Promise<Actor | null> {
  const key = await ctx.db
    .selectFrom('identity.apiKey')
    .select(['id', 'name', 'grants', 'departmentId', 'teamId', 'expiresAt', 'usedAt'])
    .where('tokenHash', '=', secretHash(secret))
    .where('revokedAt', 'is', null)
    .executeTakeFirst()
  if (!key || (key.expiresAt && key.expiresAt <= ctx.now)) return null
  calls(key.id, ctx.now)
  if (!key.usedAt || ctx.now.getTime() - key.usedAt.getTime() > seenEvery)
    await ctx.db.updateTable('identity.apiKey').set({ usedAt: ctx.now }).where('id', '=', key.id).execute()
  const { id, name, departmentId, teamId } = key
  return { kind: 'user', key: true, tenantId: ctx.tenantId, id, name, departmentId, teamId, sessionId: id, grants: grantsOf(key.grants) }
}
