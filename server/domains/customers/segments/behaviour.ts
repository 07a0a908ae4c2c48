import { type RawBuilder, sql } from 'kysely'
import { Channel } from '#contract/interactions.ts'
import type { FieldOffer } from '#kernel/automation.ts'
import { ofTheBooks } from './receivables.ts'

export type Sql = RawBuilder<unknown>
/** From when a behaviour is asked about, and until when. `today` and `zone`: the organisation's, for what goes by days. */
export type Window = { since: Date; now: Date; days: number; today: Sql; zone: Sql }

/**
 * What customers did, as another domain tells it in a `fact_` view that has a `tenant_id` and a `customer_id`; the view's alias is `f`.
 * Everything any id of a family did is the kept one's.
 */
export type Behaviour = FieldOffer & {
  kind: 'number'
  period: boolean
  from: Sql
  where: (window: Window) => Sql
  /** An aggregate over its rows. */
  value: (window: Window) => Sql
  /** What it is of somebody without any; null: nothing is known. */
  none: number | null
}

const contacts = sql`interactions.fact_interaction`
const tickets = sql`tickets.fact_ticket`
const ratings = sql`surveys.fact_rating`
const many = () => sql`count(*)`
const countOf = (offer: Pick<Behaviour, 'key' | 'name' | 'nameEn' | 'period' | 'from' | 'where'>): Behaviour => ({
  kind: 'number',
  value: many,
  none: 0,
  ...offer,
})

const channels: Record<(typeof Channel.options)[number], readonly [string, string]> = {
  phone: ['电话', 'telephone'],
  chat: ['网页会话', 'web chat'],
  wechat: ['微信', 'WeChat'],
  mail: ['邮件', 'mail'],
  sms: ['短信', 'SMS'],
  form: ['表单', 'forms'],
}

export const behaviours: readonly Behaviour[] = [
  countOf({
    key: 'contacts',
    name: '接触次数',
    nameEn: 'Contacts',
    period: true,
    from: contacts,
    where: ({ since }) => sql`f.started_at >= ${since}`,
  }),
  ...Channel.options.map(channel =>
    countOf({
      key: `contacts.${channel}`,
      name: `接触次数：${channels[channel][0]}`,
      nameEn: `Contacts by ${channels[channel][1]}`,
      period: true,
      from: contacts,
      where: ({ since }) => sql`f.started_at >= ${since} and f.channel = ${channel}`,
    }),
  ),
  countOf({
    key: 'ticketsOpened',
    name: '新开工单',
    nameEn: 'Tickets opened',
    period: true,
    from: tickets,
    where: ({ since }) => sql`f.opened_at >= ${since}`,
  }),
  countOf({
    key: 'ticketsOpen',
    name: '未结工单',
    nameEn: 'Open tickets',
    period: false,
    from: tickets,
    // A literal: so the planner knows the partial index.
    where: () => sql`f.status <> 'closed'`,
  }),
  countOf({
    key: 'ticketsLate',
    name: '超时未结工单',
    nameEn: 'Late open tickets',
    period: false,
    from: tickets,
    where: ({ now }) =>
      sql`f.status <> 'closed' and (f.late or (f.status in ('accepted', 'dispatched', 'handling') and coalesce(f.due_at < ${now}, false)))`,
  }),
  countOf({
    key: 'ratings',
    name: '评价次数',
    nameEn: 'Ratings given',
    period: true,
    from: ratings,
    where: ({ since }) => sql`f.rated_at >= ${since}`,
  }),
  {
    key: 'ratingWorst',
    kind: 'number',
    name: '最低评分',
    nameEn: 'Worst rating',
    period: true,
    from: ratings,
    where: ({ since }) => sql`f.rated_at >= ${since}`,
    value: () => sql`min(f.score)`,
    none: null,
  },
  {
    key: 'ratingMean',
    kind: 'number',
    name: '平均评分',
    nameEn: 'Mean rating',
    period: true,
    from: ratings,
    where: ({ since }) => sql`f.rated_at >= ${since}`,
    value: () => sql`sum(f.score)::float8 / count(*)`,
    none: null,
  },
  ...ofTheBooks,
]
