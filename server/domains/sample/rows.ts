import { searchText, searchVersion } from '#domains/customers/index.ts'
import { bigrams } from '#kernel/search.ts'
import { type Contact, nameFor } from './contacts.ts'
import type { Dice } from './dice.ts'
import type { Row } from './fill.ts'
import type { Life } from './lives.ts'
import { type Owed, taskOf } from './tasks.ts'
import { contactTraces, lifeTraces, type Trace } from './traces.ts'
import type { Customer, World } from './world.ts'

/** Tables in an order in which their keys are there before they are named. */
export const tables = [
  'customers.customer',
  'customers.customer_identity',
  'interactions.interaction',
  'messaging.visitor',
  'messaging.conversation',
  'messaging.message',
  'messaging.block',
  'tickets.ticket',
  'tickets.entry',
  'tasks.task',
  'surveys.rating',
  'kernel.event',
  'kernel.event_value',
  'kernel.failed_reaction',
  'kernel.timer',
] as const
type Table = (typeof tables)[number]
export type Batch = Record<Table, Row[]>

export function newBatch(): Batch {
  return {
    'customers.customer': [],
    'customers.customer_identity': [],
    'interactions.interaction': [],
    'messaging.visitor': [],
    'messaging.conversation': [],
    'messaging.message': [],
    'messaging.block': [],
    'tickets.ticket': [],
    'tickets.entry': [],
    'tasks.task': [],
    'surveys.rating': [],
    'kernel.event': [],
    'kernel.event_value': [],
    'kernel.failed_reaction': [],
    'kernel.timer': [],
  }
}

export function customerRows(batch: Batch, dice: Dice, c: Customer): void {
  batch['customers.customer'].push({
    id: c.id,
    number: c.number,
    kind: c.kind,
    name: c.name,
    tier: c.tier,
    phone: c.phone,
    phoneTyped: c.phone.slice(3),
    email: c.email,
    address: c.place,
    district: districtOf(c),
    postCode: c.area.postCode,
    note: c.note,
    tags: c.tags,
    care: c.care,
    balanceDue: c.balanceDue,
    since: c.since,
    lastContactAt: c.lastContactAt,
    search: searchText({ name: c.name, address: c.place, district: districtOf(c) }),
    searchVersion,
  })
  const identity = (kind: string, value: string, typed: string) =>
    batch['customers.customer_identity'].push({ id: dice.id(c.since), customerId: c.id, kind, value, typed, since: c.since })
  identity('phone', c.phone, c.phone.slice(3))
  if (c.email) identity('email', c.email, c.email)
}
const districtOf = (c: Customer) => c.area.district[/\p{Script=Han}/u.test(c.place) ? 0 : 1]

/** A contact with everything that hangs on it. */
export function contactRows(batch: Batch, world: World, dice: Dice, c: Contact): void {
  const { ids } = world
  const queueId = c.queue && ids(`queue ${c.queue}`)
  const agentId = c.agent && ids(`person ${c.agent}`)
  const reasonId = c.outcome ? ids(`reason ${c.topic.reason}`) : null
  const customerId = c.customer?.id ?? null
  const shared = {
    channel: c.channel,
    state: c.state,
    customerId,
    queueId,
    agentId,
    subject: c.subject,
    startedAt: c.startedAt,
    answeredAt: c.answeredAt,
    endedAt: c.endedAt,
    reasonId,
    rating: c.rating?.score ?? null,
  }
  batch['interactions.interaction'].push({
    id: c.id,
    direction: 'in',
    source: c.source,
    queuedAt: c.queuedAt,
    wrappedAt: c.wrappedAt,
    outcomeId: c.outcome && ids(`outcome ${c.outcome}`),
    note: c.note,
    ...shared,
  })
  if (c.conversationId && c.visitorId) talkRows(batch, world, dice, c, { ...shared, id: c.conversationId, visitorId: c.visitorId })

  const task = taskOf(world, dice, c)
  if (task) taskRows(batch, dice, task, customerId, world)
  const winBackId = task && task.row.kind === 'winback' ? task.row.id : null
  if (c.rating)
    batch['surveys.rating'].push({
      id: c.rating.id,
      interactionId: c.id,
      customerId,
      agentId,
      queueId,
      score: c.rating.score,
      words: c.rating.words,
      ratedAt: c.rating.at,
      taskId: winBackId,
    })
  traceRows(batch, dice, contactTraces(world, c, winBackId), customerId, c.id)
  if (c.life) lifeRows(batch, world, dice, c.life)
  if (c.customer && (!c.customer.lastContactAt || c.customer.lastContactAt < c.startedAt)) c.customer.lastContactAt = c.startedAt
}

type Talk = { id: string; visitorId: string; agentId: string | null } & Row

