import { sql } from 'kysely'
import * as z from 'zod'
import { action, type Option } from '#kernel/automation.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { addressOf, senderOf } from './policy.ts'
import { sendMessage } from './send.ts'
import { wayTo } from './telling.ts'
import { listTemplates, templateOf } from './templates.ts'

/** What opens doors, or is said to colleagues, no rule sends to a customer. */
const kept: readonly string[] = ['password_link', 'invitation', 'code', 'test', 'notification']
const templates = async (ctx: Ctx): Promise<Option[]> =>
  (await listTemplates(ctx, false))
    .filter(t => !kept.includes(t.purpose))
    .map(t => ({ value: t.code, name: t.name, nameEn: t.nameEn || t.name }))

const ways = z.enum(['either', 'sms', 'mail'])
const wayOptions: Option[] = [
  { value: 'either', name: '短信优先', nameEn: 'Short message first' },
  { value: 'sms', name: '短信', nameEn: 'Short message' },
  { value: 'mail', name: '邮件', nameEn: 'Mail' },
]

/** By a template, to the customer the thing is about; the guard decides as over everything that goes out. */
export const sending = action({
  key: 'message.send',
  on: null,
  may: 'message:send',
  name: '给客户发消息',
  nameEn: 'Send the customer a message',
  params: z.object({ template: z.string().min(1).max(60), way: ways.default('either'), content: z.string().trim().max(2000).default('') }),
  asks: {
    template: { kind: 'choice', name: '模板', nameEn: 'Template', options: templates },
    way: { kind: 'choice', name: '渠道', nameEn: 'Way', options: wayOptions, optional: true },
    content: { kind: 'text', name: '模板里的内容', nameEn: 'Words for the template', optional: true },
  },
  run: async (ctx, { id, label, fields, says = {} }, { template: code, way, content }) => {
    const template = await templateOf(ctx, code)
    if (kept.includes(template.purpose)) throw new Refusal('invalid', 'template.purpose_kept', { purpose: template.purpose })
    const customerId = await customerOf(ctx, fields.customerId)
    const channel = await wayTo(ctx, customerId, way)
    if (channel === null) throw new Refusal('conflict', 'message.no_way')
    const asked = new Set(template.variables.map(v => v.key))
    const { language } = await senderOf(ctx)
    const said = (words: string | readonly [string, string]) => (typeof words === 'string' ? words : words[language === 'en' ? 1 : 0])
    const link = asked.has('link') && says.link !== undefined ? await addressOf(ctx, said(says.link)) : null
    const known = { title: label, content: content || label, matter: label, ...says }
    const variables = Object.entries(known).flatMap(([key, words]) =>
      key !== 'link' && asked.has(key) ? [[key, said(words)] as const] : [],
    )
    await sendMessage(ctx, {
      channel,
      purpose: template.purpose,
      template: code,
      language,
      variables: Object.fromEntries(variables),
      ...(link === null ? {} : { secrets: { link } }),
      customerId,
      idempotencyKey: `rule ${ctx.cause ?? id} ${code} ${channel}`,
    })
  },
})

async function customerOf(ctx: Ctx, value: unknown): Promise<string> {
  const id = typeof value === 'string' ? value : null
  const { rows } = await sql<{
    id: string
  }>`select id from customers.fact_customer where tenant_id = ${ctx.tenantId} and id = ${id}::uuid`.execute(ctx.db)
  const known = rows[0]?.id
  if (known === undefined) throw new Refusal('conflict', 'message.no_customer')
  return known
}
