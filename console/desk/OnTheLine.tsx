import type { CallLeg, MyCall } from '#contract/voice.ts'
import { useNames } from '../app/people.tsx'
import { IconUsers } from '../kit/icons.ts'
import { clockText, hour, useNow } from '../kit/time.ts'
import { masked } from '../voice/rules.ts'
import { w } from './words.ts'

/** Who is and was on the line, in order, and for how long. */
export function OnTheLine({ call, legs }: { call: MyCall; legs: readonly CallLeg[] }) {
  const names = useNames(legs.map(leg => leg.agentId))
  const now = useNow()
  const hearsMusic = call.held || (call.other !== null && !call.other.together)
  return (
    <section className="card" aria-label={w.onTheLine}>
      <header>
        <IconUsers size={16} stroke={1.75} />
        <h3>{w.onTheLine}</h3>
      </header>
      <ul className="body lines">
        {legs.map(leg => (
          <li key={leg.id}>
            <i className={`dot ${leg.endedAt ? '' : leg.answeredAt ? 'ok' : 'wa'}`} />
            <span className="cut">
              {leg.party === 'customer' ? w.theCustomer : leg.agentName || names(leg.agentId) || masked(leg.number)}
              {leg.party === 'customer' && leg.number && <span className="t3 num"> {masked(leg.number)}</span>}
            </span>
            {leg.party === 'leader' && <span className="tag">{w.leader}</span>}
            {leg.party === 'customer' && !leg.endedAt && hearsMusic && <span className="tag wa">{w.hearsMusic}</span>}
            <span className="grow" />
            <span className="t3 f12 nowrap">{w.cameAt(hour(leg.startedAt))}</span>
            <span className="num f12 nowrap how">{how(leg, now)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

const how = ({ answeredAt, endedAt }: CallLeg, now: number): string =>
  answeredAt ? clockText((endedAt?.getTime() ?? now) - answeredAt.getTime()) : endedAt ? w.notReached : w.rings
