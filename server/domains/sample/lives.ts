import { addWorkingMinutes, type Calendar, dateIn, workingMinutesBetween } from '#kernel/calendar.ts'
import { type KindKey, kinds } from './catalogs.ts'
import { type DepartmentKey, people, timezone } from './centre.ts'
import type { Contact } from './contacts.ts'
import type { Dice } from './dice.ts'
import { closeWords, resumeWords, returnWords, type Topic, waitWords } from './words/topics.ts'
import { after, filled, type World } from './world.ts'

type Status = 'accepted' | 'dispatched' | 'handling' | 'waiting' | 'resolved' | 'closed'
type StepKind = 'opened' | 'dispatched' | 'taken' | 'waiting' | 'resumed' | 'returned' | 'resolved' | 'closed' | 'urged'
export type LifeStep = {
  kind: StepKind
  at: Date
  status: Status
  text: string
  actor: string | null
  department: DepartmentKey | null
  late: boolean
  isPublic: boolean /** The customer hears of it in the chat. */
  told: boolean
}
export type TicketFacts = {
  id: string
  number: string
  openedOn: string
  title: string
  text: string
  status: Status
  priority: string
  kind: KindKey
  category: string
  place: string
  fields: Record<string, unknown>
  department: DepartmentKey | null
  assignee: string | null
  opener: string
  openedAt: Date
  dispatchedAt: Date | null
  takenAt: Date | null
  resolvedAt: Date | null
  closedAt: Date | null
  changedAt: Date
  dueAt: Date
  warnAt: Date | null
  warned: boolean
  pausedAt: Date | null
  leftMinutes: number | null
  targetMinutes: number
  late: boolean
  resolution: string
  returns: number
  urges: number
  urgedAt: Date | null
}
export type Life = { ticket: TicketFacts; steps: LifeStep[]; warnedAt: Date | null; overdueAt: Date | null; contact: Contact }

/** Where a ticket of the last days stands still: before it is sent, before it is taken, in somebody's hands, waiting for the customer, done and not yet told. */
type Standing = 'accepted' | 'dispatched' | 'handling' | 'waiting' | 'resolved'
/** Of fifteen tickets six stand still, each way at least once: a week has three times as many, so that every list has something in it whatever the day. */
const standings: readonly (Standing | null)[] = [
  null, 'handling', null, 'resolved', null, null, 'accepted', null, 'waiting', null, null, 'dispatched', null, 'handling', null,
] // biome-ignore format: a round

/** Numbers of the days so far. */
export type Lives = { next: (code: string, date: string) => number; mayBeSoon: () => boolean; standing: () => Standing | null }
export function newLives(): Lives {
  const last = new Map<string, number>()
  let late = 0
  let opened = 0
  return {
    standing: () => standings[opened++ % standings.length] ?? null,
    // Every third, so that some stay late.
    mayBeSoon: () => late++ % 3 === 0,
    next: (code, date) => {
      const n = (last.get(`${code} ${date}`) ?? 0) + 1
      last.set(`${code} ${date}`, n)
      return n
    },
  }
}

type Opening = { ticket: NonNullable<Topic['ticket']>; contact: Contact; opener: string; openedAt: Date }
type Category = { name: readonly [string, string]; department: DepartmentKey; priority: string; target?: number }

const told: readonly StepKind[] = ['opened', 'dispatched', 'taken', 'waiting', 'resumed', 'resolved', 'closed']

