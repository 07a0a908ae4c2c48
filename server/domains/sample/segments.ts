import { sql } from 'kysely'
import { Condition } from '#contract/conditions.ts'
import { addSegment, applyTo, changeLadder, readLadder } from '#domains/customers/index.ts'
import type { Ctx } from '#kernel/work.ts'
import type { Pair } from './centre.ts'
import type { Say } from './furnishing.ts'

type Leaves = readonly { field: string; op: string; value?: unknown }[]
const segments: readonly { name: Pair; note: Pair; all: Leaves }[] = [
  {
    name: ['欠费百元以上', 'Owe a hundred yuan or more'],
    note: ['催缴短信只发给他们', 'Reminders go to them alone'],
    all: [{ field: 'balanceDue', op: 'atLeast', value: 10_000 }],
  },
  {
    name: ['近月多次来访', 'Often in touch this month'],
    note: ['先看有没有没解决的事', 'See first what is not settled yet'],
    all: [{ field: 'contacts@30', op: 'atLeast', value: 3 }],
  },
  {
    name: ['近季给过差评', 'Rated us badly this quarter'],
    note: ['', ''],
    all: [{ field: 'ratingWorst@90', op: 'atMost', value: 2 }],
  },
  {
    name: ['停水须先告知', 'Told first when the water is off'],
    note: ['老人、婴幼儿、医疗用水', 'Elderly, infants, medical need'],
    all: [{ field: 'care', op: 'filled' }],
  },
]

/** How many stand on a stage from the beginning: those one meets first. The night asks about the others. */
const placed = 400

export async function furnishSegments(ctx: Ctx, say: Say): Promise<void> {
  for (const { name, note, all } of segments)
    await addSegment(ctx, { name: say(name), nameEn: name[1], note: say(note), condition: Condition.parse({ match: 'all', of: all }) })
  const { version, steps } = await readLadder(ctx, 'stage')
  await changeLadder(ctx, 'stage', { version, active: true, steps: [...steps] })
  const { rows } = await sql<{ id: string }>`select id from customers.customer where tenant_id = ${ctx.tenantId}
    order by coalesce(last_contact_at, timestamptz '1970-01-01 00:00:00+00') desc, id desc limit ${placed}`.execute(ctx.db)
  await applyTo(ctx, 'stage', rows.map(row => row.id), false) // biome-ignore format: one line reads better
}
