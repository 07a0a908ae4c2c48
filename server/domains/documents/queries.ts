import { readFile } from 'node:fs/promises'
import { sql } from 'kysely'
import type * as z from 'zod'
import type { Filled } from '#contract/documentBlocks.ts'
import type { Document, DocumentLine, DocumentVersion, documents, Format, MatterNoun } from '#contract/documents.ts'
import { tenantCard } from '#domains/identity/index.ts'
import { actorId, scopeOf } from '#kernel/access.ts'
import { startOfDay } from '#kernel/calendar.ts'
import { familyOf, ofFamily } from '#kernel/family.ts'
import { placeOf } from '#kernel/files.ts'
import { type Page, pageRows } from '#kernel/paging.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import { bigramQuery } from '#kernel/search.ts'
import { sortedBy, sortKeyOf, type Turn, turn, unkeyed } from '#kernel/sorting.ts'
import type { Ctx } from '#kernel/work.ts'

type From = 'documents.document' | 'documents.searchable'
/** Own: those I made, to read also those sent to me. Team and department: also those my people made. `searchable` is the same rows through the view that may use the text index. */
export function visibleDocuments(
  ctx: Ctx,
  permission: 'document:read' | 'document:write' = 'document:read',
  from: From = 'documents.document',
) {
  const rows = ctx.db.selectFrom(`${from} as d`)
  const scope = scopeOf(ctx.actor, permission)
  if (scope === 'all') return rows
  const { actor } = ctx
  if (scope === null || actor.kind !== 'user') return rows.where(sql<boolean>`false`)
  const own =
    permission === 'document:write'
      ? sql`d.made_by_id = ${actor.id}`
      : sql`d.id in (select r.document_id from documents.reader r where r.tenant_id = ${ctx.tenantId} and r.person_id = ${actor.id})`
  if (scope === 'own') return rows.where(sql<boolean>`${own}`)
  const people = scope === 'team' ? sql`p.team_id = ${actor.teamId}` : sql`p.department_id = ${actor.departmentId}`
  return rows.where(
    sql<boolean>`(${own} or d.made_by_id in (select p.id from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and ${people}))`,
  )
}

const nameIn = (ctx: Ctx, column: string) =>
  sql<string | null>`(select p.name from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and p.id = ${sql.ref(column)})`

type Row = Omit<DocumentLine, 'matter'> & { matterNoun: MatterNoun | null; matterId: string | null }
const selectDocuments = (ctx: Ctx, from?: From) =>
  visibleDocuments(ctx, 'document:read', from)
    .innerJoin('documents.template as t', join => join.onRef('t.id', '=', 'd.templateId'))
    .innerJoin('documents.version as v', join => join.onRef('v.documentId', '=', 'd.id').onRef('v.number', '=', 'd.versions'))
    .select([
      'd.id',
      'd.title',
      'd.language',
      'd.templateId',
      't.name as templateName',
      't.nameEn as templateNameEn',
      'd.matterNoun',
      'd.matterId',
      'd.customerId',
      'd.versions',
      'v.state',
      'v.madeAt',
      'v.madeById',
      nameIn(ctx, 'v.made_by_id').as('madeByName'),
      sql<string | null>`(select c.name from customers.fact_customer c where c.tenant_id = ${ctx.tenantId} and c.id = d.customer_id)`.as(
        'customerName',
      ),
    ])

const line = ({ matterNoun, matterId, ...row }: Row): DocumentLine => ({
  ...row,
  matter: matterNoun && matterId ? { noun: matterNoun, id: matterId } : null,
})

// Ids are made in the order in which documents were.
const orders: Record<NonNullable<z.output<typeof documents.list.query>['sort']>, Turn> = {
  '-time': turn('id', sql`d.id`, sql`d.id`, true),
  time: turn('id', sql`d.id`, sql`d.id`),
}

