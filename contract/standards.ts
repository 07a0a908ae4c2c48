import * as z from 'zod'
import { catalog, changeOf, get, Id, Order, Paging, pageOf, post, put, Time, Words } from './endpoint.ts'
import { FigureName, NamedSubject, Subject } from './insight.ts'

export const Day = z.iso.date().refine(day => day >= '2000' && day < '2100')
const Name = { name: Words(80), nameEn: z.string().trim().max(80).default('') }

/** What the house wants to be known for, over a time; goals beneath it, standards beneath these. A standard judged by the year is the goal's yearly target. */
export const strategies = catalog(
  '/strategies',
  z.object({ ...Name, text: z.string().trim().max(8000).default(''), ownerId: Id.nullable().default(null), fromDay: Day, untilDay: Day }),
  { read: 'improvement:read', write: 'standard:configure' },
)
export const goals = catalog(
  '/goals',
  z.object({
    strategyId: Id,
    ...Name,
    text: z.string().trim().max(4000).default(''),
    ownerId: Id.nullable().default(null),
    position: z.int().min(0).max(10_000).default(0),
  }),
  { read: 'improvement:read', write: 'standard:configure' },
)

export const StandardPeriod = z.enum(['day', 'week', 'month', 'quarter', 'year'])
export type StandardPeriod = z.output<typeof StandardPeriod>
export const StandardKind = z.enum(['result', 'language', 'behaviour', 'process'])
/** How a standard is measured. */
export const Measure = z.object({
  figure: FigureName,
  subject: Subject,
  /** In the figure's unit, a share as 0.95. */
  target: z.number(),
  /** Missing the target by no more than this still counts as attained. */
  tolerance: z.number().min(0).default(0),
  period: StandardPeriod,
  /** With fewer cases in a period nothing is judged. */
  leastCases: z.int().min(1).max(1_000_000).default(30),
  fromDay: Day,
})
const StandardText = z.object({
  ...Name,
  goalId: Id.nullable().default(null),
  kind: StandardKind.default('result'),
  text: z.string().trim().max(4000).default(''),
  /** The clause it comes from, such as GB/T 33358. */
  source: z.string().trim().max(200).default(''),
  ownerId: Id.nullable().default(null),
})
export const Version = z.object({
  id: Id,
  number: z.int(),
  figure: FigureName,
  figureVersion: z.int(),
  subject: NamedSubject,
  target: z.number(),
  tolerance: z.number(),
  period: StandardPeriod,
  leastCases: z.int(),
  fromDay: z.iso.date(),
  untilDay: z.iso.date().nullable(),
  setById: Id.nullable(),
  setAt: Time,
})
export type Version = z.output<typeof Version>
export const AttainmentState = z.enum(['running', 'attained', 'missed', 'too_few'])
export type AttainmentState = z.output<typeof AttainmentState>
/** A period judged, or under way. `low` and `high`: Wilson's interval at 95 %, where the figure is a share. */
export const Attainment = z.object({
  id: Id,
  versionId: Id,
  fromDay: z.iso.date(),
  untilDay: z.iso.date(),
  value: z.number().nullable(),
  n: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  state: AttainmentState,
  /** Under way, and hardly to be reached any more. */
  endangeredAt: Time.nullable(),
  taskId: Id.nullable(),
  computedAt: Time,
})
export type Attainment = z.output<typeof Attainment>
export const Standard = z.object({
  id: Id,
  name: z.string(),
  nameEn: z.string(),
  goalId: Id.nullable(),
  kind: StandardKind,
  text: z.string(),
  source: z.string(),
  ownerId: Id.nullable(),
  ownerName: z.string().nullable(),
  retired: z.boolean(),
  /** Null: words alone, not measured. */
  version: Version.nullable(),
  /** The period under way. */
  running: Attainment.nullable(),
  /** The last twelve that are closed, oldest first. */
  past: z.array(Attainment),
})
export type Standard = z.output<typeof Standard>
export const standards = {
  list: get('/standards', {
    query: Paging.extend({ goalId: Id.optional(), retired: z.enum(['true']).optional(), sort: Order('added', 'name', '-name') }),
    reply: pageOf(Standard),
    may: 'improvement:read',
    says: 'Standards with the period under way and the last twelve.',
  }),
  one: get('/standards/:id', { reply: Standard, may: 'improvement:read', says: 'One standard.' }),
  versions: get('/standards/:id/versions', {
    reply: z.array(Version),
    may: 'improvement:read',
    says: 'How it was measured, newest first.',
  }),
  attainments: get('/attainments', {
    query: Paging.extend({ standardId: Id }),
    reply: pageOf(Attainment),
    may: 'improvement:read',
    says: 'Periods of a standard, newest first.',
  }),
  add: post('/standards', {
    body: StandardText.extend({ measure: Measure.nullable().default(null) }),
    reply: Standard,
    may: 'standard:configure',
    says: 'Add a standard; with a measure it is computed from its first day on.',
  }),
  change: put('/standards/:id', {
    body: changeOf(StandardText),
    reply: Standard,
    may: 'standard:configure',
    says: 'Change its words or owner.',
  }),
  measure: post('/standards/:id/versions', {
    body: Measure,
    reply: Standard,
    may: 'standard:configure',
    says: 'Measure it anew from a day on; what was judged before stays.',
  }),
  compute: post('/standards/:id/computing', { reply: Standard, may: 'improvement:read', says: 'Compute it now.' }),
  retire: put('/standards/:id/retired', {
    body: z.object({ retired: z.boolean() }),
    reply: Standard,
    may: 'standard:configure',
    says: 'Retire it or bring it back.',
  }),
}
