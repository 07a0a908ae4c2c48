import { addWorkingMinutes } from '#kernel/calendar.ts'
import { idAt } from '#kernel/ids.ts'
import { bigrams } from '#kernel/search.ts'
import type { Ctx } from '#kernel/work.ts'
import { calendarsOf } from './calendars.ts'
import type { Pair } from './centre.ts'
import { place, type Row } from './fill.ts'
import type { Ids, Say } from './furnishing.ts'
import { type AskedFor, type Chore, chores, policies, requests } from './words/duties.ts'

type Roles = { lead: string; supervisor: string; admin: string }
const minute = 60_000

/** What colleagues owe one another beside their contacts: tasks with checklists and talk about them, who is away, and approvals on their way. */
export async function furnishDuties(ctx: Ctx, ids: Ids, say: Say, roles: Roles): Promise<void> {
  const { office } = calendarsOf(ctx.now)
  const ago = (minutes: number) => new Date(ctx.now.getTime() - minutes * minute)
  const due = (minutes: number) => (minutes > 0 ? addWorkingMinutes(ctx.now, minutes, office) : ago(-minutes))
  const person = (login: string) => ids(`person ${login}`)
  const where = { ago, due, person, say, ids, roles }

  await place(
    ctx,
    'tasks.approval_policy',
    policies.map((p, position) => ({
      id: ids(`policy ${p.kind}`),
      kind: p.kind,
      name: say(p.name),
      nameEn: p.name[1],
      currency: 'CNY',
      anyone: p.anyone,
      position,
      steps: p.steps.map(s => ({
        name: say(s.name),
        nameEn: s.name[1],
        above: s.above,
        upTo: s.upTo,
        decider: { who: 'role', roleId: roles[s.role], within: s.within },
        minutes: 480,
      })),
    })),
  )
  await place(ctx, 'tasks.absence', [
    {
      id: ids('absence chengyining'),
      personId: person('chengyining'),
      deputyId: person('lead'),
      fromAt: ago(26 * 60),
      untilAt: new Date(ctx.now.getTime() + 3 * 86_400_000),
      note: say(['年假', 'Annual leave']),
      setById: person('chengyining'),
    },
    {
      id: ids('absence anlan'),
      personId: person('anlan'),
      deputyId: person('field'),
      fromAt: new Date(ctx.now.getTime() + 2 * 86_400_000),
      untilAt: new Date(ctx.now.getTime() + 4 * 86_400_000),
      note: say(['外出培训', 'Training']),
      setById: person('anlan'),
    },
  ])
  await placeAll(
    ctx,
    chores.map((c, n) => choreRows(where, c, n)),
  )
  await placeAll(
    ctx,
    requests.map((r, n) => requestRows(where, r, n)),
  )
}

type Where = {
  ago: (minutes: number) => Date
  due: (minutes: number) => Date
  person: (login: string) => string
  say: (pair: Pair) => string
  ids: Ids
  roles: Roles
}
type Rows = Record<string, Row[]>

async function placeAll(ctx: Ctx, all: readonly Rows[]): Promise<void> {
  const tables = [...new Set(all.flatMap(rows => Object.keys(rows)))]
  for (const table of tables)
    await place(
      ctx,
      table,
      all.flatMap(rows => rows[table] ?? []),
    )
}

function choreRows(where: Where, c: Chore, n: number): Rows {
  const { ago, due, person, say, ids } = where
  const id = ids(`chore ${n}`)
  const openedAt = ago(c.openedAgo)
  const doneAt = c.doneAgo === null ? null : ago(c.doneAgo)
  const dueAt = due(c.due)
  const ownerId = person(c.owner)
  const about = { kind: 'todo', ownerId, matter: null }
  const event = (name: string, at: Date, who: string, detail: object): Row => ({
    id: idAt(at),
    name,
    about: id,
    at,
    actorKind: 'user',
    actorId: person(who),
    seenBy: 'task:read',
    detail: { ...about, ...detail },
  })
  return {
    'tasks.task': [
      {
        id,
        title: say(c.title),
        kind: 'todo',
        text: say(c.text),
        ownerId,
        deputyId: c.deputy ? person(c.deputy) : null,
        openedById: person(c.opener),
        openedAt,
        dueAt,
        doneAt,
        result: doneAt && c.result ? say(c.result) : '',
        late: doneAt === null ? c.due < 0 : doneAt > dueAt,
        facts: {},
        tsv: bigrams(say(c.title)),
      },
    ],
    'tasks.item': c.items.map(([text, required, doneAgo], position) => ({
      id: ids(`chore ${n} item ${position}`),
      taskId: id,
      position,
      text: say(text),
      required,
      doneAt: doneAgo === null ? null : ago(doneAgo),
      doneById: doneAgo === null ? null : ownerId,
    })),
    'tasks.watcher': c.watchers.map(login => ({ aboutId: id, personId: person(login) })),
    'tasks.comment': commentRows(where, id, c.comments),
    'tasks.evidence': c.shows.map(other => ({
      id: ids(`chore ${n} shows ${other}`),
      aboutId: id,
      noun: 'task',
      matterId: ids(`chore ${other}`),
      note: '',
      addedById: ownerId,
      addedAt: openedAt,
    })),
    'kernel.timer': doneAt === null && c.due > 0 ? [timer('task', id, dueAt, {})] : [],
    'kernel.event': [
      event('task.opened', openedAt, c.opener, {}),
      ...c.comments.map(([who, minutesAgo, , mentions]) =>
        event('task.commented', ago(minutesAgo), who, { commentId: id, mentionIds: mentions.map(person) }),
      ),
      ...(doneAt ? [event('task.finished', doneAt, c.owner, { late: doneAt > dueAt })] : []),
    ],
  }
}