function talkRows(batch: Batch, world: World, dice: Dice, c: Contact, talk: Talk): void {
  const lines = c.lines.toSorted((a, b) => a.at.getTime() - b.at.getTime())
  const page = '/site'
  batch['messaging.visitor'].push({
    id: talk.visitorId,
    widgetId: world.ids(c.source.endsWith('hall') ? 'widget hall' : 'widget site'),
    tokenHash: `sample ${talk.visitorId}`,
    language: world.language,
    page,
    name: c.name,
    phone: c.customer?.phone ?? null,
    customerId: c.customer?.id ?? null,
    knownBy: c.customer ? 'site' : null,
    conversationId: talk.id,
    online: false,
    seenAt: c.endedAt ?? c.startedAt,
    createdAt: c.startedAt,
  })
  const messages = lines.map((line, n) => ({
    id: dice.id(line.at),
    conversationId: talk.id,
    seq: n + 1,
    author: line.author,
    authorId: line.author === 'agent' ? talk.agentId : line.author === 'customer' ? talk.visitorId : null,
    authorName: line.author === 'agent' && c.agent ? nameFor(world, c.agent) : line.author === 'customer' ? c.name : '',
    kind: line.kind,
    text: line.text,
    code: line.code ?? null,
    facts: line.facts ?? null,
    clientId: `sample-${n + 1}`,
    sentAt: line.at,
  }))
  batch['messaging.message'].push(...messages)
  const spoken = messages.filter(m => m.author !== 'system' && m.kind !== 'note')
  const last = spoken.at(-1)
  const over = c.state === 'done'
  batch['messaging.conversation'].push({
    ...talk,
    interactionId: c.id,
    customerName: c.name,
    tier: c.customer?.tier ?? null,
    page,
    preview: [...(last?.text ?? '')].slice(0, 80).join(''),
    lastSeq: messages.length,
    lastAt: last?.sentAt ?? c.startedAt,
    lastAuthor: last?.author ?? null,
    customerRead: last?.seq ?? 0,
    agentRead: over ? messages.length : 0,
    unread: over ? 0 : spoken.filter(m => m.author === 'customer').length,
    replyDue: c.replyDue,
    ratedAt: c.rating?.at ?? null,
  })
}

function lifeRows(batch: Batch, world: World, dice: Dice, life: Life): void {
  const { ticket: t, steps, contact } = life
  const { ids, now } = world
  const person = (login: string | null) => login && ids(`person ${login}`)
  const department = (key: string | null) => key && ids(`department ${key}`)
  const customerId = contact.customer?.id ?? null
  batch['tickets.ticket'].push({
    id: t.id,
    number: t.number,
    openedOn: t.openedOn,
    title: t.title,
    text: t.text,
    status: t.status,
    priority: t.priority,
    kindId: ids(`kind ${t.kind}`),
    categoryId: ids(`category ${t.kind}.${t.category}`),
    customerId,
    interactionId: contact.id,
    conversationId: contact.conversationId,
    place: t.place,
    fields: t.fields,
    departmentId: department(t.department),
    assigneeId: person(t.assignee),
    openedById: person(t.opener),
    openedAt: t.openedAt,
    dispatchedAt: t.dispatchedAt,
    takenAt: t.takenAt,
    resolvedAt: t.resolvedAt,
    closedAt: t.closedAt,
    changedAt: t.changedAt,
    dueAt: t.dueAt,
    warnAt: t.warnAt,
    warned: t.warned,
    pausedAt: t.pausedAt,
    leftMinutes: t.leftMinutes,
    targetMinutes: t.targetMinutes,
    late: t.late,
    resolution: t.resolution,
    returns: t.returns,
    urges: t.urges,
    urgedAt: t.urgedAt,
    tsv: bigrams(t.number, t.title, t.place, t.text),
  })
  batch['tickets.entry'].push(
    // Steps of one instant are told in the order of their ids.
    ...steps.map((s, n) => ({
      id: dice.id(new Date(s.at.getTime() + n)),
      ticketId: t.id,
      kind: s.kind,
      text: s.text,
      public: s.isPublic,
      actorId: person(s.actor),
      actorName: s.actor && nameFor(world, s.actor),
      departmentId: department(s.department),
      at: s.at,
    })),
  )
  traceRows(batch, dice, lifeTraces(world, life), customerId, contact.id)
  if (!t.late && t.dueAt > now && (t.status === 'accepted' || t.status === 'dispatched' || t.status === 'handling'))
    timer(batch, dice, world, 'ticket', t.id, t.warnAt && !t.warned && t.warnAt < t.dueAt ? t.warnAt : t.dueAt)
}

function taskRows(batch: Batch, dice: Dice, task: Owed, customerId: string | null, world: World): void {
  batch['tasks.task'].push(task.row)
  traceRows(batch, dice, task.traces, customerId, null)
  if (task.open && !task.late) timer(batch, dice, world, 'task', task.row.id, task.dueAt)
}

/** The clock of something still open runs on: its timer stands where the live product would have set it. */
function timer(batch: Batch, dice: Dice, world: World, noun: 'ticket' | 'task', id: string, dueAt: Date): void {
  batch['kernel.timer'].push({
    id: dice.id(world.now),
    name: `${noun}.due`,
    said: { about: id, detail: {} },
    runAt: dueAt,
    key: `${noun}:${id}:due`,
  })
}

function traceRows(batch: Batch, dice: Dice, traces: readonly Trace[], customerId: string | null, interactionId: string | null): void {
  for (const [n, t] of traces.entries()) {
    const id = dice.id(new Date(t.at.getTime() + n))
    batch['kernel.event'].push({
      id,
      name: t.name,
      about: t.about,
      at: t.at,
      actorKind: t.actor.kind,
      actorId: t.actor.id,
      customerId,
      interactionId,
      seenBy: t.seenBy,
      detail: t.detail,
    })
    for (const [key, value] of Object.entries(t.personal ?? {})) batch['kernel.event_value'].push({ eventId: id, key, value })
  }
}
