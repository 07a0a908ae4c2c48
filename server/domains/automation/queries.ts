import { sql } from 'kysely'
import type * as z from 'zod'
import type { automation, Rule, RuleBody, RuleLine, Run } from '#contract/automation.ts'
import { scopeOf } from '#kernel/access.ts'
import { idAt } from '#kernel/ids.ts'
import { type Page, pageRows } from '#kernel/paging.ts'
import { found } from '#kernel/refusal.ts'
import { sortedBy, sortKeyOf, turn, unkeyed } from '#kernel/sorting.ts'
import type { Ctx } from '#kernel/work.ts'
import { subjectOf } from './offers.ts'
import { isChanged } from './rules.ts'

const day = 86_400_000
const visibleRules = (ctx: Ctx) => {
  const rows = ctx.db.selectFrom('automation.rule')
  return scopeOf(ctx.actor, 'rule:read') === null ? rows.where(sql<boolean>`false`) : rows
}
const selectRules = (ctx: Ctx) =>
  visibleRules(ctx)
    .select(['id', 'name', 'trigger', 'position', 'version', 'active', 'stopped', 'stoppedAt', 'revision', 'publishedRevision'])
    .select(['changedAt', 'retired', 'body'])
type Kept = Awaited<ReturnType<ReturnType<typeof selectRules>['executeTakeFirstOrThrow']>>

export async function listRules(ctx: Ctx): Promise<z.output<typeof automation.list.reply>> {
  const [rules, counts, sets] = await Promise.all([
    selectRules(ctx).orderBy('trigger').orderBy('position').orderBy('id').execute(),
    countsOf(ctx),
    ctx.db.selectFrom('automation.ruleSet').select(['trigger', 'takes']).execute(),
  ])
  return { rules: rules.map(rule => lineOf(rule, counts)), takes: Object.fromEntries(sets.map(set => [set.trigger, set.takes])) }
}

type Counts = ReadonlyMap<string, { acted: number; refused: number }>
async function countsOf(ctx: Ctx, ruleId?: string): Promise<Counts> {
  const { rows } = await sql<{ ruleId: string; acted: number; refused: number }>`
    select rule_id as "ruleId", count(*)::int as acted, (count(*) filter (where actions::text like '%"refused"%'))::int as refused from automation.run
    where tenant_id = ${ctx.tenantId} and id >= ${idAt(new Date(ctx.now.getTime() - 7 * day))} and outcome <> 'missed' and outcome = 'done'
    ${ruleId ? sql`and rule_id = ${ruleId}` : sql``} group by rule_id`.execute(ctx.db)
  return new Map(rows.map(row => [row.ruleId, row]))
}

const lineOf = ({ revision, publishedRevision, ...rule }: Kept, counts: Counts): RuleLine => ({
  ...rule,
  changed: isChanged({ revision, publishedRevision }),
  acted: counts.get(rule.id)?.acted ?? 0,
  refused: counts.get(rule.id)?.refused ?? 0,
})

export async function ruleById(ctx: Ctx, id: string): Promise<Rule> {
  const [rule, counts, versions] = await Promise.all([
    selectRules(ctx).where('id', '=', id).executeTakeFirst(),
    countsOf(ctx, id),
    sql<
      Rule['versions'][number]
    >`select v.number, v.name, v.note, v.published_by as "publishedById", p.name as "publishedByName", v.published_at as "publishedAt", v.body
      from automation.version v left join identity.fact_person p on p.tenant_id = ${ctx.tenantId} and p.id = v.published_by
      where v.tenant_id = ${ctx.tenantId} and v.rule_id = ${id} order by v.number desc limit 50`.execute(ctx.db),
  ])
  const known = found(rule, 'rule', id)
  return { ...lineOf(known, counts), revision: known.revision, versions: versions.rows }
}

export const lockRule = async (ctx: Ctx, id: string): Promise<Kept> =>
  found(await selectRules(ctx).where('id', '=', id).forUpdate().executeTakeFirst(), 'rule', id)

export type InForce = { id: string; name: string; version: number; body: RuleBody; publishedBy: string }
/** What is published for a trigger and switched on, in order. */
export async function rulesInForce(ctx: Ctx, trigger: string): Promise<{ rules: InForce[]; takes: 'all' | 'first' }> {
  const [{ rows }, set] = await Promise.all([
    sql<InForce>`select r.id, v.name, r.version, v.body, v.published_by as "publishedBy" from automation.rule r
      join automation.version v on v.tenant_id = ${ctx.tenantId} and v.rule_id = r.id and v.number = r.version
      where r.tenant_id = ${ctx.tenantId} and r.trigger = ${trigger} and r.active and not r.retired order by r.position, r.id`.execute(
      ctx.db,
    ),
    ctx.db.selectFrom('automation.ruleSet').select('takes').where('trigger', '=', trigger).executeTakeFirst(),
  ])
  return { rules: rows, takes: set?.takes ?? 'all' }
}

export async function listRuns(ctx: Ctx, query: z.output<typeof automation.runs.query>): Promise<Page<Run>> {
  if (scopeOf(ctx.actor, 'rule:read') === null) return { rows: [], next: null }
  const size = query.size ?? 50
  const { key, order, after } = sortedBy(turn('id', sql`u.id`, sql`u.id`, query.sort !== 'time'), query.after)
  const wheres = [sql`u.tenant_id = ${ctx.tenantId}`]
  if (query.ruleId) wheres.push(sql`u.rule_id = ${query.ruleId}`)
  if (query.subjectId) wheres.push(sql`u.subject_id = ${query.subjectId}`)
  // Literals: the partial indexes depend on them.
  if (query.outcome === 'stopped') wheres.push(sql`u.outcome = 'stopped'`)
  else if (query.outcome) wheres.push(sql`u.outcome = ${query.outcome}`)
  else if (!query.ruleId && !query.subjectId) wheres.push(sql`u.outcome <> 'missed'`)
  const { rows } = await sql<
    Omit<Run, 'hidden'> & { sortKey: string }
  >`select u.id, u.rule_id as "ruleId", r.name as "ruleName", u.version, u.trigger, u.subject_noun as "subjectNoun",
      u.subject_id as "subjectId", u.chain, u.depth, u.at, u.outcome, u.reason, u.due_at as "dueAt", u.steps, u.actions, ${key}
    from automation.run u join automation.rule r on r.tenant_id = ${ctx.tenantId} and r.id = u.rule_id
    where ${sql.join([...wheres, after], sql` and `)} order by ${order} limit ${size + 1}`.execute(ctx.db)
  const page = pageRows(rows, size, sortKeyOf)
  return { ...page, rows: await hiddenWhereUnseen(ctx, page.rows.map(unkeyed)) }
}

/** Who may read rules may not therefore see every thing: which conditions held, and what kept an action from being done, tells of the thing too. */
async function hiddenWhereUnseen(ctx: Ctx, runs: readonly Omit<Run, 'hidden'>[]): Promise<Run[]> {
  const seen = new Map<string, boolean>()
  const told: Run[] = []
  for (const run of runs) {
    const { subjectNoun, subjectId } = run
    const known = seen.get(subjectId) ?? Boolean(await subjectOf(subjectNoun)?.load(ctx, subjectId))
    seen.set(subjectId, known)
    told.push(
      known
        ? { ...run, hidden: false }
        : { ...run, hidden: true, steps: [], actions: run.actions.map(act => ({ ...act, code: null, facts: {} })) },
    )
  }
  return told
}
