import { useEffect, useSyncExternalStore } from 'react'
import type { MyCall, PhoneLine } from '#contract/voice.ts'
import { softphone } from '#contract/voice.ts'
import { live, useLive } from '../app/live.ts'
import { useMay, useMe } from '../app/me.ts'
import type { ReplyOf } from '../kit/call.ts'
import { call } from '../kit/call.ts'
import { keyOf, queryClient, useFetch } from '../kit/data.ts'
import type { PhoneDriver, PhoneState } from './driver.ts'
import { type Missed, toMend, worst } from './rules.ts'
import { getDevices, onSound, watchMicrophone } from './sound.ts'

/** `elsewhere`: another tab of this browser has the phone; it shows the same calls, and its buttons act. */
export type Phone = { at: 'nowhere' | 'here' | 'elsewhere'; state: PhoneState; muted: boolean; weak: boolean }
type Mine = ReplyOf<typeof softphone.mine>
/** What the tabs of a browser say to one another. */
type Said =
  | { say: 'phone'; phone: Omit<Phone, 'at'> }
  | { say: 'ask' }
  | { say: 'mute'; on: boolean }
  | { say: 'answer' | 'refuse'; line: string; leg: string }

const key = keyOf(softphone.mine, {})
let phone: Phone = { at: 'nowhere', state: 'connecting', muted: false, weak: false }
const hearers = new Set<() => void>()
const set = (change: Partial<Phone>) => {
  phone = { ...phone, ...change }
  for (const hear of hearers) hear()
}
export const usePhoneState = (): Phone =>
  useSyncExternalStore(
    hear => {
      hearers.add(hear)
      return () => {
        hearers.delete(hear)
      }
    },
    () => phone,
  )

/** The calls that are mine, as the server has them. */
export function useMyPhone(): Mine | undefined {
  const may = useMay()
  return useFetch(softphone.mine, {}, { enabled: may('voice:call'), staleTime: 10_000, refetchInterval: 60_000 }).data
}
/** What an act answered is shown before the push comes. */
export function keepCall(mine: MyCall): void {
  queryClient.setQueryData<Mine>(key, had =>
    had
      ? { ...had, calls: had.calls.some(c => c.id === mine.id) ? had.calls.map(c => (c.id === mine.id ? mine : c)) : [...had.calls, mine] }
      : had,
  )
  void queryClient.invalidateQueries({ queryKey: ['softphone'] })
}
export const refreshPhone = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ['softphone'] })

/** The call of a contact that was just accepted. */
export async function callOfContact(interactionId: string): Promise<string | undefined> {
  await refreshPhone()
  return queryClient.getQueryData<Mine>(key)?.calls.find(c => c.interactionId === interactionId)?.id
}

type Worn = { line: PhoneLine; driver: PhoneDriver; quiet: () => void; wasReady: boolean }
const nameOf = (line: PhoneLine) => (line.kind === 'sip' ? line.name : 'practice')
/** Passwords may be new at every asking; a phone that is connected does not mind. */
const stampOf = (line: PhoneLine) => (line.kind === 'sip' ? [line.name, line.url, line.user].join('|') : line.kind)
const worn = new Map<string, Worn>()

let wanted: Mine | undefined
let meId = ''
let missed = new Map<string, Missed>()
let channel: BroadcastChannel | undefined
let release: (() => void) | undefined
let seat = 0

async function open(line: PhoneLine, ice: readonly RTCIceServer[]): Promise<PhoneDriver> {
  if (line.kind === 'practice') return (await import('./practice.ts')).openPhone(line, ice)
  return (await import('./sip.ts')).openPhone(line, ice)
}

/** Connects what is to be connected, when this tab has the phone. */
async function wear(): Promise<void> {
  const lines = phone.at === 'here' ? (wanted?.lines ?? []) : []
  const stamps = new Set(lines.map(stampOf))
  for (const [stamp, one] of worn)
    if (!stamps.has(stamp)) {
      worn.delete(stamp)
      one.quiet()
      one.driver.stop()
    }
  const { iceServers = [] } = wanted ?? {}
  const ice = iceServers.map(s => ({
    urls: s.urls,
    ...(s.username ? { username: s.username } : {}),
    ...(s.credential ? { credential: s.credential } : {}),
  }))
  for (const line of lines) {
    const stamp = stampOf(line)
    if (worn.has(stamp)) continue
    const at = seat
    const driver = await open(line, ice)
    if (at !== seat || phone.at !== 'here' || worn.has(stamp)) continue
    const one: Worn = { line, driver, quiet: driver.onState(() => heard(one)), wasReady: false }
    worn.set(stamp, one)
    driver.mute(phone.muted)
    driver.start()
    heard(one)
  }
  tellState()
}

function heard(one: Worn): void {
  tellState()
  const ready = one.driver.state() === 'ready'
  const fresh = ready && !one.wasReady
  // A refused password may have been changed: the next asking brings the new one.
  if (one.driver.state() === 'refused' && one.wasReady) void refreshPhone()
  one.wasReady = ready
  if (fresh) tellHere(one)
  mend(fresh)
}
/** Whoever was set aside because this phone could not be reached is ready again; of a lost word the next connecting tells. */
const tellHere = ({ line }: Worn): void => void call(softphone.here, { line: nameOf(line) }).catch(() => undefined)

