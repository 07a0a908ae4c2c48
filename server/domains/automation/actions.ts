import { sql } from 'kysely'
import type * as z from 'zod'
import { type automation, mostRules, type Rule } from '#contract/automation.ts'
import { asUser, scopeOf } from '#kernel/access.ts'
import { differenceOf } from '#kernel/difference.ts'
import { heed } from '#kernel/heeds.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { ruleChanged, ruleStopped } from './events.ts'
import { actionFor, actionOf, kindsOf, triggerOf } from './offers.ts'
import { lockRule, ruleById } from './queries.ts'
import { ruleFault } from './rules.ts'

type Draft = z.output<typeof automation.add.body>
type Change = z.output<typeof automation.change.body>

/** A new rule is asked last. */
export async function addRule(ctx: Ctx, { name, trigger, body }: Draft): Promise<Rule> {
  triggerOf(trigger)
  const { rows } = await sql<{ n: number; last: number }>`select count(*)::int as n, coalesce(max(position), -1) as last
    from automation.rule where tenant_id = ${ctx.tenantId} and not retired`.execute(ctx.db)
  const { n, last } = rows[0] ?? { n: 0, last: -1 }
  if (n >= mostRules) throw new Refusal('conflict', 'rule.too_many', { most: mostRules })
  const id = newId()
  await ctx.db
    .insertInto('automation.rule')
    .values({
      id,
      trigger,
      name,
      body: JSON.stringify(body),
      position: last + 1,
      stopped: null,
      stoppedAt: null,
      changedAt: ctx.now,
    })
    .execute()
  await ctx.emit(ruleChanged, { id }, { name, act: 'added', changes: differenceOf({}, { trigger, ...body }) })
  return ruleById(ctx, id)
}

/** What runs is a published version: a draft may be changed at any time. */
export async function changeRule(ctx: Ctx, id: string, { revision, name, trigger, body }: Change): Promise<Rule> {
  const before = await lockRule(ctx, id)
  if (before.revision !== revision) throw new Refusal('conflict', 'rule.changed_meanwhile', { name: before.name })
  triggerOf(trigger)
  if (trigger !== before.trigger && before.version > 0) throw new Refusal('conflict', 'rule.trigger_stays', { name: before.name })
  const changes = differenceOf({ name: before.name, trigger: before.trigger, ...before.body }, { name, trigger, ...body })
  if (Object.keys(changes).length === 0) return ruleById(ctx, id)
  await Promise.all([
    ctx.db
      .updateTable('automation.rule')
      .set({ name, trigger, body: JSON.stringify(body), revision: revision + 1, changedAt: ctx.now })
      .where('id', '=', id)
      .execute(),
    ctx.emit(ruleChanged, { id }, { name, act: 'changed', changes }),
  ])
  return ruleById(ctx, id)
}

/** It may do what its publisher may: whoever may not do a thing publishes no rule that does. */
export async function publishRule(ctx: Ctx, id: string, { revision, note }: z.output<typeof automation.publish.body>): Promise<Rule> {
  const publisher = asUser(ctx.actor)
  const rule = await lockRule(ctx, id)
  if (rule.revision !== revision) throw new Refusal('conflict', 'rule.changed_meanwhile', { name: rule.name })
  if (rule.retired) throw new Refusal('conflict', 'rule.put_away', { name: rule.name })
  const at = triggerOf(rule.trigger)
  const fault = ruleFault(rule.body, await kindsOf(ctx, at), actionFor(at.subject))
  if (fault) throw new Refusal('invalid', fault.code, fault.facts)
  for (const { action } of rule.body.actions) mayDo(ctx, action)
  const before = await ctx.db
    .selectFrom('automation.version')
    .select(['name', 'body'])
    .where('ruleId', '=', id)
    .where('number', '=', rule.version)
    .executeTakeFirst()
  const number = rule.version + 1
  const changes = differenceOf({ name: before?.name ?? null, ...before?.body }, { name: rule.name, ...rule.body })
  await Promise.all([
    ctx.db
      .insertInto('automation.version')
      .values({
        id: newId(),
        ruleId: id,
        number,
        name: rule.name,
        body: JSON.stringify(rule.body),
        note,
        publishedBy: publisher.id,
        publishedAt: ctx.now,
      })
      .execute(),
    ctx.db
      .updateTable('automation.rule')
      .set({ version: number, active: true, stopped: null, stoppedAt: null, publishedRevision: revision })
      .where('id', '=', id)
      .execute(),
    ctx.emit(ruleChanged, { id }, { name: rule.name, act: 'published', version: number, changes }),
  ])
  await listen(ctx)
  return ruleById(ctx, id)
}