const commentRows = ({ ago, person, say }: Where, aboutId: string, comments: Chore['comments']): Row[] =>
  comments.map(([who, minutesAgo, text, mentions]) => ({
    id: idAt(ago(minutesAgo)),
    aboutId,
    text: say(text),
    mentions: mentions.map(person),
    writerId: person(who),
    writtenAt: ago(minutesAgo),
  }))

function requestRows(where: Where, r: AskedFor, n: number): Rows {
  const { ago, due, person, say, ids, roles } = where
  const comments = r.comments ?? []
  const id = ids(`request ${n}`)
  const askedAt = ago(r.askedAgo)
  const dueAt = due(r.due)
  const askedById = person(r.asker)
  const last = r.steps.findLast(s => s.decided)?.decided
  const open = r.state === 'open'
  const decidedAt = open ? null : r.state === 'recalled' ? ago(r.askedAgo - 30) : ago(last?.ago ?? 0)
  const about = { kind: r.kind, askedById, matter: null }
  const event = (name: string, at: Date, who: string, detail: object): Row => ({
    id: idAt(at),
    name,
    about: id,
    at,
    actorKind: 'user',
    actorId: person(who),
    seenBy: 'approval:read',
    detail: { ...about, ...detail },
  })
  const reason = last?.reason ? say(last.reason) : ''
  return {
    'tasks.approval': [
      {
        id,
        kind: r.kind,
        title: say(r.title),
        tsv: bigrams(say(r.title)),
        text: say(r.text),
        amount: r.yuan === null ? null : r.yuan * 100,
        currency: r.yuan === null ? null : 'CNY',
        facts: {},
        askedById,
        askedAt,
        state: r.state,
        dueAt,
        decidedAt,
        reason: r.state === 'refused' ? reason : '',
      },
    ],
    'tasks.watcher': [...new Set(comments.flatMap(([, , , mentions]) => mentions))].map(login => ({
      aboutId: id,
      personId: person(login),
    })),
    'tasks.comment': commentRows(where, id, comments),
    'tasks.approval_step': r.steps.map((s, position) => ({
      id: ids(`request ${n} step ${position}`),
      approvalId: id,
      position,
      name: say(s.name),
      nameEn: s.name[1],
      personId: s.person ? person(s.person) : null,
      roleId: s.role ? roles[s.role] : null,
      placeId: s.team ? ids(`team ${s.team}`) : null,
      minutes: 480,
      state: s.decided
        ? s.decided.refused
          ? 'refused'
          : 'approved'
        : !open
          ? 'dropped'
          : r.steps.findIndex(x => !x.decided) === position
            ? 'open'
            : 'later',
      dueAt: open && r.steps.findIndex(x => !x.decided) === position ? dueAt : null,
      decidedById: s.decided ? person(s.decided.by) : null,
      decidedForId: s.decided?.for ? person(s.decided.for) : null,
      decidedAt: s.decided ? ago(s.decided.ago) : null,
      reason: s.decided?.reason ? say(s.decided.reason) : '',
    })),
    'kernel.timer': open && r.due > 0 ? [timer('approval', id, dueAt, { step: r.steps.findIndex(x => !x.decided) })] : [],
    'kernel.event': [
      event('approval.asked', askedAt, r.asker, { step: 1, of: r.steps.length, deciderIds: [] }),
      ...comments.map(([who, minutesAgo, , mentions]) =>
        event('approval.commented', ago(minutesAgo), who, { commentId: id, mentionIds: mentions.map(person) }),
      ),
      ...(decidedAt && last && r.state !== 'recalled'
        ? [event('approval.decided', decidedAt, last.by, { outcome: r.state, step: r.steps.length, byId: person(last.by) })]
        : []),
      ...(r.state === 'recalled' && decidedAt ? [event('approval.recalled', decidedAt, r.asker, {})] : []),
    ],
  }
}

const timer = (noun: 'task' | 'approval', id: string, runAt: Date, detail: object): Row => ({
  id: idAt(runAt),
  name: `${noun}.due`,
  said: { about: id, detail },
  runAt,
  key: `${noun}:${id}:due`,
})
