import { sql } from 'kysely'
import type * as z from 'zod'
import { type FormValues, isEmptyValue } from '#contract/forms.ts'
import type { OwnField, OwnFieldShown } from '#contract/ownFields.ts'
import type { Ctx } from '#kernel/work.ts'

declare module '#kernel/tables.ts' {
  interface Tables {
    'customers.ownField': { id: string; key: string; field: z.output<typeof OwnField>['field']; position: number; retired: boolean }
  }
}

/** The role that decides: `*` sees and writes all. */
type Role = string | '*' | 'key' | null

async function roleOf(ctx: Ctx): Promise<Role> {
  const { actor } = ctx
  if (actor.kind === 'system') return '*'
  if (actor.kind !== 'user') return null
  if (actor.key) return 'key'
  const { rows } = await sql<{ id: string; code: string | null }>`select r.id, r.code from identity.fact_person p
    join identity.fact_role r on r.tenant_id = ${ctx.tenantId} and r.id = p.role_id where p.tenant_id = ${ctx.tenantId} and p.id = ${actor.id}`.execute(
    ctx.db,
  )
  const role = rows[0]
  return role === undefined ? null : role.code === 'admin' ? '*' : role.id
}

/** The own fields that the actor sees, in their order, and which of those it writes. What is not among them leaves the house in no way. */
export async function ownFieldsSeen(ctx: Ctx): Promise<OwnFieldShown[]> {
  const rows = await ctx.db
    .selectFrom('customers.ownField')
    .select(['key', 'field'])
    .where('retired', '=', false)
    .orderBy('position')
    .orderBy('id')
    .execute()
  const restricted = rows.some(({ field }) => field.seenBy.length + field.writtenBy.length > 0)
  const role = restricted ? await roleOf(ctx) : '*'
  const among = (roles: readonly string[], keys: boolean) =>
    roles.length === 0 || role === '*' || (role === 'key' ? keys : role !== null && roles.includes(role))
  return rows.flatMap(({ key, field: { seenBy, writtenBy, openToKeys, ...form } }) =>
    among(seenBy, openToKeys) ? [{ key, ...form, mayWrite: among(writtenBy, openToKeys) }] : [],
  )
}

/** Those that nobody is kept from: what rules ask about is told to whoever reads how they decided. */
export async function openFields(ctx: Ctx): Promise<OwnFieldShown[]> {
  const rows = await ctx.db
    .selectFrom('customers.ownField')
    .select(['key', 'field'])
    .where('retired', '=', false)
    .orderBy('position')
    .orderBy('id')
    .execute()
  return rows.flatMap(({ key, field: { seenBy, writtenBy: _, openToKeys: __, ...form } }) =>
    seenBy.length === 0 ? [{ key, ...form, mayWrite: false }] : [],
  )
}

export const valuesSeen = (fields: readonly Pick<OwnFieldShown, 'key'>[], values: FormValues): FormValues =>
  Object.fromEntries(fields.flatMap(({ key }) => (isEmptyValue(values[key]) ? [] : [[key, values[key]]])))
