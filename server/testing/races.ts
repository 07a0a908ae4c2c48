import fc from 'fast-check'
import type { User } from '#kernel/access.ts'
import type { openDesk } from './desk.ts'

type Staffed = { capacity: number; skilled: boolean; queues: number }

/** Agents of a race: some with the skill that the second queue demands, some in the first queue only. */
export const agentsOf = (minLength: number, maxLength: number): fc.Arbitrary<Staffed[]> =>
  fc.array(fc.record({ capacity: fc.integer({ min: 1, max: 3 }), skilled: fc.boolean(), queues: fc.integer({ min: 1, max: 2 }) }), {
    minLength,
    maxLength,
  })

/** What happens in a race, to whom and where. */
export const actOf = <K extends string>(...kinds: K[]) =>
  fc.record({ kind: fc.constantFrom(...kinds), queue: fc.nat(1), tier: fc.constantFrom(null, 'gold'), pick: fc.nat(1000) })

export async function raceScene(desk: ReturnType<typeof openDesk>, agents: readonly Staffed[], state: 'ready' | 'offline') {
  const skill = await desk.skill('技能')
  const queues = [await desk.queue(), await desk.queue({ demands: [{ skillId: skill, level: 2, relaxAfter: 0 }] })]
  const staffed: User[] = []
  for (const [i, a] of agents.entries()) {
    const skills = a.skilled ? [{ skillId: skill, level: 3 }] : []
    staffed.push(await desk.agent(`坐席${i}`, queues.slice(0, a.queues), { capacity: a.capacity, skills, state }))
  }
  return { queues, staffed }
}
