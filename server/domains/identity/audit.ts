import { sql } from 'kysely'
import type * as z from 'zod'
import type { AuditEntry, audit } from '#contract/audit.ts'
import { type Audited, auditPage } from '#kernel/audit.ts'
import { Difference } from '#kernel/difference.ts'
import { isId } from '#kernel/ids.ts'
import type { Page } from '#kernel/paging.ts'
import type { Ctx } from '#kernel/work.ts'

/** The audit with names for the ids in it, as they are called today. */
export async function listAudit(ctx: Ctx, query: z.output<typeof audit.list.query>): Promise<Page<AuditEntry>> {
  const page = await auditPage(ctx, query, query)
  const names = await namesOf(ctx, new Set(page.rows.flatMap(idsIn)))
  return { next: page.next, rows: page.rows.map(row => entryOf(row, names)) }
}

const idsIn = (row: Audited): string[] => [
  row.about,
  ...(row.actorId ? [row.actorId] : []),
  ...(JSON.stringify(row.detail).match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? []),
]

async function namesOf(ctx: Ctx, ids: ReadonlySet<string>): Promise<ReadonlyMap<string, string>> {
  const wanted = [...ids].filter(isId)
  if (wanted.length === 0) return new Map()
  const from = (table: string, name = 'name') =>
    sql`select id, ${sql.ref(name)} as name from ${sql.table(table)} where tenant_id = ${ctx.tenantId} and id = any(${wanted}::uuid[])`
  const { rows } = await sql<{ id: string; name: string }>`${sql.join(
    ['person', 'role', 'department', 'team', 'calendar', 'api_key']
      .map(table => from(`identity.${table}`))
      .concat(
        ['routing.fact_queue', 'routing.fact_skill', 'automation.fact_rule', 'messaging.fact_widget', 'tickets.fact_kind'].map(table =>
          from(table),
        ),
        // Whoever reads the audit need not read tickets and customers: their numbers are name enough.
        ['tickets.fact_ticket', 'customers.fact_customer'].map(table => from(table, 'number')),
        from('documents.fact_document', 'title'),
      ),
    sql` union all `,
  )}`.execute(ctx.db)
  return new Map(rows.map(row => [row.id, row.name]))
}

const hidden = new Set(['changes', 'fields', 'name', 'ids', 'sessionId', 'table', 'act', 'key'])

function entryOf({ id, at, name, actorKind, actorId, about, detail, personal }: Audited, names: ReadonlyMap<string, string>): AuditEntry {
  const say = (value: unknown): string => {
    if (value === null || value === undefined) return ''
    if (typeof value === 'string') return names.get(value) ?? value
    return typeof value === 'object'
      ? JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'string' ? say(inner) : inner))
      : String(value)
  }
  const told = Difference.safeParse(detail.changes)
  const kept = personal ?? {}
  return {
    id,
    at,
    what: name,
    actorKind,
    actorId,
    actorName: actorId === null ? null : (names.get(actorId) ?? null),
    about,
    aboutName: names.get(about) ?? nameIn(detail) ?? kept.name ?? kept.login ?? matterIn(detail, names) ?? null,
    changes: [
      ...Object.entries(kept).flatMap(([key, was]) => {
        const field = key.replace(/Was$/, '')
        return field === key ? [] : [{ field, was, is: kept[field] ?? '' }]
      }),
      ...Object.entries(told.success ? told.data : {}).map(([field, { was, is }]) => ({ field, was: say(was), is: say(is) })),
    ],
    facts: {
      ...Object.fromEntries(
        [
          'table',
          'act',
          ...Object.keys(detail).filter(key => !hidden.has(key) || (key === 'fields' && name.endsWith('.revealed'))),
        ].flatMap(key => (detail[key] === undefined ? [] : [[key, say(detail[key])]])),
      ),
      ...Object.fromEntries(Object.entries(kept).filter(([key]) => key === 'ip' || key === 'reason' || key === 'login')),
    },
  }
}

const nameIn = (detail: Record<string, unknown>): string | undefined =>
  [detail.name, detail.key].find((value): value is string => typeof value === 'string' && value !== '')

/** What it belongs to, where it bears no name of its own. */
const matterIn = ({ matter, matterId }: Record<string, unknown>, names: ReadonlyMap<string, string>): string | undefined => {
  const id = typeof matter === 'object' && matter !== null && 'id' in matter ? matter.id : matterId
  return typeof id === 'string' ? names.get(id) : undefined
}
