import { sql } from 'kysely'
import type * as z from 'zod'
import type { Outcome, RuleBody, Run } from '#contract/automation.ts'
import { leavesOf, type Value } from '#contract/conditions.ts'
import { calendarOf } from '#domains/identity/index.ts'
import { scopeOf, type User } from '#kernel/access.ts'
import type { Fields, Heard, TriggerOffer } from '#kernel/automation.ts'
import { addWorkingMinutes } from '#kernel/calendar.ts'
import { idAt, newId } from '#kernel/ids.ts'
import type { Outward, Said } from '#kernel/react.ts'
import type { Ctx } from '#kernel/work.ts'
import { carryOut } from './acting.ts'
import { stopRule } from './actions.ts'
import { judged } from './around.ts'
import { ruleDue, ruleHalted } from './events.ts'
import { actionOf, triggerOf } from './offers.ts'
import { type InForce, rulesInForce } from './queries.ts'
import { haltOf, kept, keptSteps } from './rules.ts'

/** A run with what is left to do: who does it, on what. */
export type Due = { run: string; actor: User; subjectNoun: string; subjectId: string; rule: InForce }
type State = { outcome: z.output<typeof Outcome>; due: Due | null }

/** The rules of a trigger, asked in order about one event. Each rule's doing is committed before the next is asked, so it sees what the one before it did. */
export async function hearEvent(io: Outward, trigger: TriggerOffer, said: Said): Promise<void> {
  const heard = trigger.hear(said)
  if (heard === null) return
  const { rules, takes } = await io.work(ctx => rulesInForce(ctx, trigger.key))
  for (const rule of rules) {
    const { outcome, due } = await io.work(ctx => begin(ctx, rule, trigger, said, heard))
    if (due) await carryOut(io, due)
    if (takes === 'first' && outcome !== 'missed' && outcome !== 'unseen') return
  }
}

/** Once per event and rule: whoever is told the event again finds the run, and does what is left of it. */
async function begin(ctx: Ctx, rule: InForce, trigger: TriggerOffer, said: Said, heard: Heard): Promise<State> {
  const actor = await actorOf(ctx, rule)
  if (actor === null) return { outcome: 'missed', due: null }
  const id = newId()
  const { subjectId } = heard
  const chain = await chainOf(ctx, said.causeId, id)
  const inserted = await ctx.db
    .insertInto('automation.run')
    .values({
      id,
      ruleId: rule.id,
      version: rule.version,
      trigger: trigger.key,
      eventId: said.id,
      subjectNoun: trigger.subject,
      subjectId,
      ...chain,
      at: ctx.now,
      outcome: 'missed',
      said: JSON.stringify({ is: mapped(heard.is), was: mapped(heard.was) }),
      steps: '[]',
      actions: '[]',
      dueAt: null,
    })
    .onConflict(c => c.columns(['eventId', 'ruleId']).doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!inserted) return again(ctx, rule, said.id, actor)

  const seen = await seenBy(ctx, actor, trigger.key, subjectId, rule)
  if (!seen) return { outcome: await written(ctx, id, 'unseen', {}), due: null }
  const { holds, steps } = await judged(ctx, rule.body, { is: { ...seen.fields, ...heard.is }, was: heard.was }, said.at)
  const told = { steps: JSON.stringify(keptSteps(steps)) }
  if (!holds) return { outcome: await written(ctx, id, 'missed', told), due: null }

  if (await halted(ctx, rule, { id, subjectNoun: trigger.subject, subjectId, ...chain }, told)) return { outcome: 'stopped', due: null }
  if (rule.body.wait) {
    const dueAt = await dueOf(ctx, rule.body.wait)
    await wait(ctx, rule, id, subjectId, dueAt)
    return { outcome: await written(ctx, id, 'waiting', { ...told, dueAt }), due: null }
  }
  await written(ctx, id, 'done', { ...told, actions: pendingOf(rule) })
  return { outcome: 'done', due: { run: id, actor, subjectNoun: trigger.subject, subjectId, rule } }
}