function mayDo(ctx: Ctx, key: string): void {
  const offer = actionOf(key)
  if (offer && scopeOf(ctx.actor, offer.may) === null) throw new Refusal('forbidden', 'rule.beyond_publisher', { action: offer.name })
}

/** A rule that stopped because of its publisher needs a new one: published again, not switched on. */
export async function switchRule(ctx: Ctx, id: string, active: boolean): Promise<Rule> {
  const rule = await lockRule(ctx, id)
  if (rule.version === 0 || rule.retired) throw new Refusal('conflict', 'rule.not_published', { name: rule.name })
  if (active && rule.stopped !== null) throw new Refusal('conflict', 'rule.publish_again', { name: rule.name })
  if (rule.active !== active) {
    await ctx.db.updateTable('automation.rule').set({ active }).where('id', '=', id).execute()
    await ctx.emit(ruleChanged, { id }, { name: rule.name, act: active ? 'switched_on' : 'switched_off', version: rule.version })
    await listen(ctx)
  }
  return ruleById(ctx, id)
}

export async function retireRule(ctx: Ctx, id: string, retired: boolean): Promise<Rule> {
  const rule = await lockRule(ctx, id)
  if (rule.retired !== retired) {
    // Brought back, it rests until somebody switches it on.
    await ctx.db.updateTable('automation.rule').set({ retired, active: false }).where('id', '=', id).execute()
    await ctx.emit(ruleChanged, { id }, { name: rule.name, act: retired ? 'retired' : 'restored' })
    await listen(ctx)
  }
  return ruleById(ctx, id)
}

/** Rules that are not named keep their order behind those that are. */
export async function orderRules(ctx: Ctx, { trigger, ids }: z.output<typeof automation.order.body>): Promise<{ ids: string[] }> {
  const all = await ctx.db
    .selectFrom('automation.rule')
    .select('id')
    .where('trigger', '=', trigger)
    .where('retired', '=', false)
    .orderBy('position')
    .orderBy('id')
    .forUpdate()
    .execute()
  const before = all.map(rule => rule.id)
  for (const id of ids) if (!before.includes(id)) found(undefined, 'rule', id)
  const next = [...new Set([...ids, ...before])]
  await sql`update automation.rule r set position = o.n - 1 from unnest(${next}::uuid[]) with ordinality o (id, n)
    where r.tenant_id = ${ctx.tenantId} and r.id = o.id`.execute(ctx.db)
  await ctx.emit(ruleChanged, { id: ctx.tenantId }, { name: trigger, act: 'ordered', changes: { order: { was: before, is: next } } })
  return { ids: next }
}

export async function setTakes(ctx: Ctx, { trigger, takes }: z.output<typeof automation.takes.body>) {
  triggerOf(trigger)
  const before = await ctx.db.selectFrom('automation.ruleSet').select('takes').where('trigger', '=', trigger).executeTakeFirst()
  const was = before?.takes ?? 'all'
  if (was === takes) return { takes }
  await ctx.db
    .insertInto('automation.ruleSet')
    .values({ id: newId(), trigger, takes })
    .onConflict(c => c.columns(['trigger']).doUpdateSet({ takes }))
    .execute()
  await ctx.emit(ruleChanged, { id: ctx.tenantId }, { name: trigger, act: 'takes', changes: { takes: { was, is: takes } } })
  return { takes }
}

/** Only events that some rule waits for are told to the rules. One at a time: each finds what the one before it published. */
export async function listen(ctx: Ctx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${ctx.tenantId} rules`}, 0))`.execute(ctx.db)
  const { rows } = await sql<{ trigger: string }>`select distinct trigger from automation.rule
    where tenant_id = ${ctx.tenantId} and active and not retired and version > 0`.execute(ctx.db)
  await heed(
    ctx,
    rows.map(row => row.trigger),
  )
}

/** It stands still until somebody who may do what it does publishes it again. */
export async function stopRule(ctx: Ctx, { id, name }: { id: string; name: string }, reason: NonNullable<Rule['stopped']>): Promise<void> {
  const stopped = await ctx.db
    .updateTable('automation.rule')
    .set({ active: false, stopped: reason, stoppedAt: ctx.now })
    .where('id', '=', id)
    .where('active', '=', true)
    .returning('id')
    .executeTakeFirst()
  if (!stopped) return
  await ctx.emit(ruleStopped, { id }, { name, reason })
  await listen(ctx)
}
