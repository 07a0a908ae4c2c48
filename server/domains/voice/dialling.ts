import { phoneNumber } from '#domains/customers/index.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import type { NumberRow } from './rows.ts'

/** As it is dialled: E.164 where it is a whole number, a short one as it was typed. */
export function dialled(typed: string): string {
  const number = phoneNumber(typed) ?? typed.replaceAll(/[\s().-]/g, '')
  if (!/^\+?[0-9*#]{2,20}$/.test(number)) throw new Refusal('invalid', 'call.number_unknown', { number: typed })
  return number
}

/** The number of ours that is shown: the one meant, if it may be, or the first that may. */
export async function shownNumber(ctx: Ctx, id: string | null): Promise<NumberRow> {
  const numbers = ctx.db.selectFrom('voice.number').selectAll().where('retired', '=', false).where('outbound', '=', true)
  const meant = id === null ? undefined : await numbers.where('id', '=', id).executeTakeFirst()
  const number = meant ?? (await numbers.orderBy('number').limit(1).executeTakeFirst())
  if (!number) throw new Refusal('conflict', 'call.no_number_to_show')
  return number
}