async function again(ctx: Ctx, rule: InForce, eventId: string, actor: User): Promise<State> {
  const run = await ctx.db
    .selectFrom('automation.run')
    .select(['id', 'outcome', 'version', 'subjectNoun', 'subjectId'])
    .where('eventId', '=', eventId)
    .where('ruleId', '=', rule.id)
    .executeTakeFirstOrThrow()
  // Published anew in between: what was begun is not finished by another version.
  const due =
    run.outcome === 'done' && run.version === rule.version
      ? { run: run.id, actor, subjectNoun: run.subjectNoun, subjectId: run.subjectId, rule }
      : null
  return { outcome: run.outcome, due }
}

/** The wait is over: is it still so? */
export async function lookAgain(io: Outward, runId: string): Promise<void> {
  const due = await io.work(async ctx => {
    const run = await ctx.db.selectFrom('automation.run').selectAll().where('id', '=', runId).forUpdate().executeTakeFirst()
    if (!run || (run.outcome !== 'waiting' && run.outcome !== 'done')) return null
    const rule = (await rulesInForce(ctx, run.trigger)).rules.find(r => r.id === run.ruleId && r.version === run.version)
    const actor = rule && (await actorOf(ctx, rule))
    if (!rule || !actor) {
      if (run.outcome === 'waiting') await written(ctx, runId, 'dropped', { reason: 'rule_changed' })
      return null
    }
    const next = { run: runId, actor, subjectNoun: run.subjectNoun, subjectId: run.subjectId, rule }
    if (run.outcome === 'done') return next
    const seen = await seenBy(ctx, actor, run.trigger, run.subjectId, rule)
    if (!seen) {
      await written(ctx, runId, 'unseen', {})
      return null
    }
    // By now the thing itself knows best; the event is asked only for what the thing does not know.
    const is = { ...values(run.said.is), ...seen.fields }
    const { holds, steps } = await judged(ctx, rule.body, { is, was: values(run.said.was) }, ctx.now)
    const told = { steps: JSON.stringify(keptSteps(steps)) }
    if (!holds) {
      await written(ctx, runId, 'dropped', { ...told, reason: 'no_longer' })
      return null
    }
    if (await halted(ctx, rule, run, told)) return null
    await written(ctx, runId, 'done', { ...told, actions: pendingOf(rule) })
    return next
  })
  if (due) await carryOut(io, due)
}

const values = (said: Record<string, unknown>): Record<string, Value> =>
  Object.fromEntries(Object.entries(said).map(([key, value]) => [key, oneOf(value)]))
const oneOf = (value: unknown): Value =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : Array.isArray(value)
      ? value.map(String)
      : null
const mapped = (fields: Fields) => Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, kept(value)]))

/** The rule as an actor: it may what its publisher may today. Null: it has just been stopped, because nobody stands for it any more. */
async function actorOf(ctx: Ctx, rule: InForce): Promise<User | null> {
  const publisher = await ctx.house.standIn(ctx, rule.publishedBy)
  if (publisher?.kind !== 'user') {
    await stopRule(ctx, rule, 'publisher_left')
    return null
  }
  const may = rule.body.actions.every(({ action }) => {
    const offer = actionOf(action)
    return offer === undefined || scopeOf(publisher, offer.may) !== null
  })
  if (!may) {
    await stopRule(ctx, rule, 'publisher_may_not')
    return null
  }
  return { ...publisher, name: `${rule.name} v${rule.version}`, rule: { id: rule.id, version: rule.version } }
}

async function seenBy(ctx: Ctx, actor: User, trigger: string, id: string, { body }: InForce) {
  const { subject } = triggerOf(trigger)
  const system = ctx.actor
  ctx.actor = actor
  const seen = await subject.load(ctx, id, leavesOf(body.condition))
  ctx.actor = system
  return seen
}

