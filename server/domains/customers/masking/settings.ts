import { sql } from 'kysely'
import { firstShowing, type Masking, type MaskRule, type MyMasking, masking } from '#contract/masking.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import { type Door, serve } from '#kernel/serve.ts'
import type { Ctx } from '#kernel/work.ts'
import { seesOwn } from '../own/access.ts'
import { maskingDecided, revealAsks } from './events.ts'
import { asksWhy } from './reveal.ts'
import { showsOf } from './showing.ts'

export function routes(door: Door) {
  serve(door, masking, {
    read: ctx => maskingOf(ctx),
    mine: ctx => myMasking(ctx),
    decide: (ctx, { body }) => decideMasking(ctx, body),
    reasons: (ctx, { body }) => askReasons(ctx, body.askWhy),
  })
}

type Role = Masking['roles'][number]
const keys = { role: 'key' as const, name: '接口密钥', nameEn: 'API keys', code: null }
type Held = Omit<Masking['own'][number], 'seenBy'> & { seenBy: string[]; openToKeys: boolean }

export async function maskingOf(ctx: Ctx): Promise<Masking> {
  const t = ctx.tenantId
  const [roles, own, rules, askWhy] = await Promise.all([
    sql<
      Role & { code: string | null }
    >`select id as role, name, name_en as "nameEn", code from identity.fact_role where tenant_id = ${t} and not retired order by id`.execute(
      ctx.db,
    ),
    sql<Held>`select 'own.' || key as field, field->>'label' as label, coalesce(field->>'labelEn', '') as "labelEn",
      coalesce(field->'seenBy', '[]') as "seenBy", coalesce((field->'openToKeys')::boolean, false) as "openToKeys" from customers.own_field
      where tenant_id = ${t} and not retired and field->>'type' = 'text' order by position, id`.execute(ctx.db),
    sql<MaskRule>`select role, field, showing from customers.masking where tenant_id = ${t} order by role, field`.execute(ctx.db),
    asksWhy(ctx),
  ])
  const all = [...roles.rows, keys]
  return {
    roles: all.map(({ code: _, ...role }) => role),
    own: own.rows.map(({ seenBy, openToKeys, ...field }) => ({
      ...field,
      seenBy: all.filter(({ role, code }) => seesOwn({ seenBy, openToKeys }, role, code)).map(one => one.role),
    })),
    rules: rules.rows,
    askWhy,
  }
}

export async function myMasking(ctx: Ctx): Promise<MyMasking> {
  const [shows, askWhy] = await Promise.all([showsOf(ctx), asksWhy(ctx)])
  return { fields: { phone: shows('phone'), email: shows('email'), wechat: shows('wechat'), address: shows('address') }, askWhy }
}

export async function decideMasking(ctx: Ctx, { role, field, showing }: MaskRule): Promise<Masking> {
  const before = await maskingOf(ctx)
  const asked = found(
    before.roles.find(one => one.role === role),
    'role',
    role,
  )
  if (field.startsWith('own.')) {
    found(
      before.own.find(one => one.field === field),
      'own_field',
      field,
    )
    // Who does not see an own field at all is said where the field is made.
    if (showing === 'hidden') throw new Refusal('invalid', 'masking.own_hidden')
  }
  const was = before.rules.find(rule => rule.role === role && rule.field === field)?.showing ?? firstShowing(field)
  if (was === showing) return before
  await sql`insert into customers.masking (tenant_id, role, field, showing) values (${ctx.tenantId}, ${role}, ${field}, ${showing})
    on conflict (tenant_id, role, field) do update set showing = excluded.showing`.execute(ctx.db)
  await ctx.emit(maskingDecided, { id: ctx.tenantId }, { role, name: asked.name, changes: { [field]: { was, is: showing } } })
  return maskingOf(ctx)
}

export async function askReasons(ctx: Ctx, askWhy: boolean): Promise<Masking> {
  if ((await asksWhy(ctx)) !== askWhy) {
    await sql`insert into customers.reveal_policy (tenant_id, ask_why) values (${ctx.tenantId}, ${askWhy})
      on conflict (tenant_id) do update set ask_why = excluded.ask_why`.execute(ctx.db)
    await ctx.emit(revealAsks, { id: ctx.tenantId }, { askWhy })
  }
  return maskingOf(ctx)
}
