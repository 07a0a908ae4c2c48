import { dateIn, startOfDay } from '#kernel/calendar.ts'
import { allTenants } from '#kernel/directory.ts'
import type { House } from '#kernel/house.ts'
import { asSystem } from '#kernel/react.ts'
import { slug, timezone } from './centre.ts'
import { throwing } from './dice.ts'
import { inBulk } from './fill.ts'
import { furnish, idsOf, type Language, wordsIn } from './furnishing.ts'
import { type Amount, type Size, sizes, writeHistory } from './history.ts'

export type Wanted = { size: Size | Amount; language: Language; now: Date }

/** At the start of the product: fills an empty installation, completes a sample centre whose filling was cut short, and leaves every other alone. */
export async function sampleAtStart(house: House, controlUrl: string, wanted: Wanted): Promise<string | null> {
  const tenants = await allTenants(house.control)
  return tenants.length > 0 && !tenants.some(t => t.slug === slug) ? null : makeSample(house, controlUrl, wanted)
}

/** The sample centre, whole: made when missing, completed when only its history is. Returns its tenant. */
export async function makeSample(house: House, controlUrl: string, { size, language, now }: Wanted): Promise<string> {
  const before = (await allTenants(house.control)).find(t => t.slug === slug)
  const today = startOfDay(timezone, dateIn(timezone, now))
  const tenantId = before?.tenantId ?? throwing(`${language} tenant`).id(today)
  if (!before) await asSystem(house, tenantId, ctx => furnish(ctx, language, idsOf(language, today)))

  const made = await asSystem(house, tenantId, ctx =>
    ctx.db.selectFrom('identity.tenant').select(['createdAt', 'language', 'settings']).executeTakeFirstOrThrow(),
  )
  if (made.settings.history !== 'missing') return tenantId
  const day = startOfDay(timezone, dateIn(timezone, made.createdAt))
  await inBulk(controlUrl, tenantId, async (fill, client) => {
    await writeHistory(fill, {
      tenantId,
      amount: typeof size === 'string' ? sizes[size] : size,
      language: made.language,
      say: wordsIn(made.language),
      ids: idsOf(made.language, day),
      now,
    })
    await client.query(`update identity.tenant set settings = settings - 'history' where tenant_id = $1`, [tenantId])
  })
  return tenantId
}
