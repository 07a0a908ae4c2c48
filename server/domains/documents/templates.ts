import { sql } from 'kysely'
import type * as z from 'zod'
import { TemplateContent } from '#contract/documentBlocks.ts'
import type { documents, NewTemplate, Source, Template, TemplateLine, TemplateVersion } from '#contract/documents.ts'
import { tenantCard } from '#domains/identity/index.ts'
import { actorId, scopeOf } from '#kernel/access.ts'
import { documentSource, documentSources } from '#kernel/documentSources.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { builtIns } from './builtIns/index.ts'
import { writePage } from './drawing/page.ts'
import { templateAdded, templateChanged, templatePublished } from './events.ts'
import { fill } from './filling.ts'
import { checkContent, common } from './rules.ts'

export async function listSources(ctx: Ctx): Promise<Source[]> {
  return documentSources().map(({ name, zh, en, params, variables, may }) => ({
    name,
    zh,
    en,
    params,
    variables: [...common, ...variables],
    allowed: scopeOf(ctx.actor, may) !== null,
  }))
}

const sourceOf = (name: string) => {
  const source = documentSource(name)
  if (!source) throw new Refusal('invalid', 'document.source_unknown', { source: name })
  return source
}

/** Every organisation begins with these; one that was there before them gets them when it first looks. */
async function ready(ctx: Ctx): Promise<void> {
  const { rows } = await sql<{
    code: string
  }>`select code from documents.template where tenant_id = ${ctx.tenantId} and code is not null`.execute(ctx.db)
  for (const { code, name, nameEn, source, content } of builtIns.filter(b => !rows.some(r => r.code === b.code))) {
    const id = newId()
    const { rows: added } = await sql<{
      id: string
    }>`insert into documents.template (tenant_id, id, code, name, name_en, source, draft, published, changed, changed_at)
      values (${ctx.tenantId}, ${id}, ${code}, ${name}, ${nameEn}, ${source}, ${JSON.stringify(content)}, 1, false, ${ctx.now})
      on conflict (tenant_id, code) where code is not null do nothing returning id`.execute(ctx.db)
    if (added.length > 0)
      await sql`insert into documents.template_version (tenant_id, template_id, number, content, published_at)
        values (${ctx.tenantId}, ${id}, 1, ${JSON.stringify(content)}, ${ctx.now})`.execute(ctx.db)
  }
}

type Row = Omit<TemplateLine, 'languages'> & { draft: TemplateContent; inUse: TemplateContent | null }
const selectTemplates = (ctx: Ctx) =>
  ctx.db
    .selectFrom('documents.template as t')
    .leftJoin('documents.templateVersion as v', join => join.onRef('v.templateId', '=', 't.id').onRef('v.number', '=', 't.published'))
    .select([
      't.id',
      't.code',
      't.name',
      't.nameEn',
      't.source',
      't.draft',
      't.published',
      't.changed',
      't.changedAt',
      't.retired',
      't.keepDays',
      't.version',
      'v.content as inUse',
    ])

/** What was stored before its schema learned something reads as it was meant. */
const shown = (row: Row): Template => ({
  ...row,
  draft: TemplateContent.parse(row.draft),
  inUse: row.inUse && TemplateContent.parse(row.inUse),
  languages: (['zh', 'en'] as const).filter(l => (row.inUse ?? row.draft)[l].length > 0),
})

export async function listTemplates(ctx: Ctx, { retired }: z.output<typeof documents.templates.query>): Promise<TemplateLine[]> {
  await ready(ctx)
  const rows = await selectTemplates(ctx)
    .$if(retired !== true, q => q.where('t.retired', '=', false))
    .orderBy('t.name')
    .orderBy('t.id')
    .limit(200)
    .execute()
  return rows.map(shown)
}

export async function oneTemplate(ctx: Ctx, id: string): Promise<Template> {
  return shown(found(await selectTemplates(ctx).where('t.id', '=', id).executeTakeFirst(), 'documentTemplate', id))
}

async function lockTemplate(ctx: Ctx, id: string, version: number) {
  const row = found(
    await ctx.db.selectFrom('documents.template').selectAll().where('id', '=', id).forUpdate().executeTakeFirst(),
    'documentTemplate',
    id,
  )
  if (row.version !== version) throw new Refusal('conflict', 'document.template_changed', { version: row.version })
  return row
}

