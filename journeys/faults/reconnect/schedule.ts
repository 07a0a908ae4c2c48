import { setTimeout as wait } from 'node:timers/promises'
import type { Message } from '../../../contract/messaging.ts'
import { type BadLine, breaks, openBadLine } from './badLine.ts'
import { type Console, type Disk, openConsole, openWidget, takeHandedOver, type Way, type Widget } from './clients.ts'

/** What a schedule needs of the house: a widget to write through, an agent who takes the talk, a colleague to hand it to, and the truth. */
export type Lane = {
  port: number
  widgetKey: string
  agent: { id: string; token: string }
  colleague: { id: string; token: string }
  take: (conversationId: string) => Promise<void>
  truth: (conversationId: string) => Promise<Message[]>
}

/** The same seed throws the same dice; how long things take on the machine it does not decide. */
function newDice(seed: number) {
  let state = seed >>> 0
  const throwOne = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const upTo = (n: number) => Math.floor(throwOne() * n)
  return {
    upTo,
    between: (from: number, to: number) => from + upTo(to - from),
    one: <T>(of: readonly [T, ...T[]]): T => of[upTo(of.length)] ?? of[0],
  }
}
type Dice = ReturnType<typeof newDice>

/** How sockets travel: as browsers try it, and where a proxy lets one of the ways through only. */
const travels = [['websocket', 'polling'], ['websocket'], ['polling'], ['polling', 'websocket']] satisfies [string[], ...string[][]]

/** Within so long of the end of all faults both sides show what the server has. */
const healsWithinMs = 30_000

export async function runSchedule(seed: number, lane: Lane): Promise<{ sent: number; faults: number; healedMs: number }> {
  const dice = newDice(seed)
  const lines = await Promise.all([openBadLine(lane.port), openBadLine(lane.port)])
  const [customerLine, agentLine] = lines
  const address = `10.${seed & 255}.${(seed >> 8) & 255}.${(seed >> 16) & 255}`
  const disk: Disk = new Map()
  const odd: string[] = []
  const way = (line: BadLine): Way => ({ url: line.url, transports, odd: what => odd.push(what) })
  const transports = dice.one(travels)
  let holder = { agent: lane.agent, name: 'desk', disk: new Map() as Disk }
  const said = new Map<string, string[]>()
  const faults: Promise<void>[] = []
  let faultCount = 0
  const pages: Widget[] = []
  let tabs: Widget[] = []
  let beside = false
  let desk: Console | undefined
  const story: string[] = []

  const newTab = () => {
    const tab = openWidget(way(customerLine), lane.widgetKey, disk, address)
    tab.talk.talk.shown = true
    tabs.push(tab)
    pages.push(tab)
    return tab
  }
  const newDesk = (id: string) => openConsole(way(agentLine), holder.agent, id, holder.disk)
  const note = (sender: string, clientId: string) => said.set(sender, [...(said.get(sender) ?? []), clientId])
  const trouble = (line: BadLine, what: string) => {
    faultCount++
    story.push(what)
    faults.push(fail(line, dice))
  }

  try {
    if (dice.upTo(3) === 0) trouble(customerLine, 'fault at the opening')
    const id = await begin(newTab())
    await lane.take(id)
    desk = newDesk(id)
    for (let n = dice.between(8, 22); n > 0; n--) {
      const tab = dice.one([tabs[0] ?? newTab(), ...tabs])
      const act = dice.upTo(24)
      if (act < 6) {
        // One after the other pages of a tab are one writer; two tabs at once are two.
        const name = tabs.length === 1 && !beside ? 'the customer' : `tab ${pages.indexOf(tab)}`
        note(name, tab.talk.outbox.add(`${seed} ${n}`, null))
        story.push(name)
      } else if (act < 10) {
        note(holder.name, desk.outbox.send(id, { text: `${seed} ${n}`, note: act === 9 }))
        story.push(holder.name)
      } else if (act < 13) trouble(customerLine, 'fault of the customer')
      else if (act < 16) trouble(agentLine, 'fault of the agent')
      else if (act === 16 && tabs.length === 1) {
        tab.leave()
        tabs = []
        newTab()
        story.push('the widget is reloaded')
      } else if (act === 17) {
        desk.leave()
        desk = newDesk(id)
        story.push('the console is reloaded')
      } else if (act === 18 && tabs.length === 1) {
        newTab()
        beside = true
        story.push('a second tab')
      } else if (act === 19) tab.talk.back()
      else if (act === 20 || act === 21) {
        // The first page sends its own files only: another has the words, not the bytes.
        if (tabs.length > 1 || beside) continue
        story.push('a file of the customer')
        note('the customer', tab.talk.outbox.add('', new File([`${seed} ${n}`], `${n}.txt`)))
        await until('the file is sent', () => tab.talk.outbox.items.every(i => !i.file))
      } else if (act === 22) {
        story.push('a file of the desk')
        const file = await desk.attach(`${n}.txt`, `${seed} ${n}`)
        note(holder.name, desk.outbox.send(id, { text: '', note: false, file }))
      } else if (act === 23 && holder.agent === lane.agent) {
        story.push('handed over')
        const giver = desk
        await until('the words of the giver are sent', () => giver.outbox.all().length === 0)
        await giver.handTo(lane.colleague.id)
        await takeHandedOver(way(agentLine), lane.colleague)
        giver.leave()
        holder = { agent: lane.colleague, name: 'colleague', disk: new Map() }
        desk = newDesk(id)
      }
      await wait(dice.upTo(120))
    }
    for (const line of lines) line.heal()
    await Promise.all(faults)
    for (const line of lines) line.heal()
    const healed = performance.now()
    const problem = await settled(async () => {
      const truth = await lane.truth(id)
      return wrong(truth, said, tabs, desk)
    })
    if (odd.length > 0) throw new Error(`${odd.join('\n  ')}\n  ${story.join(', ')}`)
    if (problem) throw new Error(`${problem}\n  ${story.join(', ')}`)
    return { sent: [...said.values()].flat().length + 1, faults: faultCount, healedMs: performance.now() - healed }
  } finally {
    for (const tab of tabs) tab.leave()
    desk?.leave()
    await Promise.all(faults)
    await Promise.all(lines.map(line => line.close()))
  }
}

