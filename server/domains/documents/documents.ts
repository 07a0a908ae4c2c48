import { sql } from 'kysely'
import * as z from 'zod'
import type { TemplateContent } from '#contract/documentBlocks.ts'
import type { Document, Language, NewDocument } from '#contract/documents.ts'
import { actorId, scopeOf } from '#kernel/access.ts'
import { type DocumentSource, documentSource } from '#kernel/documentSources.ts'
import { dropFile } from '#kernel/files.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import { ask } from '#kernel/runs.ts'
import { bigrams } from '#kernel/search.ts'
import type { Ctx } from '#kernel/work.ts'
import { documentAsked, documentRemoved } from './events.ts'
import { making } from './making.ts'
import { oneDocument, visibleDocuments } from './queries.ts'
import { oneTemplate } from './templates.ts'

export async function makeDocument(
  ctx: Ctx,
  { templateId, title, language, params, inputs }: z.output<typeof NewDocument>,
  { readers = [], scheduleId = null }: { readers?: readonly string[]; scheduleId?: string | null } = {},
): Promise<Document> {
  const template = await oneTemplate(ctx, templateId)
  if (template.published === null || template.inUse === null || template.retired)
    throw new Refusal('conflict', 'document.template_not_in_use')
  if (!template.languages.includes(language)) throw new Refusal('invalid', 'document.language_missing', { language })
  const source = documentSource(template.source)
  if (!source) throw new Refusal('gone', 'document.source_gone', { source: template.source })
  if (scopeOf(ctx.actor, source.may) === null) throw new Refusal('forbidden', 'access.denied', { permission: source.may })
  const missing = source.params.find(p => (params[p.key] ? !fits(p, params[p.key]) : p.required))
  if (missing) throw new Refusal('invalid', 'document.input_missing', { label: language === 'en' ? missing.en : missing.zh })
  checkInputs(template.inUse, inputs, language)
  const matter = source.matter?.(params) ?? null
  const id = newId()
  const madeById = actorId(ctx.actor)
  // Refused, if at all, before anything is written: a schedule goes on after it.
  const runId = await ask(ctx, making, { documentId: id, number: 1 }, { documentId: id, number: 1 })
  await ctx.db
    .insertInto('documents.document')
    .values({
      id,
      templateId,
      title,
      language,
      matterNoun: matter?.noun ?? null,
      matterId: matter?.id ?? null,
      versions: 1,
      madeAt: ctx.now,
      madeById,
      tsv: bigrams(title),
      scheduleId,
    })
    .execute()
  for (const personId of new Set([...(madeById ? [madeById] : []), ...readers]))
    await ctx.db.insertInto('documents.reader').values({ personId, documentId: id }).execute()
  await addVersion(ctx, runId, {
    id,
    number: 1,
    templateId,
    templateVersion: template.published,
    matterId: matter?.id ?? null,
    params,
    inputs,
  })
  return oneDocument(ctx, id)
}

/** What is chosen is a day, one of the choices, or the thing's id. */
const fits = ({ kind, options }: DocumentSource['params'][number], value: unknown): boolean =>
  kind === 'date'
    ? z.iso.date().safeParse(value).success
    : kind === 'choice'
      ? options.some(o => o.value === value)
      : z.uuid().safeParse(value).success

function checkInputs({ inputs: asked }: TemplateContent, given: Record<string, string>, language: Language): void {
  for (const { key, required, label, labelEn } of asked)
    if (required && !given[key]?.trim())
      throw new Refusal('invalid', 'document.input_missing', { label: language === 'en' ? labelEn || label : label })
}