export async function listDocuments(ctx: Ctx, query: z.output<typeof documents.list.query>): Promise<Page<DocumentLine>> {
  const { size = 50, templateId, matterId, customerId, madeById, mine, from, until } = query
  const words = query.q === undefined ? undefined : bigramQuery(query.q)
  if (words === null) return { rows: [], next: null }
  const { key, order, after } = sortedBy(orders[query.sort ?? '-time'], query.after)
  let rows = selectDocuments(ctx, words === undefined ? 'documents.document' : 'documents.searchable')
    .select(key)
    .where(after)
    .orderBy(order)
    .limit(size + 1)
  if (words !== undefined) rows = rows.where(sql<boolean>`d.tsv @@ ${words}::tsquery`)
  if (templateId) rows = rows.where('d.templateId', '=', templateId)
  if (matterId) rows = rows.where('d.matterId', '=', matterId)
  if (customerId) rows = rows.where(ofFamily(ctx, sql`d.customer_id`, await familyOf(ctx, customerId)))
  if (madeById) rows = rows.where('d.madeById', '=', madeById)
  if (mine) rows = rows.where('d.madeById', '=', actorId(ctx.actor))
  if (from || until) {
    const { timezone } = await tenantCard(ctx)
    if (from) rows = rows.where('d.madeAt', '>=', startOfDay(timezone, from))
    if (until) rows = rows.where('d.madeAt', '<', startOfDay(timezone, dayAfter(until)))
  }
  const page = pageRows(await rows.execute(), size, sortKeyOf)
  return { rows: page.rows.map(row => line(unkeyed(row))), next: page.next }
}

const dayAfter = (day: string) => new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
export async function oneDocument(ctx: Ctx, id: string): Promise<Document> {
  const row = found(await selectDocuments(ctx).where('d.id', '=', id).executeTakeFirst(), 'document', id)
  const history: DocumentVersion[] = await ctx.db
    .selectFrom('documents.version as v')
    .select(['v.number', 'v.templateVersion', 'v.params', 'v.inputs', 'v.state', 'v.code', 'v.runId', 'v.pages', 'v.sizes', 'v.madeAt'])
    .select(nameIn(ctx, 'v.made_by_id').as('madeByName'))
    .where('v.documentId', '=', id)
    .orderBy('v.number', 'desc')
    .limit(100)
    .execute()
  return { ...line(row), history }
}

/** Who reads a document as their own. */
export async function sentTo(ctx: Ctx, id: string): Promise<{ title: string | null; people: string[] }> {
  const document = await ctx.db.selectFrom('documents.document').select('title').where('id', '=', id).executeTakeFirst()
  const readers = await ctx.db.selectFrom('documents.reader').select('personId').where('documentId', '=', id).execute()
  return { title: document?.title ?? null, people: readers.map(r => r.personId) }
}

const versionOf = (ctx: Ctx, id: string, number: number) =>
  visibleDocuments(ctx)
    .innerJoin('documents.version as v', join => join.onRef('v.documentId', '=', 'd.id'))
    .where('d.id', '=', id)
    .where('v.number', '=', number)

/** A file of a version, for whoever may see the document. */
export async function fileOf(ctx: Ctx, id: string, number: number, format: Format): Promise<string> {
  const row = await versionOf(ctx, id, number).select('v.files').executeTakeFirst()
  return found(row?.files[format], 'document', id)
}

export async function filledOf(ctx: Ctx, id: string, number: string): Promise<Filled> {
  const row = await versionOf(ctx, id, versionNumber(id, number)).select('v.filled').executeTakeFirst()
  return found(row?.filled, 'document', id)
}

export async function pageOfVersion(ctx: Ctx, id: string, number: string): Promise<{ html: string }> {
  const file = await fileOf(ctx, id, versionNumber(id, number), 'html')
  const html = await readFile(placeOf(ctx.house, ctx.tenantId, file), 'utf8').catch(() => {
    throw new Refusal('gone', 'file.gone')
  })
  return { html }
}

export function versionNumber(id: string, text: string): number {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : 0
  if (number === 0) throw new Refusal('not_found', 'document.not_found', { id })
  return number
}