export async function addTemplate(ctx: Ctx, { name, nameEn, source, draft }: z.output<typeof NewTemplate>): Promise<Template> {
  checkContent(draft, sourceOf(source).variables)
  const id = newId()
  await ctx.db
    .insertInto('documents.template')
    .values({
      id,
      code: null,
      name,
      nameEn,
      source,
      draft: JSON.stringify(draft),
      published: null,
      changed: true,
      changedAt: ctx.now,
      retired: false,
      version: 1,
    })
    .execute()
  await ctx.emit(templateAdded, { id }, { version: 1 })
  return oneTemplate(ctx, id)
}

export async function changeTemplate(ctx: Ctx, id: string, body: z.output<typeof documents.changeTemplate.body>): Promise<Template> {
  const row = await lockTemplate(ctx, id, body.version)
  if (body.draft) checkContent(body.draft, sourceOf(row.source).variables)
  const next = {
    name: body.name ?? row.name,
    nameEn: body.nameEn ?? row.nameEn,
    retired: body.retired ?? row.retired,
    keepDays: body.keepDays === undefined ? row.keepDays : body.keepDays,
    version: row.version + 1,
  }
  await ctx.db
    .updateTable('documents.template')
    .set({ ...next, ...(body.draft ? { draft: JSON.stringify(body.draft), changed: true } : {}), changedAt: ctx.now })
    .where('id', '=', id)
    .execute()
  await ctx.emit(templateChanged, { id }, { version: next.version, retired: next.retired })
  return oneTemplate(ctx, id)
}

export async function publishTemplate(ctx: Ctx, id: string, version: number): Promise<Template> {
  const row = await lockTemplate(ctx, id, version)
  if (!row.changed) throw new Refusal('conflict', 'document.nothing_to_publish')
  checkContent(row.draft, sourceOf(row.source).variables)
  const number = (row.published ?? 0) + 1
  await ctx.db
    .insertInto('documents.templateVersion')
    .values({ templateId: id, number, content: JSON.stringify(row.draft), publishedAt: ctx.now, publishedById: actorId(ctx.actor) })
    .execute()
  await ctx.db
    .updateTable('documents.template')
    .set({ published: number, changed: false, changedAt: ctx.now, version: version + 1 })
    .where('id', '=', id)
    .execute()
  await ctx.emit(templatePublished, { id }, { version: version + 1, number })
  return oneTemplate(ctx, id)
}

const selectVersions = (ctx: Ctx, id: string) =>
  ctx.db
    .selectFrom('documents.templateVersion as v')
    .select(['v.number', 'v.publishedAt'])
    .select(
      sql<string | null>`(select p.name from identity.fact_person p where p.tenant_id = ${ctx.tenantId} and p.id = v.published_by_id)`.as(
        'publishedByName',
      ),
    )
    .where('v.templateId', '=', id)

export async function templateVersions(ctx: Ctx, id: string): Promise<TemplateVersion[]> {
  await oneTemplate(ctx, id)
  return selectVersions(ctx, id).orderBy('v.number', 'desc').limit(100).execute()
}

export async function templateVersion(ctx: Ctx, id: string, number: string) {
  const asked = /^\d{1,6}$/.test(number) ? Number(number) : 0
  const row = await selectVersions(ctx, id).select('v.content').where('v.number', '=', asked).executeTakeFirst()
  const version = found(row, 'documentTemplate', id)
  return { ...version, content: TemplateContent.parse(version.content) }
}

/** A draft with the example data of its source: nobody's figures are shown to who may only set up templates. With `params`, with what the person may see. */
export async function preview(ctx: Ctx, { source: name, language, draft, params }: z.output<typeof documents.preview.body>) {
  const source = sourceOf(name)
  if (params && scopeOf(ctx.actor, source.may) === null) throw new Refusal('forbidden', 'access.denied', { permission: source.may })
  checkContent(draft, source.variables)
  const data = params ? await source.load(ctx, params, language) : source.example(language)
  const tenant = await tenantCard(ctx)
  const inputs = Object.fromEntries(draft.inputs.map(i => [i.key, language === 'en' ? i.labelEn || i.label : i.label]))
  const filled = fill(draft, source.variables, data, inputs, {
    language,
    title: language === 'en' ? source.en : source.zh,
    author: language === 'en' ? 'Zhang Min' : '张敏',
    organisation: language === 'en' ? tenant.nameEn || tenant.name : tenant.name,
    timezone: tenant.timezone,
    now: ctx.now,
  })
  return { html: writePage(filled), filled }
}