let wasLive = true
/** A machine that slept may have been missed by the exchange while its phone, which slept too, knows of nothing. */
function hearLine(): void {
  const isLive = live.state().line === 'live'
  if (isLive && !wasLive) for (const one of worn.values()) if (one.line.kind === 'sip' && one.wasReady) tellHere(one)
  wasLive = isLive
}

function tellState(): void {
  if (phone.at !== 'here') return
  const drivers = [...worn.values()].map(one => one.driver)
  set({ state: worst(drivers.map(driver => driver.state())), weak: drivers.some(driver => driver.weak?.()) })
  const { at: _, ...told } = phone
  say({ say: 'phone', phone: told })
}

/** A call of mine whose sound is missing here is rung anew. */
function mend(fresh: boolean): void {
  if (phone.at !== 'here' || !wanted) return
  const here = new Set([...worn.values()].flatMap(one => one.driver.legs()))
  const ready = (line: string) => [...worn.values()].some(one => nameOf(one.line) === line && one.driver.state() === 'ready')
  const found = toMend(wanted.calls, { meId, here, ready, fresh, now: Date.now() }, missed)
  missed = found.missed
  for (const { id } of found.ask) void call(softphone.back, { id }).then(keepCall, () => void refreshPhone())
}

const say = (said: Said) => channel?.postMessage(said)
function hearTab(said: Said): void {
  if (said.say === 'phone') {
    if (phone.at !== 'here') set(said.phone)
  } else if (phone.at !== 'here') return
  else if (said.say === 'ask') tellState()
  else if (said.say === 'mute') mutePhone(said.on)
  else touch(said.say, said.line, said.leg)
}

/** The microphone is silent for the other side, in whichever tab it is. */
export function mutePhone(on: boolean): void {
  if (phone.at !== 'here') {
    say({ say: 'mute', on })
    return
  }
  for (const { driver } of worn.values()) driver.mute(on)
  set({ muted: on })
  tellState()
}
function touch(what: 'answer' | 'refuse', line: string, leg: string): void {
  if (phone.at !== 'here') {
    say({ say: what, line, leg })
    return
  }
  for (const { line: own, driver } of worn.values()) if (nameOf(own) === line) driver[what](leg)
}
export const answerLeg = (mine: MyCall): void => touch('answer', mine.line, mine.leg)
export const refuseLeg = (mine: MyCall): void => touch('refuse', mine.line, mine.leg)

/** One tab of a browser has the phone; the next in line takes it when that one goes. `steal`: now and here. */
async function sit(name: string, steal: boolean): Promise<void> {
  const at = ++seat
  const { locks } = navigator
  // Without a secure context there is neither a lock nor a microphone.
  if (!locks) {
    set({ at: 'here' })
    void wear()
    return
  }
  const held = (await locks.query()).held?.some(lock => lock.name === name) ?? false
  if (at !== seat) return
  if (held && !steal) {
    set({ at: 'elsewhere' })
    say({ say: 'ask' })
  }
  const mine = () => {
    if (at !== seat) return
    set({ at: 'here' })
    void wear()
    return new Promise<void>(done => {
      release = done
    })
  }
  await locks.request(name, { steal }, mine).catch(() => {
    // Another tab took it.
    if (at !== seat) return
    set({ at: 'elsewhere' })
    void wear()
    void sit(name, false)
  })
}
const seatOf = (id: string) => `huiyin.phone.${id}`
export const takePhone = (): void => void sit(seatOf(meId), true)

function stand(): void {
  seat++
  set({ at: 'nowhere', muted: false })
  void wear()
  release?.()
  release = undefined
  channel?.close()
  channel = undefined
  wanted = undefined
  missed = new Map()
}

/** Keeps the phone of this browser; mounted once, by the bar. */
export function usePhoneKept(): void {
  const id = useMe()?.user.id
  const mine = useMyPhone()
  useLive(id ? `user:${id}` : null, name => {
    if (name === 'call.changed') void refreshPhone()
  })
  useEffect(() => {
    if (!id) return
    meId = id
    channel = new BroadcastChannel(seatOf(id))
    channel.onmessage = (event: MessageEvent<Said>) => hearTab(event.data)
    void watchMicrophone()
    void sit(seatOf(id), false)
    let used = getDevices()
    const quiet = onSound(() => {
      const now = getDevices()
      if (now.microphone !== used.microphone || now.speaker !== used.speaker)
        for (const { driver } of worn.values()) void driver.use(now).catch(() => undefined)
      used = now
      tellState()
    })
    const unheard = live.onLine(hearLine)
    const beat = setInterval(() => mend(false), 1_000)
    return () => {
      quiet()
      unheard()
      clearInterval(beat)
      stand()
    }
  }, [id])
  useEffect(() => {
    if (!mine) return
    wanted = mine
    // The next call begins with an open microphone.
    if (phone.muted && !mine.calls.some(c => c.legState === 'up')) mutePhone(false)
    void wear().then(() => mend(false))
  }, [mine])
}