/** Of what is in use now and of the data of now; what was made before stays as it was. */
export async function makeAgain(ctx: Ctx, id: string, given: { inputs?: Record<string, string> }): Promise<Document> {
  const row = found(
    await visibleDocuments(ctx, 'document:write').selectAll('d').where('d.id', '=', id).forUpdate('d').executeTakeFirst(),
    'document',
    id,
  )
  const last = await ctx.db
    .selectFrom('documents.version')
    .select(['params', 'inputs', 'state'])
    .where('documentId', '=', id)
    .where('number', '=', row.versions)
    .executeTakeFirstOrThrow()
  if (last.state === 'making') throw new Refusal('conflict', 'document.being_made')
  const template = await oneTemplate(ctx, row.templateId)
  if (template.published === null || template.inUse === null || template.retired)
    throw new Refusal('conflict', 'document.template_not_in_use')
  const inputs = given.inputs ?? last.inputs
  checkInputs(template.inUse, inputs, row.language)
  const number = row.versions + 1
  const runId = await ask(ctx, making, { documentId: id, number }, { documentId: id, number })
  await ctx.db.updateTable('documents.document').set({ versions: number }).where('id', '=', id).execute()
  await addVersion(ctx, runId, {
    id,
    number,
    templateId: row.templateId,
    templateVersion: template.published,
    matterId: row.matterId,
    params: last.params,
    inputs,
  })
  return oneDocument(ctx, id)
}

type NewVersion = {
  id: string
  number: number
  templateId: string
  templateVersion: number
  matterId: string | null
  params: Record<string, string>
  inputs: Record<string, string>
}
async function addVersion(
  ctx: Ctx,
  runId: string,
  { id, number, templateId, templateVersion, matterId, params, inputs }: NewVersion,
): Promise<void> {
  await ctx.db
    .insertInto('documents.version')
    .values({
      documentId: id,
      number,
      templateVersion,
      params: JSON.stringify(params),
      inputs: JSON.stringify(inputs),
      state: 'making',
      runId,
      files: JSON.stringify({}),
      sizes: JSON.stringify({}),
      madeAt: ctx.now,
      madeById: actorId(ctx.actor),
    })
    .execute()
  await ctx.emit(documentAsked, { id }, { number, templateId, matterId })
}

/** With all its versions and their files; what it was is in the audit. */
export async function removeDocument(ctx: Ctx, id: string): Promise<void> {
  const row = found(
    await visibleDocuments(ctx, 'document:write')
      .select(['d.id', 'd.title', 'd.versions', 'd.templateId'])
      .where('d.id', '=', id)
      .forUpdate('d')
      .executeTakeFirst(),
    'document',
    id,
  )
  await takeAway(ctx, row)
}

type Gone = { id: string; title: string; versions: number; templateId: string }
async function takeAway(ctx: Ctx, { id, title, versions, templateId }: Gone): Promise<void> {
  const made = await ctx.db.selectFrom('documents.version').select(['files', 'state']).where('documentId', '=', id).execute()
  if (made.some(v => v.state === 'making')) throw new Refusal('conflict', 'document.being_made')
  for (const { files } of made) for (const file of Object.values(files)) await dropFile(ctx, file)
  await ctx.db.deleteFrom('documents.version').where('documentId', '=', id).execute()
  await ctx.db.deleteFrom('documents.reader').where('documentId', '=', id).execute()
  await ctx.db.deleteFrom('documents.document').where('id', '=', id).execute()
  await ctx.emit(documentRemoved, { id }, { versions, templateId }, { title })
}

const part = 200
/** Those whose template keeps them no longer, counted from their last version. */
export async function forgetOld(ctx: Ctx): Promise<void> {
  const { rows } = await sql<Gone>`select d.id, d.title, d.versions, d.template_id as "templateId" from documents.template t
    join documents.document d on d.tenant_id = ${ctx.tenantId} and d.template_id = t.id
    join documents.version v on v.tenant_id = ${ctx.tenantId} and v.document_id = d.id and v.number = d.versions
    where t.tenant_id = ${ctx.tenantId} and t.keep_days is not null and v.state <> 'making' and v.made_at < ${ctx.now}::timestamptz - make_interval(days => t.keep_days)
    order by d.id limit ${part} for update of d`.execute(ctx.db)
  for (const row of rows) await takeAway(ctx, row)
}

/** The run behind a version ended without it. */
export async function versionFailed(ctx: Ctx, runId: string, code: string): Promise<void> {
  await ctx.db
    .updateTable('documents.version')
    .set({ state: 'failed', code })
    .where('runId', '=', runId)
    .where('state', '=', 'making')
    .execute()
}
