import * as z from 'zod'
import { type Filled, TemplateContent } from '#contract/documentBlocks.ts'
import type { Format } from '#contract/documents.ts'
import { personName, tenantCard } from '#domains/identity/index.ts'
import { scopeOf } from '#kernel/access.ts'
import { documentSource } from '#kernel/documentSources.ts'
import { placeFile, recordFile } from '#kernel/files.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import { run } from '#kernel/runs.ts'
import type { Ctx } from '#kernel/work.ts'
import { writeDocx } from './drawing/docx.ts'
import { writePage } from './drawing/page.ts'
import { drawPdf } from './drawing/pdf.ts'
import { documentMade } from './events.ts'
import { fill } from './filling.ts'

const types: Record<Format, string> = {
  html: 'text/html',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  pdf: 'application/pdf',
}
const formats = ['html', 'docx', 'pdf'] as const
const Cursor = z.object({ at: z.enum(['load', ...formats]), ids: z.partialRecord(z.enum(formats), z.uuid()) })
const Params = z.object({ documentId: z.uuid(), number: z.int() })
type Drawn = { format: Format; id: string; size: number; sha256: string; pages: number | null } | null

/** First what it tells, as whoever asked may see it; then each format, drawn outside any transaction. */
export const making = run<z.output<typeof Params>, z.output<typeof Cursor>, Drawn>({
  kind: 'document.make',
  may: 'document:write',
  params: Params,
  cursor: Cursor,
  start: { at: 'load', ids: {} },
  says: async (ctx, { documentId }) => {
    if (typeof documentId !== 'string') return null
    const document = await ctx.db.selectFrom('documents.document').select('title').where('id', '=', documentId).executeTakeFirst()
    return document ? [`文档“${document.title}”`, `The document “${document.title}”`] : null
  },
  outside: async ({ house, work }, { params, cursor: { at, ids } }): Promise<Drawn> => {
    const id = at === 'load' ? undefined : ids[at]
    if (at === 'load' || id === undefined) return null
    const { tenantId, filled } = await work(async ctx => ({ tenantId: ctx.tenantId, filled: (await versionOf(ctx, params)).filled }))
    if (!filled) throw new Refusal('gone', 'document.not_found', { id: params.documentId })
    const { bytes, pages } = await drawn(filled, at)
    return { format: at, id, pages, ...(await placeFile(house, tenantId, id, bytes)) }
  },
  step: async (ctx, { params, cursor: { at, ids }, askedById }, made) => {
    const version = await versionOf(ctx, params)
    const document = await documentOf(ctx, params.documentId)
    if (at === 'load' || made === null) {
      await load(ctx, document, version)
      return { cursor: { at: 'html', ids: { html: newId(), docx: newId(), pdf: newId() } }, done: 1, total: 4 }
    }
    const name = `${document.title.replace(/[\\/:*?"<>|]+/g, ' ').slice(0, 80)}-${version.number}.${made.format}`
    await recordFile(ctx, {
      id: made.id,
      name,
      type: types[made.format],
      size: made.size,
      sha256: made.sha256,
      noun: 'document',
      ownerId: askedById,
    })
    const files = { ...version.files, [made.format]: made.id }
    const sizes = { ...version.sizes, [made.format]: made.size }
    const next = formats[formats.indexOf(made.format) + 1]
    await ctx.db
      .updateTable('documents.version')
      .set({
        files: JSON.stringify(files),
        sizes: JSON.stringify(sizes),
        pages: made.pages ?? version.pages,
        ...(next ? {} : { state: 'made' as const }),
      })
      .where('documentId', '=', params.documentId)
      .where('number', '=', params.number)
      .execute()
    const done = formats.indexOf(made.format) + 2
    if (next) return { cursor: { at: next, ids }, done, total: 4 }
    await ctx.emit(
      documentMade,
      { id: document.id, customerId: document.customerId },
      { number: version.number, templateId: document.templateId, matterId: document.matterId, scheduleId: document.scheduleId },
    )
    return { cursor: { at: made.format, ids }, done, total: 4, outcome: { made: 1 }, finished: true }
  },
})

async function drawn(filled: Filled, format: Format): Promise<{ bytes: Buffer; pages: number | null }> {
  if (format === 'pdf') return drawPdf(filled)
  return { bytes: format === 'docx' ? await writeDocx(filled) : Buffer.from(writePage(filled)), pages: null }
}

const versionOf = async (ctx: Ctx, { documentId, number }: z.output<typeof Params>) =>
  found(
    await ctx.db
      .selectFrom('documents.version')
      .selectAll()
      .where('documentId', '=', documentId)
      .where('number', '=', number)
      .executeTakeFirst(),
    'document',
    documentId,
  )
const documentOf = async (ctx: Ctx, id: string) =>
  found(await ctx.db.selectFrom('documents.document').selectAll().where('id', '=', id).executeTakeFirst(), 'document', id)

async function load(
  ctx: Ctx,
  document: Awaited<ReturnType<typeof documentOf>>,
  version: Awaited<ReturnType<typeof versionOf>>,
): Promise<void> {
  const template = await ctx.db
    .selectFrom('documents.templateVersion as v')
    .innerJoin('documents.template as t', join => join.onRef('t.id', '=', 'v.templateId'))
    .select(['v.content', 't.source'])
    .where('v.templateId', '=', document.templateId)
    .where('v.number', '=', version.templateVersion)
    .executeTakeFirst()
  const { content: stored, source: name } = found(template, 'documentTemplate', document.templateId)
  const content = TemplateContent.parse(stored)
  const source = documentSource(name)
  if (!source) throw new Refusal('gone', 'document.source_gone', { source: name })
  if (scopeOf(ctx.actor, source.may) === null) throw new Refusal('forbidden', 'access.denied', { permission: source.may })
  const { language, title } = document
  const customerId = (await source.customer?.(ctx, version.params)) ?? null
  await ctx.db.updateTable('documents.document').set({ customerId }).where('id', '=', document.id).execute()
  const tenant = await tenantCard(ctx)
  const author = version.madeById ? ((await personName(ctx, version.madeById)) ?? '') : ''
  const data = await source.load(ctx, version.params, language)
  const filled = fill(content, source.variables, data, version.inputs, {
    language,
    title,
    author,
    organisation: language === 'en' ? tenant.nameEn || tenant.name : tenant.name,
    timezone: tenant.timezone,
    now: version.madeAt,
  })
  await ctx.db
    .updateTable('documents.version')
    .set({ filled: JSON.stringify(filled), state: 'making', code: null })
    .where('documentId', '=', document.id)
    .where('number', '=', version.number)
    .execute()
}
