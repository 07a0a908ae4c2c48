import { Link } from '@tanstack/react-router'
import { Button, Select } from 'antd'
import { useState } from 'react'
import { automation } from '#contract/automation.ts'
import { useRested } from '../app/people.tsx'
import { useAct, useFetch } from '../kit/data.ts'
import { IconCheck, IconX } from '../kit/icons.ts'
import { clockTime } from '../kit/time.ts'
import { bodyOf, type Draft, emptyBody, isWhole } from './draft.ts'
import { fieldName, fieldsOf, useOffers } from './offered.ts'
import { Steps } from './Trace.tsx'
import { w } from './words.ts'

/** The draft as it stands, on what has happened: one event beside, or a stretch of the past. */
export function Trial({ draft }: { draft: Draft }) {
  const body = bodyOf(draft)
  const { data: events } = useFetch(automation.happened, { query: { trigger: draft.trigger } }, { keep: false, staleTime: 60_000 })
  const [chosen, setChosen] = useState<string | null>(null)
  return (
    <section className="card" aria-label={w.trial}>
      <header>
        <h3>{w.trial}</h3>
      </header>
      <div className="body">
        <span className="t3 f12">{w.trialHint}</span>
        {events?.length === 0 && <span className="t3 f12">{w.noneHappened}</span>}
        <div className="ruleevents f12">
          {events?.slice(0, 6).map(event => (
            <button
              type="button"
              key={event.eventId}
              aria-pressed={chosen === event.eventId}
              onClick={() => setChosen(chosen === event.eventId ? null : event.eventId)}
            >
              <span className="cut">{event.label}</span>
              <span className="t3 nowrap">{clockTime(event.at)}</span>
            </button>
          ))}
        </div>
        {chosen && body.success && <Answer draft={draft} eventId={chosen} />}
        <DryRun draft={draft} />
      </div>
    </section>
  )
}

/** Asked again whenever the draft rests. */
function Answer({ draft, eventId }: { draft: Draft; eventId: string }) {
  const text = useRested(JSON.stringify(draft))
  const rested: Draft = JSON.parse(text)
  const body = bodyOf(rested)
  const { data, error } = useFetch(
    automation.trial,
    { body: { trigger: rested.trigger, body: body.success ? body.data : emptyBody, eventId } },
    { enabled: body.success, keep: false },
  )
  if (error) return <span className="t3 f12">{error.message}</span>
  if (!data) return null
  return (
    <div role="status" className="tracewhy">
      <span className={data.holds ? 'okc row m5' : 't2 row m5'} style={{ gap: 4 }}>
        {data.holds ? <IconCheck size={14} /> : <IconX size={14} />}
        {data.holds ? w.fits : w.fitsNot}
      </span>
      <Steps trigger={rested.trigger} steps={data.steps} />
    </div>
  )
}

const spans = [7, 30, 90]
const shownRows = 8
function DryRun({ draft }: { draft: Draft }) {
  const offers = useOffers()
  const [days, setDays] = useState(30)
  const { act, acting } = useAct(automation.dryRun)
  const [said, setSaid] = useState<{ of: string; reply: NonNullable<Awaited<ReturnType<typeof act>>> } | null>(null)
  const body = bodyOf(draft)
  const now = JSON.stringify([draft, days])
  const run = async () => {
    if (!body.success) return
    const reply = await act({ body: { trigger: draft.trigger, body: body.data, days } })
    if (reply) setSaid({ of: now, reply })
  }
  // An answer about another draft would mislead.
  const shown = said?.of === now ? said.reply : null
  return (
    <>
      <div className="row wrap">
        <Select
          size="small"
          value={days}
          aria-label={w.dryRun}
          options={spans.map(n => ({ value: n, label: w.dryRunDays(n) }))}
          onChange={setDays}
        />
        <Button size="small" loading={acting} disabled={!body.success} onClick={() => void run()}>
          {w.dryRun}
        </Button>
      </div>
      {shown && (
        <div role="status" className="tracewhy f12">
          <b className="m5">
            {body.success && isWhole(body.data.actions, offers)
              ? w.dryRunSaid(shown.matched, shown.looked)
              : w.dryRunFits(shown.matched, shown.looked)}
          </b>
          {!shown.whole && <span className="t3">{w.dryRunPart}</span>}
          {shown.unseen > 0 && <span className="t3">{w.dryRunUnseen(shown.unseen)}</span>}
          {shown.today.length > 0 && (
            <span className="t3">{w.today(shown.today.map(field => fieldName(fieldsOf(offers, draft.trigger), field)).join(' / '))}</span>
          )}
          <div className="ruleevents">
            {shown.matched > shownRows && <span className="t3">{w.dryRunFirst(shownRows)}</span>}
            {shown.rows.slice(0, shownRows).map(row => (
              <Link key={row.eventId} to={row.path ?? '.'}>
                <span className="cut">{row.label}</span>
                <span className="t3 nowrap">{clockTime(row.at)}</span>
              </Link>
            ))}
          </div>
        </div>
      )}
    </>
  )
}
