import { type RawBuilder, sql } from 'kysely'
import type * as z from 'zod'
import type { Asked, Invitation, invitations } from '#contract/invitations.ts'
import { oneInteraction } from '#domains/interactions/index.ts'
import { ticketById } from '#domains/tickets/index.ts'
import { scopeOf } from '#kernel/access.ts'
import { type Page, pageRows } from '#kernel/paging.ts'
import { sortedBy, sortKeyOf, turn, unkeyed } from '#kernel/sorting.ts'
import type { Ctx } from '#kernel/work.ts'
import { handledByMine } from './seeing.ts'

const columns = (ctx: Ctx) => sql`v.id, v.interaction_id, v.ticket_id, v.customer_id,
  (select c.name from customers.fact_customer c where c.tenant_id = ${ctx.tenantId} and c.id = v.customer_id) as customer_name,
  v.matter, v.matter_en, v.state, v.channel, v.reason, v.made_at, v.ends_at, v.answered_at,
  (select r.score from surveys.rating r where r.tenant_id = ${ctx.tenantId} and (r.interaction_id = v.interaction_id or r.ticket_id = v.ticket_id)) as score`

type Query = z.output<typeof invitations.list.query>
const asked = (ctx: Ctx, { state }: Pick<Query, 'state'>) =>
  sql`v.tenant_id = ${ctx.tenantId} and ${handledByMine(ctx, sql`v.agent_id`)} ${state ? sql`and v.state = ${state}` : sql``}`

export async function listInvitations(ctx: Ctx, { state, sort, after, size = 50 }: Query): Promise<Page<Invitation>> {
  const by = sortedBy(turn('id', sql`v.id`, sql`v.id`, sort !== 'time'), after)
  const { rows } = await sql<Invitation & { sortKey: string }>`select ${columns(ctx)}, ${by.key} from surveys.invitation v
    where ${asked(ctx, { state })} and ${by.after} order by ${by.order} limit ${size + 1}`.execute(ctx.db)
  const page = pageRows(rows, size, sortKeyOf)
  return { rows: page.rows.map(unkeyed), next: page.next }
}

/** The ids behind a filter, for whoever counts them. */
export const countable = (ctx: Ctx, query: Pick<Query, 'state'>): RawBuilder<unknown> =>
  sql`(select v.id from surveys.invitation v where ${asked(ctx, query)})`

/** For whoever may read the ticket or contact; what the customer wrote is for those who may read ratings. */
export async function ofTicket(ctx: Ctx, id: string): Promise<Asked> {
  await ticketById(ctx, id)
  return askedAbout(ctx, sql`ticket_id`, id)
}

export async function ofContact(ctx: Ctx, id: string): Promise<Asked> {
  await oneInteraction(ctx, id)
  return askedAbout(ctx, sql`interaction_id`, id)
}

async function askedAbout(ctx: Ctx, column: RawBuilder<unknown>, id: string): Promise<Asked> {
  const [invitation, rating] = await Promise.all([
    sql<Invitation>`select ${columns(ctx)} from surveys.invitation v where v.tenant_id = ${ctx.tenantId} and v.${column} = ${id}`.execute(
      ctx.db,
    ),
    sql<
      NonNullable<Asked['rating']>
    >`select score, words, rated_at from surveys.rating where tenant_id = ${ctx.tenantId} and ${column} = ${id}`.execute(ctx.db),
  ])
  const given = rating.rows[0]
  const words = scopeOf(ctx.actor, 'survey:read') !== null
  return { invitation: invitation.rows[0] ?? null, rating: given ? { ...given, words: words ? given.words : '' } : null }
}