/** A person presses again when it did not work. */
async function begin({ talk }: Widget): Promise<string> {
  for (let n = 0; n < 60; n++) {
    await talk.start({ text: '家里没水' })
    const id = talk.conversation()?.id
    if (id) return id
    await wait(50)
  }
  throw new Error('the talk does not begin')
}

async function fail(line: BadLine, dice: Dice): Promise<void> {
  const ms = dice.between(50, 500)
  const kind = dice.upTo(12)
  if (kind < 5) line.breakNext(dice.one(breaks), dice.one([/^POST/, /^POST/, /^GET/, /./s]))
  else if (kind === 5) line.cutAll()
  else if (kind < 8) await line.die(dice.upTo(2) * ms)
  else if (kind === 8) await line.refuse(ms)
  else if (kind === 9) await line.slow(dice.between(5, 80), ms * 2)
  else await line.stall(ms * 3)
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const end = performance.now() + healsWithinMs
  while (!holds()) {
    if (performance.now() > end) throw new Error(`it never came true that ${what}`)
    await wait(20)
  }
}

async function settled(problemNow: () => Promise<string | null>): Promise<string | null> {
  const until = performance.now() + healsWithinMs
  for (;;) {
    const problem = await problemNow()
    if (problem === null || performance.now() > until) return problem
    await wait(60)
  }
}

/** Every word once, each sender's in the order of writing, and on every screen what the server has. */
function wrong(
  truth: readonly Message[],
  said: ReadonlyMap<string, readonly string[]>,
  tabs: readonly Widget[],
  desk: Console | undefined,
): string | null {
  for (const [sender, ids] of said) {
    const there = truth.map(m => m.clientId).filter(id => ids.includes(id))
    if (there.length < ids.length) return `${sender}: ${ids.length - there.length} of ${ids.length} lost`
    if (there.length > ids.length) return `${sender}: ${there.length - ids.length} doubled`
    if (there.join() !== ids.join()) return `${sender}: out of order`
  }
  const seqs = (of: readonly { seq: number; clientId: string }[]) => of.map(m => `${m.seq}:${m.clientId.slice(0, 4)}`).join(' ')
  const forCustomer = seqs(truth.filter(m => m.kind !== 'note'))
  for (const [n, { talk }] of tabs.entries()) {
    if (talk.outbox.items.length > 0) return `tab ${n} still sends ${JSON.stringify(talk.outbox.items)}`
    if (seqs(talk.talk.messages) !== forCustomer) return `tab ${n} shows ${seqs(talk.talk.messages)}, not ${forCustomer}`
    if (talk.talk.connection !== 'live') return `tab ${n} is ${talk.talk.connection}`
  }
  if (!desk || desk.outbox.all().length > 0) return `the desk still sends ${JSON.stringify(desk?.outbox.all())}`
  return seqs(desk.run()) === seqs(truth) ? null : `the desk shows ${seqs(desk.run())}, not ${seqs(truth)}`
}
