import { sql } from 'kysely'
import type { Tongue } from '#contract/outgoing.ts'
import type { NewTemplate, Template } from '#contract/outgoingSettings.ts'
import { differenceOf } from '#kernel/difference.ts'
import { newId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { builtIn } from './builtIn.ts'
import { templateChanged } from './events.ts'
import { nameIn, senderOf } from './policy.ts'
import { segmentsOf } from './segments.ts'
import { checkTemplate, filled, htmlOf, oneLine } from './templating.ts'

const columns = sql`code, purpose, name, name_en as "nameEn", subject, subject_en as "subjectEn", text, text_en as "textEn", sms, sms_en as "smsEn", vendor_code as "vendorCode", variables, retired`
type Row = NewTemplate & { code: string; retired: boolean }

const coming = (code: string) => builtIn.find(t => t.code === code)
/** Words may be one's own; the variables of a built-in one are its senders'. */
const shown = (row: Row): Template => {
  const base = coming(row.code)
  return { ...row, variables: base?.variables ?? row.variables, builtIn: base !== undefined, changed: base !== undefined }
}

export async function listTemplates(ctx: Ctx, withRetired: boolean): Promise<Template[]> {
  const { rows } = await sql<Row>`select ${columns} from messaging.template where tenant_id = ${ctx.tenantId} order by code`.execute(ctx.db)
  const own = new Map(rows.map(row => [row.code, row]))
  return [
    ...builtIn.map(t => {
      const row = own.get(t.code)
      return row ? shown(row) : { ...t, builtIn: true, changed: false, retired: false }
    }),
    ...rows.filter(row => !coming(row.code) && (withRetired || !row.retired)).map(shown),
  ]
}

/** The template of that code as it is said now. */
export async function templateOf(ctx: Ctx, code: string): Promise<NewTemplate & { code: string }> {
  const { rows } =
    await sql<Row>`select ${columns} from messaging.template where tenant_id = ${ctx.tenantId} and code = ${code} and not retired`.execute(
      ctx.db,
    )
  return found(rows[0] ?? coming(code), 'template', code)
}

/** Built-in templates keep their purpose and variables: those who send by them rely on both. */
export async function saveTemplate(ctx: Ctx, code: string, given: NewTemplate): Promise<Template> {
  const base = coming(code)
  const next = base ? { ...given, purpose: base.purpose, variables: base.variables } : given
  if (!base && (next.purpose === 'password_link' || next.purpose === 'invitation' || next.purpose === 'code' || next.purpose === 'test'))
    throw new Refusal('invalid', 'template.purpose_kept', { purpose: next.purpose })
  checkTemplate(next)
  const { rows } =
    await sql<Row>`select ${columns} from messaging.template where tenant_id = ${ctx.tenantId} and code = ${code} for update`.execute(
      ctx.db,
    )
  const before = rows[0]
  const { purpose, name, nameEn, subject, subjectEn, text, textEn, sms, smsEn, vendorCode, variables } = next
  await sql`insert into messaging.template (tenant_id, id, code, purpose, name, name_en, subject, subject_en, text, text_en, sms, sms_en, vendor_code, variables, changed_at)
    values (${ctx.tenantId}, ${newId()}, ${code}, ${purpose}, ${name}, ${nameEn}, ${subject}, ${subjectEn}, ${text}, ${textEn}, ${sms}, ${smsEn}, ${vendorCode}, ${JSON.stringify(variables)}, ${ctx.now})
    on conflict (tenant_id, code) do update set purpose = excluded.purpose, name = excluded.name, name_en = excluded.name_en, subject = excluded.subject, subject_en = excluded.subject_en,
      text = excluded.text, text_en = excluded.text_en, sms = excluded.sms, sms_en = excluded.sms_en, vendor_code = excluded.vendor_code, variables = excluded.variables,
      retired = false, changed_at = excluded.changed_at`.execute(ctx.db)
  await ctx.emit(
    templateChanged,
    { id: ctx.tenantId },
    { name, act: before ? 'changed' : 'added', changes: differenceOf(before ?? base ?? {}, next, told) },
  )
  return shown({ ...next, code, retired: false })
}
const told = ['name', 'nameEn', 'purpose', 'subject', 'subjectEn', 'text', 'textEn', 'sms', 'smsEn', 'vendorCode']

export async function dropTemplate(ctx: Ctx, code: string): Promise<Template[]> {
  const { rows } = coming(code)
    ? await sql<{
        name: string
      }>`delete from messaging.template where tenant_id = ${ctx.tenantId} and code = ${code} returning name`.execute(ctx.db)
    : await sql<{
        name: string
      }>`update messaging.template set retired = true where tenant_id = ${ctx.tenantId} and code = ${code} returning name`.execute(ctx.db)
  const { name } = found(rows[0], 'template', code)
  await ctx.emit(templateChanged, { id: ctx.tenantId }, { name, act: 'retired' })
  return listTemplates(ctx, true)
}

/** How it reads with its sample values. */
export async function previewTemplate(ctx: Ctx, template: NewTemplate & { language: Tongue }) {
  checkTemplate(template)
  const { language } = template
  const values = Object.fromEntries(template.variables.map(v => [v.key, language === 'en' ? v.sampleEn || v.sample : v.sample]))
  const of = (zh: string, en: string) => filled(language === 'en' ? en || zh : zh || en, values)
  const sender = await senderOf(ctx)
  const text = of(template.text, template.textEn)
  const sms = of(template.sms, template.smsEn)
  const { length, segments, encoding } = segmentsOf(sms)
  return {
    subject: oneLine(of(template.subject, template.subjectEn)),
    text,
    html: htmlOf(text, { language, sender: nameIn(sender, language), brand: sender.brand }),
    sms,
    smsLength: length,
    smsSegments: sms === '' ? 0 : segments,
    smsEncoding: encoding,
  }
}