/** A ticket from its opening as far as it has come by now. */
export function lifeOf(world: World, dice: Dice, lives: Lives, { ticket: plan, contact, opener, openedAt }: Opening): Life {
  const kind = kinds[plan.kind]
  const categories: Record<string, Category> = kind.categories
  const category = categories[plan.category]
  if (!category) throw new Error(`no such category: ${plan.kind}.${plan.category}`)
  const calendar = kind.calendar === 'always' ? world.calendars.always : world.calendars.office
  const targetMinutes = category.target ?? kind.target
  const date = dateIn(timezone, openedAt)
  const slots = { area: contact.customer ? world.say(contact.customer.area.name) : '', amount: String(dice.int(12, 180)) }
  const ticket: TicketFacts = {
    id: dice.id(openedAt),
    number: `${kind.code}-${date.slice(5, 7)}${date.slice(8)}-${String(lives.next(kind.code, date)).padStart(4, '0')}`,
    openedOn: date,
    title: filled(world.say(plan.title), slots),
    text: contact.subject,
    status: 'accepted',
    priority: category.priority,
    kind: plan.kind,
    category: plan.category,
    place: contact.customer?.place ?? '',
    fields: plan.fields,
    department: null,
    assignee: null,
    opener,
    openedAt,
    dispatchedAt: null,
    takenAt: null,
    resolvedAt: null,
    closedAt: null,
    changedAt: openedAt,
    dueAt: addWorkingMinutes(openedAt, targetMinutes, calendar),
    warnAt: addWorkingMinutes(openedAt, targetMinutes * warnShare, calendar),
    warned: false,
    pausedAt: null,
    leftMinutes: null,
    targetMinutes,
    late: false,
    resolution: '',
    returns: 0,
    urges: 0,
    urgedAt: null,
  }
  const life: Life = { ticket, steps: [], warnedAt: null, overdueAt: null, contact }
  const step = stepper(world, life, calendar)
  step('opened', openedAt, opener, '')
  // Counted for every ticket, so that the morning's tickets stand in the evening where they stood.
  const turn = lives.standing()
  const standing = isRecent(world, openedAt) ? turn : null
  const done = filled(world.say(dice.pick(plan.done)), slots)
  for (const move of courseOf(world, dice, { ticket, home: category.department, calendar, standing, done }))
    if (!step(move.kind, move.at(), move.actor, move.text, move.department)) break
  // The clock has run on since the last step.
  clockAt(life, world.now)
  if (life.overdueAt && isRecent(world, openedAt) && life.steps.every(s => !s.late) && lives.mayBeSoon())
    promiseLonger(world, life, calendar)
  return life
}

const isRunning = (status: Status) => status === 'accepted' || status === 'dispatched' || status === 'handling'

const isRecent = ({ now }: World, openedAt: Date) => now.getTime() - openedAt.getTime() < 6 * 86_400_000
/** A few of those that would be late were promised for longer, so that there are some to be saved. */
function promiseLonger({ now }: World, life: Life, calendar: Calendar): void {
  const { ticket } = life
  const targetMinutes = Math.ceil(workingMinutesBetween(ticket.openedAt, now, calendar)) + 45
  const dueAt = addWorkingMinutes(ticket.openedAt, targetMinutes, calendar)
  const warnAt = addWorkingMinutes(ticket.openedAt, targetMinutes * warnShare, calendar)
  Object.assign(ticket, { targetMinutes, dueAt, warnAt, warned: false, late: false })
  Object.assign(life, { warnedAt: null, overdueAt: null })
  clockAt(life, now)
}

/** As the kinds have it from the start. */
const warnShare = 0.8
/** What the clock has told by then. */
function clockAt(life: Life, at: Date): void {
  const { ticket } = life
  const { warnAt, dueAt } = ticket
  if (!isRunning(ticket.status)) return
  if (warnAt && !ticket.warned && warnAt < dueAt && at >= warnAt) {
    ticket.warned = true
    life.warnedAt = warnAt
  }
  if (!ticket.late && at > dueAt) {
    ticket.late = true
    life.overdueAt = dueAt
  }
}

