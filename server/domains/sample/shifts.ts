import { type QueueKey, queues, type SkillKey, skillKeys } from './catalogs.ts'
import { people } from './centre.ts'
import type { Dice } from './dice.ts'

const agents = people.filter(p => p.role === 'agent')
const hourMs = 3_600_000
const handAtOnce = 3

/** Who is at the desk at an hour of the wall: three shifts by day, two people by night, two days a week off. */
function onDuty(dayNumber: number, hour: number): readonly (typeof agents)[number][] {
  const night = hour >= 21 || hour < 8
  const date = hour < 8 ? dayNumber - 1 : dayNumber
  const there = agents.filter((_, n) => {
    if (night) return n === date % agents.length || n === (date + 4) % agents.length
    if ((date + n * 2) % 7 < 2) return false
    const [from, to] = [
      [8, 17],
      [12, 21],
      [9, 18],
    ][(date + n) % 3] ?? [8, 21]
    return from !== undefined && to !== undefined && hour >= from && hour < to
  })
  return there.length > 0 ? there : agents.slice(0, 2)
}

export type Desk = {
  /** Who answers a contact that has waited until `at`, and when: later, when everybody has their hands full. */
  answer: (dice: Dice, queue: QueueKey, at: Date) => { login: string; at: Date }
  /** That agent has the contact in hand until then. */
  hold: (login: string, until: Date) => void
}

/** Nobody has more than three talks at once: the history is one that routing could have made. `busy` off for sizes no ten people could handle. */
export function newDesk(busy: boolean): Desk {
  const held = new Map<string, number[]>()
  return {
    answer: (dice, queue, at) => {
      const china = at.getTime() + 8 * hourMs
      const there = onDuty(Math.floor(china / 86_400_000), Math.floor((china / hourMs) % 24))
      const free = there.map(p => ({ p, ends: (held.get(p.login) ?? []).filter(end => end > at.getTime()) }))
      for (const { p, ends } of free) held.set(p.login, ends)
      const open = busy ? free.filter(f => f.ends.length < handAtOnce) : free
      if (open.length === 0) {
        const first = free.flatMap(({ p, ends }) => ends.map(end => ({ login: p.login, end }))).sort((a, b) => a.end - b.end)[0]
        if (!first) return { login: 'agent', at }
        // That place is taken from now on.
        held.set(
          first.login,
          (held.get(first.login) ?? []).filter(end => end !== first.end),
        )
        return { login: first.login, at: new Date(first.end + 2000 + dice.int(0, 6000)) }
      }
      const fewest = Math.min(...open.map(f => f.ends.length))
      const able = open.filter(f => knows(f.p, queue))
      const idle = (able.length > 0 ? able : open).filter(f => f.ends.length === fewest)
      return { login: dice.pick(idle.length > 0 ? idle : able.length > 0 ? able : open).p.login, at }
    },
    hold: (login, until) => {
      held.set(login, [...(held.get(login) ?? []), until.getTime()])
    },
  }
}

function knows(person: (typeof agents)[number], queue: QueueKey): boolean {
  const demands: readonly { skill: SkillKey; level: number }[] = queues[queue].demands
  return demands.every(d => (person.skills?.[skillKeys.indexOf(d.skill)] ?? 0) >= d.level)
}
