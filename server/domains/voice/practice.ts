import type { Ctx } from '#kernel/work.ts'

/** Numbers that lead somewhere. */
export const numbersToDial = (ctx: Ctx): Promise<{ number: string; name: string; nameEn: string }[]> =>
  ctx.db
    .selectFrom('voice.number')
    .select(['number', 'name', 'nameEn'])
    .where('retired', '=', false)
    .where('flowId', 'is not', null)
    .orderBy('number')
    .limit(50)
    .execute()