/** Takes a step as the tickets' own rules do, unless it lies in the future. */
function stepper(world: World, life: Life, calendar: Calendar) {
  const { ticket, steps } = life
  return (kind: StepKind, at: Date, actor: string | null, text: string, department?: DepartmentKey): boolean => {
    if (at >= world.now) return false
    const resume = () => {
      if (!ticket.pausedAt) return
      const left = ticket.leftMinutes ?? 0
      if (left > 0) {
        ticket.dueAt = addWorkingMinutes(at, left, calendar)
        ticket.warnAt = addWorkingMinutes(at, left - ticket.targetMinutes * (1 - warnShare), calendar)
      }
      ticket.pausedAt = null
      ticket.leftMinutes = null
    }
    clockAt(life, at)
    if (kind === 'dispatched') Object.assign(ticket, { status: 'dispatched', department, assignee: null, dispatchedAt: at, takenAt: null })
    if (kind === 'taken') Object.assign(ticket, { status: 'handling', assignee: actor, takenAt: at })
    if (kind === 'waiting')
      Object.assign(ticket, {
        status: 'waiting',
        pausedAt: at,
        warnAt: null,
        leftMinutes: Math.ceil(workingMinutesBetween(at, ticket.dueAt, calendar)),
      })
    if (kind === 'resumed') {
      resume()
      ticket.status = 'handling'
    }
    if (kind === 'returned')
      Object.assign(ticket, { status: 'accepted', department: null, assignee: null, takenAt: null, returns: ticket.returns + 1 })
    if (kind === 'resolved') {
      resume()
      Object.assign(ticket, { status: 'resolved', resolution: text, resolvedAt: at })
    }
    if (kind === 'closed') Object.assign(ticket, { status: 'closed', closedAt: at })
    if (kind === 'urged') Object.assign(ticket, { urges: ticket.urges + 1, urgedAt: at })
    ticket.changedAt = at
    steps.push({
      kind,
      at,
      status: ticket.status,
      text,
      actor,
      department: ticket.department,
      late: ticket.late,
      isPublic: kind !== 'returned',
      told: told.includes(kind),
    })
    return true
  }
}

type Move = { kind: StepKind; at: () => Date; actor: string | null; text: string; department?: DepartmentKey }

type Course = { ticket: TicketFacts; home: DepartmentKey; calendar: Calendar; standing: Standing | null; done: string }

/** What is going to happen, in order. Each time is reckoned from what happened before. */
function* courseOf(world: World, dice: Dice, { ticket, home, calendar, standing, done }: Course): Generator<Move> {
  const later = (from: Date, minutes: number) => addWorkingMinutes(from, Math.max(1, Math.round(minutes)), calendar)
  const quick = ticket.kind === 'repair'
  const handler = dice.pick(people.filter(p => p.department === home && p.role !== 'admin' && p.role !== 'supervisor'))
  if (standing === 'accepted') return
  const dispatched = dice.chance(0.78) ? ticket.openedAt : after(ticket.openedAt, dice.int(90, 2_400))
  yield { kind: 'dispatched', at: () => dispatched, actor: ticket.opener, text: '', department: home }
  if (standing === 'dispatched') return
  let at = dispatched
  if (dice.chance(0.04)) {
    at = later(at, dice.int(15, 80))
    yield { kind: 'returned', at: () => at, actor: handler.login, text: world.say(dice.pick(returnWords)) }
    at = later(at, dice.int(4, 50))
    yield { kind: 'dispatched', at: () => at, actor: ticket.opener, text: '', department: home }
  }
  at = later(at, quick ? 2 + dice.around(9) : 5 + dice.around(60))
  yield { kind: 'taken', at: () => at, actor: handler.login, text: '' }
  if (standing === 'handling') return
  if (dice.chance(0.07)) {
    at = later(at, dice.int(10, quick ? 60 : 240))
    yield { kind: 'urged', at: () => at, actor: dice.chance(0.5) ? null : ticket.opener, text: '' }
  }
  if (standing === 'waiting' || dice.chance(ticket.kind === 'business' ? 0.25 : 0.06)) {
    at = later(at, dice.int(10, 90))
    yield { kind: 'waiting', at: () => at, actor: handler.login, text: world.say(dice.pick(waitWords)) }
    if (standing === 'waiting') return
    at = later(at, quick ? dice.int(180, 1_500) : dice.int(200, 1_100))
    yield { kind: 'resumed', at: () => at, actor: handler.login, text: world.say(dice.pick(resumeWords)) }
  }
  const share = dice.chance(0.08) ? 1.02 + dice.roll() * 0.7 : 0.18 + dice.roll() * 0.66
  at = new Date(
    Math.max(
      later(ticket.openedAt, ticket.targetMinutes * share).getTime(),
      later(at, quick ? dice.int(20, 60) : dice.int(30, 120)).getTime(),
    ),
  )
  yield { kind: 'resolved', at: () => at, actor: handler.login, text: done }
  if (standing === 'resolved') return
  at = addWorkingMinutes(after(at, dice.int(900, 30_000)), 1, world.calendars.web)
  yield { kind: 'closed', at: () => at, actor: ticket.opener, text: world.say(dice.pick(closeWords)) }
}
