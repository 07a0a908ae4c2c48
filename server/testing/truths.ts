import { expect } from 'vitest'
import type { TestHouse } from './house.ts'

/** Milliseconds a property may take: as given within `npm test`, twenty times as long when it is to be proved at length (PROVE=1). */
export const proving = (ms: number): number => (process.env.PROVE === '1' ? ms * 20 : ms)

type Row = Record<string, unknown>

const beside = `from routing.waiting w join routing.lane l on l.tenant_id = $1 and l.id = w.lane_id
  join routing.agent_queue m on m.tenant_id = $1 and m.queue_id = w.queue_id
  join routing.presence p on p.tenant_id = $1 and p.id = m.agent_id and l.needs <@ p.has and not (p.id = any(w.not_for))`
const free = `join routing.free_place c on c.tenant_id = $1 and c.agent_id = p.id and c.channel = w.channel
  where w.tenant_id = $1 and w.state = 'waiting' and p.state = 'ready' and p.ringing is null`

/** What must be true of routing, asked past every verb as the owner of the database. */
export function truthsOf(house: TestHouse) {
  const ask = async (text: string): Promise<Row[]> => (await house.house.control.query<Row>(text, [house.tenantId])).rows
  const none = async (text: string, what: string) => expect(await ask(text), what).toEqual([])
  /** True at any instant, whatever is under way. */
  const always = async () => {
    await none(
      `select agent_id from routing.load where tenant_id = $1 group by agent_id having sum(used * weight) > 100 or bool_or(used > capacity)`,
      'an agent has more than the capacity',
    )
    await none(
      `select interaction_id from routing.offer where tenant_id = $1 and ended_at is null group by 1 having count(*) > 1`,
      'a contact rings twice',
    )
    await none(
      `select interaction_id from routing.offer where tenant_id = $1 and outcome = 'accepted' group by 1 having count(*) > 1`,
      'a contact was accepted twice',
    )
  }
  return {
    always,
    /** Whenever nothing moves. */
    atRest: async () => {
      await always()
      await none(
        `select l.agent_id, l.used from routing.load l where l.tenant_id = $1 and l.used <>
        (select count(*) from routing.handling h where h.tenant_id = $1 and h.agent_id = l.agent_id and h.channel = l.channel and h.counted)`,
        'a place is counted that nobody holds, or the other way round',
      )
      await none(
        `select p.id from routing.presence p left join routing.offer o on o.tenant_id = $1 and o.agent_id = p.id and o.ended_at is null
        left join routing.waiting w on w.tenant_id = $1 and w.offered_to = p.id
        where p.tenant_id = $1 and (p.ringing is distinct from o.id or w.id is distinct from o.interaction_id)`,
        'agent, offer and contact tell different stories',
      )
      await none(
        `select o.agent_id from routing.offer o join routing.load l on l.tenant_id = $1 and l.agent_id = o.agent_id and l.channel = o.channel
        where o.tenant_id = $1 and o.ended_at is null and l.used >= l.capacity`,
        'it rings at an agent without a place',
      )
      await none(`select w.id, p.id as agent ${beside} ${free}`, 'a contact waits beside a fitting agent with a free place')
    },
    /** Nobody rings for a contact while an older or more valuable one, which fits the same agent, waits on. */
    order: () =>
      none(
        `select x.id, w.id as overtaken ${beside} join routing.waiting x on x.tenant_id = $1 and x.offered_to = p.id
        where w.tenant_id = $1 and w.state = 'waiting' and (w.priority > x.priority or (w.priority = x.priority and (w.enqueued_at, w.id) < (x.enqueued_at, x.id)))`,
        'an older equal was overtaken',
      ),
    /** Offers that should have ended by now. */
    overdue: () =>
      none(
        `select o.id from routing.offer o where o.tenant_id = $1 and o.ended_at is null and o.deadline < '${house.now().toISOString()}'`,
        'an offer has not ended',
      ),
    /** Who waits beside a fitting free agent just now. */
    stuck: async (): Promise<string[]> => (await ask(`select w.id, p.id as agent ${beside} ${free}`)).map(r => `${r.id} ${r.agent}`),
  }
}
