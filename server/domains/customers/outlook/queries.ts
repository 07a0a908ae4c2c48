import { sql } from 'kysely'
import type { Outlook } from '#contract/outlook.ts'
import { ofFamily } from '#kernel/family.ts'
import { knownOf } from '#kernel/outlook.ts'
import type { Ctx } from '#kernel/work.ts'
import { showsOf } from '../masking/showing.ts'
import { listedOf, listedTo } from '../reaching.ts'
import { seenFamily } from '../timeline.ts'
import { type Own, outlookOf } from './rules.ts'

/** How it stands with a customer, of whatever the actor may read. */
export async function outlook(ctx: Ctx, asked: string): Promise<Outlook> {
  const { kept, ids } = await seenFamily(ctx, asked)
  const [row, known, all, shows] = await Promise.all([ownOf(ctx, kept, ids), knownOf(ctx, ids), listedOf(ctx, kept), showsOf(ctx)])
  const listed = listedTo(shows, all)
  // Whose number is hidden is left alone all the same, without a word of what there is.
  const unseen = listed.phone === null ? all.phone : null
  const own = { ...row, undisturbed: row.undisturbed ?? unseen }
  return outlookOf({ ...known, own, listed, now: ctx.now })
}

type Row = Omit<Own, 'undisturbed'> & { alone: boolean; until: Date | null }

async function ownOf(ctx: Ctx, id: string, ids: readonly string[]): Promise<Own> {
  const t = ctx.tenantId
  const { rows } = await sql<Row>`select (c.phone is not null or c.email is not null) as reachable,
      a.overdue_amount, a.overdue_since, f.since as neglected_since, u.customer_id is not null as alone, u.until,
      exists (select 1 from customers.consent s where s.tenant_id = ${t} and s.customer_id = ${id}) as asked,
      coalesce((select json_agg(json_build_object('kind', r.kind, 'dueOn', r.due_on, 'taskId', r.task_id) order by r.due_on)
        from customers.care_round r where r.tenant_id = ${t} and r.customer_id = ${id} and r.done_at is null), '[]') as rounds
    from customers.customer c
    cross join (select coalesce(sum(a.overdue_amount), 0)::bigint as overdue_amount, min(a.overdue_since) as overdue_since
      from customers.account a where a.tenant_id = ${t} and ${ofFamily(ctx, sql`a.customer_id`, ids)}) a
    left join customers.flag f on f.tenant_id = ${t} and f.customer_id = c.id and f.code = 'neglected'
    left join customers.undisturbed u on u.tenant_id = ${t} and u.customer_id = c.id and (u.until is null or u.until > ${ctx.now})
    where c.tenant_id = ${t} and c.id = ${id}`.execute(ctx.db)
  const [row] = rows
  if (!row) throw new Error(`customer ${id} was there a moment ago`)
  const { alone, until, ...own } = row
  return { ...own, undisturbed: alone ? { until } : null }
}
