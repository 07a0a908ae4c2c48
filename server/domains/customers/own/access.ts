import { sql } from 'kysely'
import type * as z from 'zod'
import { type FormValues, isEmptyValue } from '#contract/forms.ts'
import type { OwnField, OwnFieldShown } from '#contract/ownFields.ts'
import type { Ctx } from '#kernel/work.ts'
import { showsOf } from '../masking/showing.ts'
import { maskText } from '../rules.ts'

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

/** Whether a role sees a field at all. API keys count as one, administrators see all. */
export const seesOwn = (field: { seenBy: readonly string[]; openToKeys: boolean }, role: string, code: string | null): boolean =>
  field.seenBy.length === 0 || code === 'admin' || (role === 'key' ? field.openToKeys : field.seenBy.includes(role))

/** Those in use, in their order. */
const fieldsInUse = (ctx: Ctx) =>
  ctx.db.selectFrom('customers.ownField').select(['key', 'field']).where('retired', '=', false).orderBy('position').orderBy('id').execute()

/** The own fields that the actor sees, in their order, and which of those it writes. What is not among them leaves the house in no way. */
export async function ownFieldsSeen(ctx: Ctx): Promise<OwnFieldShown[]> {
  const rows = await fieldsInUse(ctx)
  const restricted = rows.some(({ field }) => field.seenBy.length + field.writtenBy.length > 0)
  const role = restricted ? await roleOf(ctx) : '*'
  const among = (roles: readonly string[], keys: boolean) =>
    roles.length === 0 || role === '*' || (role === 'key' ? keys : role !== null && roles.includes(role))
  const shows = await showsOf(ctx)
  return rows.flatMap(({ key, field: { seenBy, writtenBy, openToKeys, ...form } }) => {
    const masked = form.type === 'text' && shows(`own.${key}`) === 'masked'
    return among(seenBy, openToKeys) ? [{ key, ...form, mayWrite: among(writtenBy, openToKeys), masked }] : []
  })
}

/** Not for everybody's eyes: only some roles see them, or some see them masked; and whatever is made to hold an identity card. */
export async function sensitiveKeys(ctx: Ctx): Promise<ReadonlySet<string>> {
  const [rows, masked] = await Promise.all([fieldsInUse(ctx), maskedForSome(ctx)])
  return new Set(
    rows.flatMap(({ key, field }) => (field.seenBy.length > 0 || masked.has(`own.${key}`) || field.pattern === 'idCard' ? [key] : [])),
  )
}

async function maskedForSome(ctx: Ctx): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{
    field: string
  }>`select distinct field from customers.masking where tenant_id = ${ctx.tenantId} and showing <> 'shown'`.execute(ctx.db)
  return new Set(rows.map(row => row.field))
}

/** Those that nobody is kept from: what rules ask about is told to whoever reads how they decided. */
export async function openFields(ctx: Ctx): Promise<OwnFieldShown[]> {
  const [rows, masked] = await Promise.all([fieldsInUse(ctx), maskedForSome(ctx)])
  return rows.flatMap(({ key, field: { seenBy, writtenBy: _, openToKeys: __, ...form } }) =>
    seenBy.length === 0 && !masked.has(`own.${key}`) ? [{ key, ...form, mayWrite: false, masked: false }] : [],
  )
}

type Seen = Pick<OwnFieldShown, 'key' | 'masked'>
export const valueSeen = ({ masked }: Pick<Seen, 'masked'>, value: unknown): unknown =>
  masked && typeof value === 'string' && value !== '' ? maskText(value) : value
export const valuesSeen = (fields: readonly Seen[], values: FormValues): FormValues =>
  Object.fromEntries(fields.flatMap(field => (isEmptyValue(values[field.key]) ? [] : [[field.key, valueSeen(field, values[field.key])]])))
