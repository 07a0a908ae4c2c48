import { asksConsent, type ConsentPurpose, type GuardReason, type Purpose, type Way } from '#contract/outgoing.ts'
import type { OutgoingPolicy } from '#contract/outgoingSettings.ts'
import { atWall, dateIn, wallIn } from '#kernel/calendar.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** What a purpose may do: whether it waits for the end of the quiet hours, asks for consent, and counts. */
type Trait = {
  /** 0 goes first. */
  priority: number
  quiet: boolean
  /** Caps and do-not-disturb apply. */
  counted: boolean
  /** yes: only with consent; no: unless declined; null: it is not asked for. */
  consent: 'needed' | 'unless_declined' | null
  /** Hours after which it is no use any more. */
  lives: number
}
export const traits: Readonly<Record<Purpose, Trait>> = {
  code: { priority: 0, quiet: false, counted: false, consent: null, lives: 0.25 },
  password_link: { priority: 0, quiet: false, counted: false, consent: null, lives: 72 },
  invitation: { priority: 0, quiet: false, counted: false, consent: null, lives: 72 },
  test: { priority: 0, quiet: false, counted: false, consent: null, lives: 1 },
  urgent: { priority: 1, quiet: false, counted: false, consent: null, lives: 24 },
  notification: { priority: 2, quiet: false, counted: false, consent: null, lives: 24 },
  ticket: { priority: 2, quiet: true, counted: false, consent: null, lives: 72 },
  survey: { priority: 4, quiet: true, counted: true, consent: asksConsent.survey, lives: 72 },
  notice: { priority: 5, quiet: true, counted: true, consent: asksConsent.notice, lives: 72 },
  marketing: { priority: 6, quiet: true, counted: true, consent: asksConsent.marketing, lives: 72 },
}
export const notAfter = (purpose: Purpose, now: Date): Date => new Date(now.getTime() + traits[purpose].lives * hour)

export const firstPolicy: OutgoingPolicy = {
  quietFrom: 21 * 60,
  quietTo: 8 * 60,
  caps: { day: 2, week: 5, mailDay: null, mailWeek: null, smsDay: 1, smsWeek: 3 },
  passwordLinks: true,
  ticketSteps: [],
  ticketWay: 'either',
  linkBase: '',
}

/** When the quiet hours that reign at this instant end; null when none do. */
export function quietUntil(
  at: Date,
  { quietFrom: from, quietTo: to }: Pick<OutgoingPolicy, 'quietFrom' | 'quietTo'>,
  timezone: string,
): Date | null {
  if (from === to) return null
  const wall = wallIn(timezone, at)
  const now = Number(wall.slice(11, 13)) * 60 + Number(wall.slice(14, 16))
  const quiet = from < to ? now >= from && now < to : now >= from || now < to
  if (!quiet) return null
  // The next date, not the next 24 hours: they differ when clocks change.
  const date = new Date(Date.parse(`${wall.slice(0, 10)}T00:00:00Z`) + (now >= to ? day : 0)).toISOString().slice(0, 10)
  return atWall(timezone, `${date}T${String(Math.floor((to % 1440) / 60)).padStart(2, '0')}:${String(to % 60).padStart(2, '0')}`)
}

/** What is known of whom a message is for, when the guard looks. */
export type Standing = {
  suppressed: boolean
  /** Null: not a customer, so neither consent nor caps apply. */
  customer: {
    undisturbed: boolean
    consent: boolean | null
    /** Days in the organisation's zone (YYYY-MM-DD) on which something counted went out, and how. */
    counted: readonly { day: string; channel: Way; n: number }[]
  } | null
}
export type Asked = { channel: Way; purpose: Purpose; address: string | null }
export type Verdict = { may: true } | { may: false; reason: GuardReason; earliest: Date | null }

const no = (reason: GuardReason, earliest: Date | null = null): Verdict => ({ may: false, reason, earliest })

/** The one decision about every message. The hardest no is said first; quiet hours, which only hold, last. */
export function mayGo(
  { channel, purpose, address }: Asked,
  standing: Standing,
  policy: OutgoingPolicy,
  at: Date,
  timezone: string,
): Verdict {
  const trait = traits[purpose]
  if (!address) return no('no_address')
  if (channel === 'sms' && !isMobile(address)) return no('not_mobile')
  if (standing.suppressed) return no('suppressed')
  const { customer } = standing
  if (customer) {
    if (trait.consent === 'needed' && customer.consent !== true) return no(customer.consent === false ? 'consent_declined' : 'no_consent')
    if (trait.consent === 'unless_declined' && customer.consent === false) return no('consent_declined')
    if (trait.counted && customer.undisturbed) return no('do_not_disturb')
    if (trait.counted) {
      const full = capReached(customer.counted, channel, policy, dateIn(timezone, at))
      if (full) return no(full)
    }
  }
  const until = trait.quiet ? quietUntil(at, policy, timezone) : null
  return until ? no('quiet_hours', until) : { may: true }
}

/** A day is the organisation's calendar day; a week is that day and the six before it. */
function capReached(
  counted: readonly { day: string; channel: Way; n: number }[],
  channel: Way,
  { caps }: OutgoingPolicy,
  today: string,
): GuardReason | null {
  const first = new Date(Date.parse(`${today}T00:00:00Z`) - 6 * day).toISOString().slice(0, 10)
  const sum = (from: string, only: Way | null) =>
    counted.reduce((n, c) => (c.day >= from && c.day <= today && (only === null || c.channel === only) ? n + c.n : n), 0)
  const full = (cap: number | null, n: number) => cap !== null && n >= cap
  if (full(caps.day, sum(today, null))) return 'cap_day'
  if (full(channel === 'mail' ? caps.mailDay : caps.smsDay, sum(today, channel))) return 'cap_day_channel'
  if (full(caps.week, sum(first, null))) return 'cap_week'
  if (full(channel === 'mail' ? caps.mailWeek : caps.smsWeek, sum(first, channel))) return 'cap_week_channel'
  return null
}

/** Chinese numbers tell by their beginning what is a mobile; of others nobody can tell by the number alone. */
export const isMobile = (phone: string): boolean => (phone.startsWith('+86') ? /^\+861[3-9]\d{9}$/.test(phone) : /^\+\d{7,15}$/.test(phone))

export const isConsentPurpose = (purpose: Purpose): purpose is ConsentPurpose => traits[purpose].consent !== null

const waits = [30_000, 2 * minute, 8 * minute, 30 * minute, hour, 2 * hour, 4 * hour, 4 * hour, 8 * hour]
export const mostTries = waits.length + 1
/** When to try again after so many tries; null when that was the last. `chance` from 0 to 1 spreads those that failed together by a quarter either way. */
export function nextTry(tries: number, now: Date, chance: number): Date | null {
  const wait = waits[tries - 1]
  return wait === undefined ? null : new Date(now.getTime() + wait * (0.75 + chance / 2))
}

/** How long a provider rests after it could not be reached, longer each time in a row. */
export const restOf = (times: number): number => Math.min(5 * minute, 5_000 * 2 ** Math.min(times, 10))
