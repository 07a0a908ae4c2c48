import { sql } from 'kysely'
import type { FormValues } from '#contract/forms.ts'
import type { Column } from '#kernel/exports.ts'
import type { Page } from '#kernel/paging.ts'
import type { Ctx } from '#kernel/work.ts'
import { ownFieldsSeen, sensitiveKeys, valueSeen } from './access.ts'

type WithOwn = { own: FormValues }
const yesno = { true: ['是', 'Yes'], false: ['否', 'No'] } as const

/** A page with what stands in own fields. Which of those go into the file, the columns say. */
export async function withOwn<R extends { id: string }>(ctx: Ctx, page: Page<R>): Promise<Page<R & WithOwn>> {
  const ids = page.rows.map(row => row.id)
  const rows = await ctx.db
    .selectFrom('customers.customer')
    .select(['id', 'fields'])
    .where(sql<boolean>`id = any(${ids}::uuid[])`)
    .where(sql<boolean>`fields <> '{}'`)
    .execute()
  const known = new Map(rows.map(row => [row.id, row.fields]))
  return { next: page.next, rows: page.rows.map(row => ({ ...row, own: known.get(row.id) ?? {} })) }
}

/** A column per own field that whoever asks sees. */
export async function ownColumns(ctx: Ctx): Promise<Record<string, Column<WithOwn>>> {
  const [fields, sensitive] = await Promise.all([ownFieldsSeen(ctx), sensitiveKeys(ctx)])
  return Object.fromEntries(
    fields.map(({ key, label, labelEn, options, masked }): [string, Column<WithOwn>] => [
      `own.${key}`,
      {
        title: [label, labelEn || label],
        masked,
        sensitive: sensitive.has(key),
        value: ({ own }, say) => {
          const value = valueSeen({ masked }, own[key])
          const option = options.find(o => o.value === value)
          if (option) return say([option.label, option.labelEn || option.label])
          if (typeof value === 'boolean') return say(yesno[`${value}`])
          return typeof value === 'string' || typeof value === 'number' ? value : null
        },
      },
    ]),
  )
}
