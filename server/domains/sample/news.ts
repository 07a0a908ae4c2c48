import { sql } from 'kysely'
import { recountAll } from '#domains/views/index.ts'
import { wallIn } from '#kernel/calendar.ts'
import { newId } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import { type Pair, timezone } from './centre.ts'
import { place, type Row } from './fill.ts'
import type { Ids, Say } from './furnishing.ts'

const day = 86_400_000
/** Of what lies further back nobody was told by a bell. */
const told = 6
type Thing = { id: string; at: Date; personId: string; kind: string; facts: Record<string, string>; link: string; important: boolean }

/** What the bell told of the last days: of open work that is somebody's. All but the newest has been read. */
export async function furnishBell(ctx: Ctx): Promise<void> {
  const since = new Date(ctx.now.getTime() - told * day)
  const { rows: given } = await sql<{
    id: string
    at: Date
    personId: string
    number: string
    title: string
    late: boolean
    warned: boolean
    warnAt: Date | null
    dueAt: Date
  }>`
    select t.id, t.dispatched_at as at, t.assignee_id as "personId", t.number, t.title, t.late, t.warned, t.warn_at as "warnAt", t.due_at as "dueAt" from tickets.ticket t
    where t.tenant_id = ${ctx.tenantId} and t.status <> 'closed' and t.assignee_id is not null and t.dispatched_at > ${since} order by t.dispatched_at limit 200`.execute(
    ctx.db,
  )
  const { rows: owed } = await sql<{ id: string; at: Date; personId: string; title: string; titleEn: string }>`
    select t.id, t.opened_at as at, t.owner_id as "personId", t.title, coalesce(t.facts->>'titleEn', t.title) as "titleEn" from tasks.task t
    where t.tenant_id = ${ctx.tenantId} and t.done_at is null and t.owner_id is not null and t.opened_by_id is distinct from t.owner_id and t.opened_at > ${since}
    order by t.opened_at limit 200`.execute(ctx.db)
  const things: Thing[] = [
    ...given.flatMap(({ id, at: givenAt, personId, number, title, late, warned, warnAt, dueAt }): Thing[] => {
      const news = (kind: string, at: Date, more: Record<string, string> = {}): Thing => ({
        ...{ id: newId(), at, personId, kind, facts: { number, title, ...more } },
        ...{ link: `/tickets/${id}`, important: kind !== 'ticket.given' },
      })
      const due = wallIn(timezone, dueAt).slice(5).replace('T', ' ')
      return [
        news('ticket.given', givenAt),
        ...(warned && warnAt && warnAt < dueAt ? [news('ticket.warned', warnAt, { due })] : []),
        ...(late && dueAt < ctx.now ? [news('ticket.overdue', dueAt)] : []),
      ]
    }),
    ...owed.map(
      ({ title, titleEn, ...t }): Thing => ({
        id: newId(),
        at: t.at,
        personId: t.personId,
        kind: 'task.given',
        facts: { title, titleEn },
        link: `/tasks?t=${t.id}`,
        important: false,
      }),
    ),
  ].sort((a, b) => +a.at - +b.at)
  const newest = new Map(things.map(thing => [thing.personId, thing]))
  await place(
    ctx,
    'notifications.notification',
    things.map(
      (thing): Row => ({
        ...thing,
        // Newest first is by id, and an id is made in its order here.
        id: newId(),
        eventId: thing.id,
        bell: true,
        readAt: newest.get(thing.personId) === thing ? null : new Date(Math.min(thing.at.getTime() + 25 * 60_000, ctx.now.getTime())),
      }),
    ),
  )
}

