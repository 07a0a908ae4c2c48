import { type CallWhole, calls } from '#contract/voice.ts'
import { useFresh } from '../../app/live.ts'
import { useMay } from '../../app/me.ts'
import { useFetch } from '../../kit/data.ts'
import { Failure } from '../../kit/parts.tsx'
import { nameOf } from '../../kit/words.ts'
import { CallButton } from '../CallButton.tsx'
import { outOf } from '../outs.words.ts'
import { Legs } from './Legs.tsx'
import { Player } from './Player.tsx'
import { second } from './times.ts'
import { markWord, w } from './words.ts'

/** Whose part of the call was recorded from then on. */
const withWhom = ({ legs }: CallWhole, at: Date) =>
  legs.find(l => l.party === 'agent' && l.answeredAt && l.answeredAt.getTime() <= at.getTime() + 1_000 && (l.endedAt ?? at) >= at)
    ?.agentName

/** What is known of a call beside its facts: recordings first, then its legs, what was done with it, and its way through the flow. */
export function CallParts({ call }: { call: CallWhole }) {
  return (
    <>
      {call.recordings.length > 0 && (
        <section aria-label={w.recordings} className="col" style={{ gap: 12 }}>
          <h3>{w.recordings}</h3>
          {call.recordings.map(r => (
            <div key={r.id}>
              {call.recordings.length > 1 && (
                <div className="row t3 f12">
                  {second(r.startedAt)} {withWhom(call, r.startedAt)}
                </div>
              )}
              <Player recording={r} marks={call.marks} />
            </div>
          ))}
        </section>
      )}
      {call.legs.length > 0 && (
        <section aria-label={w.legs}>
          <h3>{w.legs}</h3>
          <Legs call={call} />
        </section>
      )}
      {call.marks.length > 0 && (
        <section aria-label={w.marks}>
          <h3>{w.marks}</h3>
          <ul className="legs">
            {call.marks.map(m => (
              <li key={`${m.at.getTime()} ${m.what}`} className="row">
                <span className="t3">{second(m.at)}</span>
                {markWord(m)}
                {m.byName && <span className="t3">{m.byName}</span>}
              </li>
            ))}
          </ul>
        </section>
      )}
      {call.path.length > 0 && (
        <section aria-label={w.way}>
          <h3>{w.way}</h3>
          <ol className="legs">
            {call.path.map((step, n) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a way may come by a node twice
              <li key={n} className="row">
                <span className="t3">{second(step.at)}</span>
                {nameOf(step)}
                {/^[0-9*#]$/.test(step.out) ? <span className="tag">{step.out}</span> : <span className="t2">{outOf(step.out)}</span>}
              </li>
            ))}
          </ol>
        </section>
      )}
    </>
  )
}

/** The call of a contact, where contacts are shown. Nothing where there was none. */
export function CallOfContact({ id }: { id: string }) {
  const may = useMay()
  const { data, error, refetch } = useFetch(calls.ofInteraction, { id }, { enabled: may('voice:read'), keep: false })
  useFresh('recording', 'interactions')
  useFresh('call', 'interactions')
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (!data?.call) return null
  const { id: callId, cause, customerName, direction, caller, called } = data.call
  const who = customerName || (direction === 'in' ? caller : called)
  return (
    <>
      {cause && who && (
        <div>
          <CallButton who={who} callId={callId} />
        </div>
      )}
      <CallParts call={data.call} />
    </>
  )
}
