import * as z from 'zod'
import { countAll } from '#domains/insight/index.ts'
import { recountAll as recountViews } from '#domains/views/index.ts'
import { dateIn, startOfDay } from '#kernel/calendar.ts'
import { allTenants } from '#kernel/directory.ts'
import type { House } from '#kernel/house.ts'
import { asSystem } from '#kernel/react.ts'
import { furnishCalls } from './calls.ts'
import { slug, timezone } from './centre.ts'
import { throwing } from './dice.ts'
import { furnishDocuments } from './documents.ts'
import { furnishDuplicates } from './duplicates.ts'
import { inBulk } from './fill.ts'
import { furnish, idsOf, type Language, wordsIn } from './furnishing.ts'
import { grow, type Tell } from './growing/grow.ts'
import { type Amount, firstOf, type Size, sizes, writeHistory } from './history.ts'
import { improve } from './improvement.ts'
import { furnishNeeds } from './needs.ts'
import { furnishBell, furnishViews } from './news.ts'
import { furnishOpportunities } from './opportunities.ts'
import { furnishAccounts } from './receivables.ts'
import { furnishRecords } from './records.ts'
import { automate } from './rules.ts'
import { furnishRuns } from './runs.ts'
import { furnishSegments } from './segments.ts'

export type Wanted = {
  size: Size | Amount
  language: Language
  now: Date
  tell?: Tell /** A centre that is whole already grows to the size, too. */
  enlarge?: boolean
}

/** At the start of the product: fills an empty installation, completes a sample centre whose filling was cut short, and leaves every other alone. */
export async function sampleAtStart(house: House, controlUrl: string, wanted: Wanted): Promise<string | null> {
  const tenants = await allTenants(house.control)
  return tenants.length > 0 && !tenants.some(t => t.slug === slug) ? null : makeSample(house, controlUrl, wanted)
}

/** The sample centre, whole: made when missing, completed when only its history is, grown when it is to be larger. Returns its tenant. */
export async function makeSample(
  house: House,
  controlUrl: string,
  { size, language, now, tell = () => {}, enlarge }: Wanted,
): Promise<string> {
  const before = (await allTenants(house.control)).find(t => t.slug === slug)
  const today = startOfDay(timezone, dateIn(timezone, now))
  const tenantId = before?.tenantId ?? throwing(`${language} tenant`).id(today)
  const wanted = typeof size === 'string' ? sizes[size] : size
  if (!before) await asSystem(house, tenantId, ctx => furnish(ctx, language, idsOf(language, today)))

  const made = await asSystem(house, tenantId, ctx =>
    ctx.db.selectFrom('identity.tenant').select(['createdAt', 'language', 'settings']).executeTakeFirstOrThrow(),
  )
  const isNew = made.settings.history === 'missing'
  const of = { tenantId, language: made.language, say: wordsIn(made.language), now }
  if (isNew) {
    const amount = { contacts: Math.min(wanted.contacts, sizes.S.contacts), customers: Math.min(wanted.customers, sizes.S.customers) }
    const day = startOfDay(timezone, dateIn(timezone, made.createdAt))
    await inBulk(controlUrl, tenantId, async (fill, client) => {
      await writeHistory(fill, { ...of, amount, ids: idsOf(made.language, day) })
      // What is to be grown stands in the row until it is: a growth cut short goes on at the next start.
      await client.query(`update identity.tenant set settings = settings - 'history' || $2::jsonb where tenant_id = $1`, [
        tenantId,
        JSON.stringify(wanted.contacts > amount.contacts ? { growing: wanted } : {}),
      ])
    })
  }
  const growing = isNew || enlarge ? wanted : Growing.safeParse(made.settings.growing).data
  const grows = growing && growing.contacts > sizes.S.contacts
  if (grows) await grow(controlUrl, { ...of, first: firstOf(now), amount: growing, tell })
  if (isNew || grows)
    await asSystem(house, tenantId, async ctx => {
      if (isNew) await furnishCalls(ctx, idsOf(made.language, startOfDay(timezone, dateIn(timezone, made.createdAt))), of.say)
      await countAll(ctx)
      // What standards came to is computed from what was counted.
      const ids = idsOf(made.language, startOfDay(timezone, dateIn(timezone, made.createdAt)))
      if (isNew) await improve(ctx, ids, of.say)
      if (isNew) await furnishOpportunities(ctx, ids, of.say)
      if (isNew) await furnishNeeds(ctx, ids, of.say)
      if (isNew) await furnishDocuments(ctx, ids, made.language, timezone, of.say)
      if (isNew) await furnishRuns(ctx, ids, made.language, timezone, of.say)
      if (isNew) await furnishAccounts(ctx, ids, of.say)
      if (isNew) await furnishSegments(ctx, of.say)
      if (isNew) await furnishDuplicates(ctx)
      if (isNew) await furnishBell(ctx)
      if (isNew) await furnishRecords(ctx, ids, of.say)
      if (isNew) await automate(ctx, ids, of.say)
      if (isNew) await furnishViews(ctx, ids, of.say)
      else await recountViews(ctx)
    })
  return tenantId
}

/** What the row of a centre whose growth was cut short says it is to become. */
const Growing = z.object({ contacts: z.number(), customers: z.number(), tickets: z.number().optional() })
