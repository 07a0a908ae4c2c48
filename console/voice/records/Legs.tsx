import type { CallLeg, CallWhole } from '#contract/voice.ts'
import { Sep } from '../../kit/parts.tsx'
import { full } from '../../kit/time.ts'
import { between, second } from './times.ts'
import { causeTone, causeWord, qualityTone, qualityWord, w } from './words.ts'

/** Every leg on one line of time: rang, was up, ended and why, and how well it was heard. */
export function Legs({ call }: { call: CallWhole }) {
  const from = call.startedAt.getTime()
  const until = Math.max((call.endedAt ?? new Date()).getTime(), ...call.legs.map(l => l.endedAt?.getTime() ?? 0), from + 1)
  const share = (at: Date) => Math.min(100, Math.max(0, ((at.getTime() - from) / (until - from)) * 100))
  return (
    <ul className="legs">
      {call.legs.map(leg => {
        const end = leg.endedAt ?? new Date(until)
        return (
          <li key={leg.id} className={leg.party}>
            <div className="row nowrap">
              <b className="m5 nowrap">{leg.agentName ?? w[leg.party]}</b>
              {leg.number && <span className="t3 cut">{leg.number}</span>}
              <span className="end row nowrap">
                {leg.cause && <span className={`tag ${causeTone(leg.cause)}`}>{causeWord(leg.cause)}</span>}
                {leg.code !== null && <span className="t3 f12">{w.sip(leg.code)}</span>}
              </span>
            </div>
            <div className="track" title={`${full(leg.startedAt)} – ${leg.endedAt ? full(leg.endedAt) : ''}`}>
              <i style={{ left: `${share(leg.startedAt)}%`, width: `${share(leg.answeredAt ?? end) - share(leg.startedAt)}%` }} />
              {leg.answeredAt && (
                <i className="up" style={{ left: `${share(leg.answeredAt)}%`, width: `${share(end) - share(leg.answeredAt)}%` }} />
              )}
              {leg.party === 'customer' &&
                call.marks.map(m => <b key={`${m.at.getTime()} ${m.what}`} style={{ left: `${share(m.at)}%` }} />)}
            </div>
            <div className="row wrap t3 f12">
              <span className="nowrap">
                {second(leg.startedAt)}
                {leg.endedAt && ` – ${second(leg.endedAt)}`}
              </span>
              {leg.answeredAt && leg.answeredAt.getTime() - leg.startedAt.getTime() >= 1_000 && (
                <span className="nowrap">
                  {w.rang} {between(leg.startedAt, leg.answeredAt)}
                </span>
              )}
              {leg.answeredAt && (
                <span className="nowrap">
                  {leg.party === 'customer' ? w.onLine : w.talked} {between(leg.answeredAt, end)}
                </span>
              )}
              <Heard leg={leg} />
            </div>
          </li>
        )
      })}
    </ul>
  )
}

const percent = (share: number | null) => (share === null ? '–' : `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)}%`)

function Heard({ leg: { quality: q, endedAt, answeredAt } }: { leg: CallLeg }) {
  if (!q) return endedAt && answeredAt ? <span className="nowrap">{w.noQuality}</span> : null
  return (
    <>
      {q.mos !== null && (
        <span className={`tag ${qualityTone(q.mos)}`} title={w.mosHint}>
          {w.mos(q.mos.toFixed(1))} {qualityWord(q.mos)}
        </span>
      )}
      <span className="nowrap">
        {(q.lossIn !== null || q.lossOut !== null) && w.loss(percent(q.lossIn), percent(q.lossOut))}
        {q.jitterMs !== null && (
          <>
            <Sep />
            {w.jitter(Math.round(q.jitterMs))}
          </>
        )}
        {q.rttMs !== null && (
          <>
            <Sep />
            {w.delay(Math.round(q.rttMs))}
          </>
        )}
      </span>
    </>
  )
}
