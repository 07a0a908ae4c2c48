import type pg from 'pg'
import { bigrams } from '#kernel/search.ts'
import { kinds } from '../catalogs.ts'
import { type Dice, throwing } from '../dice.ts'
import type { Fill, Row } from '../fill.ts'
import { topics } from '../words/topics.ts'
import { filled, nameOf } from '../world.ts'
import { idAt } from './contacts.ts'
import type { Grown } from './grow.ts'

const day = 86_400_000
/** The wall of the centre knows no summer time: a million dates are not worth asking a calendar. */
const china = 8 * 3_600_000
const openShare = 0.02

type Model = {
  kind_code: string
  title: string
  status: string
  priority: string
  kind_id: string
  category_id: string | null
  fields: unknown
  department_id: string | null
  assignee_id: string | null
  opened_by_id: string | null
  opened_at: Date
  dispatched_at: Date | null
  taken_at: Date | null
  resolved_at: Date | null
  closed_at: Date | null
  changed_at: Date
  due_at: Date | null
  paused_at: Date | null
  left_minutes: number | null
  target_minutes: number
  late: boolean
  resolution: string
  returns: number
  urges: number
  urged_at: Date | null
}
type Person = { id: string; address: string }

/** Tickets that are there again and again: each of another customer, another day, in other words, because a text index over equal texts would be a toy. */
export async function growTickets(fill: Fill, client: pg.Client, grown: Grown): Promise<boolean> {
  const { tenantId, amount, tell } = grown
  const { rows } = await client.query<{ n: number }>('select count(*)::int as n from tickets.ticket where tenant_id = $1', [tenantId])
  const there = rows[0]?.n ?? 0
  const wanted = amount.tickets ?? 0
  const missing = wanted - there
  if (missing <= wanted * 0.01) return false
  const models = (
    await client.query<Model>(
      `select t.*, k.code as kind_code from tickets.ticket t join tickets.kind k on k.tenant_id = t.tenant_id and k.id = t.kind_id where t.tenant_id = $1 order by t.opened_at, t.id`,
      [tenantId],
    )
  ).rows
  const people = (await client.query<Person>('select id, address from customers.customer where tenant_id = $1 order by id', [tenantId]))
    .rows
  const numbers = await lastNumbers(client, tenantId)
  const dice = throwing(`${grown.language} more tickets`)
  const closed = models.filter(m => m.status === 'closed')
  const open = models.filter(m => m.status !== 'closed')
  const made = function* () {
    for (let n = 1; n <= missing; n++) {
      const isOpen = open.length > 0 && dice.chance(openShare)
      yield ticketRow(grown, dice, dice.pick(isOpen ? open : closed), dice.pick(people), numbers)
      if (n % 10_000 === 0 || n === missing) tell('tickets', n, missing)
    }
  }
  await fill('tickets.ticket', made())
  await client.query(idAt)
  await client.query(entries, [tenantId])
  return true
}

async function lastNumbers(client: pg.Client, tenantId: string): Promise<Map<string, number>> {
  const { rows } = await client.query<{ day: string; last: number }>(
    `select split_part(number, '-', 1) || ' ' || opened_on as day, max(substring(number from '\\d+$')::int) as last from tickets.ticket where tenant_id = $1 group by 1`,
    [tenantId],
  )
  return new Map(rows.map(r => [r.day, r.last]))
}