type Saved = { list: string; name: Pair; owner: string; share: 'private' | 'everybody'; query: Record<string, string>; columns?: string[] }
const saved = (ids: Ids): readonly Saved[] => [
  {
    list: 'tickets',
    name: ['报修待接单', 'Repairs to be taken'],
    owner: 'supervisor',
    share: 'everybody',
    query: { box: 'open', kindId: ids('kind repair'), status: 'dispatched' },
  },
  {
    list: 'tickets',
    name: ['等客户答复', 'Waiting for customers'],
    owner: 'supervisor',
    share: 'everybody',
    query: { box: 'open', status: 'waiting' },
    columns: ['number', 'title', 'customer', 'assignee', 'clock', 'changed'],
  },
  {
    list: 'tickets',
    name: ['二供班组在办', 'With the pump crew'],
    owner: 'agent',
    share: 'private',
    query: { box: 'open', departmentId: ids('department pump') },
  },
  {
    list: 'tickets',
    name: ['最急的在前', 'Most urgent first'],
    owner: 'supervisor',
    share: 'everybody',
    query: { box: 'open', sort: 'priority' },
    columns: ['priority', 'number', 'title', 'customer', 'department', 'status', 'clock', 'opened'],
  },
  { list: 'customers', name: ['重点客户', 'Key accounts'], owner: 'supervisor', share: 'everybody', query: { tier: 'key', sort: 'name' } },
  {
    list: 'contacts',
    name: ['今天未接入', 'Not answered today'],
    owner: 'supervisor',
    share: 'everybody',
    query: { days: '1', state: 'abandoned' },
    columns: ['customer', 'startedAt', 'subject', 'queue', 'wait'],
  },
  {
    list: 'contacts',
    name: ['聊得最久的', 'Longest talks'],
    owner: 'supervisor',
    share: 'everybody',
    query: { days: '7', sort: '-duration' },
    columns: ['customer', 'startedAt', 'subject', 'agent', 'duration', 'reason', 'rating'],
  },
  { list: 'contacts', name: ['留言', 'Messages left'], owner: 'supervisor', share: 'everybody', query: { state: 'left' } },
  { list: 'outbox', name: ['发送失败', 'Failed'], owner: 'supervisor', share: 'everybody', query: { state: 'failed' } },
  { list: 'findings', name: ['待计划', 'To be planned'], owner: 'supervisor', share: 'everybody', query: { board: 'plan' } },
  { list: 'audit', name: ['显示过的号码', 'Numbers shown'], owner: 'admin', share: 'everybody', query: { what: 'customer.revealed' } },
  { list: 'ratings', name: ['低分评价', 'Low ratings'], owner: 'supervisor', share: 'everybody', query: { maxScore: '2' } },
  { list: 'invitations', name: ['没有邀请到', 'Not asked'], owner: 'supervisor', share: 'everybody', query: { state: 'refused' } },
  { list: 'ratings', name: ['最低分在前', 'Worst first'], owner: 'supervisor', share: 'everybody', query: { sort: 'score' } },
]

/** Lists whose counts are kept, and whose changes are followed for it. */
const counted = new Map([
  ['tickets', 'ticket'],
  ['customers', 'customer'],
  ['ratings', 'rating'],
  ['invitations', 'invitation'],
  ['contacts', 'interaction'],
  ['findings', 'finding'],
])

/** Views that people of the centre have saved; counted a moment later. */
export async function furnishViews(ctx: Ctx, ids: Ids, say: Say): Promise<void> {
  const views = saved(ids).map(({ name, owner, columns, ...view }) => ({
    id: ids(`view ${view.list} ${name[1]}`),
    ...view,
    name: say(name),
    ownerId: ids(`person ${owner}`),
    shareId: null,
    columns: columns ?? null,
    pinned: true,
    changedAt: ctx.now,
  }))
  await place(ctx, 'views.view', views)
  await place(
    ctx,
    'views.count',
    // Where the clock decides, or no change is announced, nothing is kept.
    views.flatMap(({ id, list, query }) => (counted.has(list) && !('days' in query) ? [{ id, list, state: 'counting' }] : [])),
  )
  await place(
    ctx,
    'kernel.followed',
    [...counted.values()].map(noun => ({ noun })),
  )
  await recountAll(ctx)
}