async function chainOf(ctx: Ctx, causeId: string | null, own: string): Promise<{ chain: string; depth: number }> {
  if (causeId === null) return { chain: own, depth: 0 }
  const cause = await ctx.db.selectFrom('automation.run').select(['chain', 'depth']).where('id', '=', causeId).executeTakeFirst()
  return { chain: cause?.chain ?? causeId, depth: (cause?.depth ?? 0) + 1 }
}

const pendingOf = (rule: InForce) =>
  JSON.stringify(rule.body.actions.map(({ action }) => ({ action, state: 'pending', code: null, facts: {} })))

type Guarded = { id: string; subjectNoun: string; subjectId: string; chain: string; depth: number }
/** A run that is not let through is written down as stopped, with its reason. */
async function halted(ctx: Ctx, rule: InForce, run: Guarded, told: Told): Promise<boolean> {
  const reason = haltOf({ depth: run.depth, ...(await before(ctx, rule.id, run.subjectId, run.chain, run.id)) })
  if (reason === null) return false
  await alarm(ctx, rule, run.id, reason, { noun: run.subjectNoun, id: run.subjectId })
  await written(ctx, run.id, 'stopped', { ...told, reason })
  return true
}

const hour = 3_600_000
async function before(ctx: Ctx, ruleId: string, subjectId: string, chain: string, own: string) {
  const { rows } = await sql<{ again: boolean; lately: number }>`select
    exists (select 1 from automation.run where tenant_id = ${ctx.tenantId} and chain = ${chain} and rule_id = ${ruleId} and subject_id = ${subjectId}
      and id <> ${own} and outcome in ('done', 'waiting')) as again,
    (select count(*)::int from automation.run where tenant_id = ${ctx.tenantId} and subject_id = ${subjectId} and id > ${idAt(new Date(ctx.now.getTime() - hour))}
      and rule_id = ${ruleId} and outcome = 'done') as lately`.execute(ctx.db)
  return rows[0] ?? { again: false, lately: 0 }
}

/** The alarm is raised once an hour for a rule; every run keeps its trace. */
async function alarm(
  ctx: Ctx,
  rule: InForce,
  own: string,
  reason: 'again' | 'too_deep' | 'too_often',
  subject: { noun: string; id: string },
) {
  const { rows } = await sql`select 1 from automation.run where tenant_id = ${ctx.tenantId} and rule_id = ${rule.id} and outcome = 'stopped'
    and id <> ${own} and id > ${idAt(new Date(ctx.now.getTime() - hour))} limit 1`.execute(ctx.db)
  if (rows.length === 0)
    await ctx.emit(ruleHalted, { id: rule.id }, { name: rule.name, reason, subjectNoun: subject.noun, subjectId: subject.id })
}

async function dueOf(ctx: Ctx, { minutes, working, calendarId }: NonNullable<RuleBody['wait']>): Promise<Date> {
  return working ? addWorkingMinutes(ctx.now, minutes, await calendarOf(ctx, calendarId)) : new Date(ctx.now.getTime() + minutes * 60_000)
}

/** A later event of the same thing begins the wait anew. */
async function wait(ctx: Ctx, rule: InForce, runId: string, subjectId: string, dueAt: Date): Promise<void> {
  await ctx.db
    .updateTable('automation.run')
    .set({ outcome: 'dropped', reason: 'begun_anew' })
    .where('subjectId', '=', subjectId)
    .where('ruleId', '=', rule.id)
    .where('outcome', '=', 'waiting')
    .execute()
  await ctx.at(dueAt, ruleDue, { id: subjectId, clock: rule.id }, { runId })
}

type Told = { steps?: string; actions?: string; reason?: string; dueAt?: Date }
async function written(ctx: Ctx, id: string, outcome: Run['outcome'], told: Told): Promise<Run['outcome']> {
  await ctx.db
    .updateTable('automation.run')
    .set({ outcome, ...told })
    .where('id', '=', id)
    .execute()
  return outcome
}