function ticketRow(
  { language, say, now, first }: Grown,
  dice: Dice,
  m: Model,
  whose: Person,
  numbers: Map<string, number>,
): Row & { id: string } {
  // Closed ones lie anywhere in the year, open ones in the last weeks; today's numbers are left to the living.
  const span = m.closed_at ? now.getTime() - 2 * day - first.getTime() - (m.closed_at.getTime() - m.opened_at.getTime()) : 20 * day
  const openedAt = m.closed_at
    ? new Date(first.getTime() + Math.floor(dice.roll() * Math.max(1, span)))
    : new Date(m.opened_at.getTime() - day - Math.floor(dice.roll() * span))
  const moved = openedAt.getTime() - m.opened_at.getTime()
  const at = (mark: Date | null) => mark && new Date(mark.getTime() + moved)
  const runs = m.status === 'accepted' || m.status === 'dispatched' || m.status === 'handling'
  // Few of those at work are late.
  const dueAt = runs ? new Date(now.getTime() + Math.floor((dice.roll() - 0.12) * 2 * day)) : at(m.due_at)
  const openedOn = new Date(openedAt.getTime() + china).toISOString().slice(0, 10)
  const n = (numbers.get(`${m.kind_code} ${openedOn}`) ?? 0) + 1
  numbers.set(`${m.kind_code} ${openedOn}`, n)
  const number = `${m.kind_code}-${openedOn.slice(5, 7)}${openedOn.slice(8)}-${String(n).padStart(4, '0')}`
  const text = words(dice, { language, say }, m, whose)
  return {
    id: dice.id(openedAt),
    number,
    openedOn,
    title: m.title,
    text,
    status: m.status,
    priority: m.priority,
    kindId: m.kind_id,
    categoryId: m.category_id,
    customerId: whose.id,
    place: whose.address,
    fields: m.fields,
    departmentId: m.department_id,
    assigneeId: m.assignee_id,
    openedById: m.opened_by_id,
    openedAt,
    dispatchedAt: at(m.dispatched_at),
    takenAt: at(m.taken_at),
    resolvedAt: at(m.resolved_at),
    closedAt: at(m.closed_at),
    changedAt: at(m.changed_at),
    dueAt,
    pausedAt: at(m.paused_at),
    leftMinutes: m.left_minutes,
    targetMinutes: m.target_minutes,
    late: runs && dueAt ? dueAt < now : m.late,
    resolution: m.resolution,
    returns: m.returns,
    urges: m.urges,
    urgedAt: at(m.urged_at),
    tsv: bigrams(number, m.title, whose.address, text),
  }
}

const byCode = new Map(Object.entries(kinds).map(([key, kind]) => [kind.code as string, topics.filter(t => t.ticket?.kind === key)]))
const joining = { zh: ['。', '，联系人', '，表号 ', '，尾号 '], en: ['. ', ', ask for ', ', meter ', ', ending '] } as const

/** What the customer said, whom to ask for, which meter: hardly two alike. */
function words(dice: Dice, { language, say }: Pick<Grown, 'language' | 'say'>, m: Model, whose: Person): string {
  const of = byCode.get(m.kind_code)
  const topic = dice.pick(of && of.length > 0 ? of : topics)
  const [stop, ask, meter, ending] = joining[language]
  const slots = {
    place: whose.address,
    usage: String(dice.int(14, 400)),
    area: '',
    hour: `${dice.int(6, 23)}:${dice.int(10, 59)}`,
    amount: String(dice.int(20, 900)),
    day: String(dice.int(1, 28)),
  }
  const said = [dice.pick(topic.opens), dice.pick(topic.tells)].map(pair => filled(say(pair), slots)).join(stop)
  const name = `${ask}${nameOf(dice, language, say)}`
  const more = dice.chance(0.4) ? `${meter}${dice.int(10_000_000, 99_999_999)}` : dice.chance(0.5) ? `${ending}${dice.int(1000, 9999)}` : ''
  return `${said}${name}${more}`
}

const entries = `insert into tickets.entry (tenant_id, id, ticket_id, kind, text, public, actor_id, actor_name, department_id, at)
  select t.tenant_id, pg_temp.id_at(e.at + e.n * interval '1 millisecond', t.id::text || e.kind), t.id, e.kind, e.text, true, e.who, p.name, t.department_id, e.at
  from tickets.ticket t cross join lateral (values (0, 'opened', t.opened_at, t.opened_by_id, ''), (1, 'dispatched', case when t.status <> 'closed' then t.dispatched_at end, t.opened_by_id, ''),
    (2, 'taken', case when t.status <> 'closed' then t.taken_at end, t.assignee_id, ''), (3, 'waiting', t.paused_at, t.assignee_id, ''),
    (4, 'resolved', t.resolved_at, t.assignee_id, t.resolution), (5, 'closed', t.closed_at, t.opened_by_id, '')) e (n, kind, at, who, text)
  left join identity.person p on p.tenant_id = t.tenant_id and p.id = e.who
  where t.tenant_id = $1 and e.at is not null and t.interaction_id is null order by 2`
