import { Link } from '@tanstack/react-router'
import { Button, Drawer, Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { type Opportunity, opportunities } from '#contract/sales.ts'
import { useFresh } from '../app/live.ts'
import { useMay } from '../app/me.ts'
import { useMasking } from '../customers/masking.ts'
import { Fact } from '../customers/profile/Fact.tsx'
import { RevealButton } from '../customers/Reveal.tsx'
import { useShown } from '../customers/useShown.ts'
import { useAct, useFetch } from '../kit/data.ts'
import { IconEdit, IconUser } from '../kit/icons.ts'
import { Failure, Sep, Waiting } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { day, full, yuan } from '../kit/time.ts'
import { nameOf } from '../kit/words.ts'
import OpportunityForm from './OpportunityForm.tsx'
import { StageTag, useStages } from './stage.tsx'
import { sourceWord, w } from './words.ts'
import '../kit/page.css'
import './sales.css'

/** One opportunity beside its list: what it is worth, where it stands, how it came there, and the next step. */
export default function OpportunityDrawer({ id, close }: { id: string; close: () => void }) {
  const { data, error, refetch } = useFetch(opportunities.one, { id }, { keep: false })
  useFresh('opportunity', 'opportunities')
  return (
    <Drawer open onClose={close} size={480} title={data?.title ?? w.one}>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {data ? <Shown of={data} /> : error ? null : <Waiting rows={8} />}
    </Drawer>
  )
}

function Shown({ of }: { of: Opportunity }) {
  const may = useMay()
  const { stages, of: stageOf } = useStages()
  const course = useFetch(opportunities.course, { id: of.id }).data ?? []
  const [editing, setEditing] = useState(false)
  const [losing, setLosing] = useState<string | null>(null)
  const [why, setWhy] = useState('')
  const move = useAct(opportunities.move, { also: ['customers'] })
  const mayWrite = may('opportunity:write')
  const take = async (stageId: string, note = '') => {
    const moved = await move.act({ id: of.id, body: { stageId, note, version: of.version } })
    if (!moved) return
    const stage = stageOf(stageId)
    tell(w.moved(stage ? nameOf(stage) : ''))
    setLosing(null)
    setWhy('')
  }
  return (
    <div className="opportunity col">
      <div className="row wrap">
        <StageTag id={of.stageId} />
        <b className="f16">{yuan(of.value)}</b>
        {mayWrite && (
          <Button className="end" size="small" icon={<IconEdit size={14} stroke={1.75} />} onClick={() => setEditing(true)}>
            {w.edit}
          </Button>
        )}
      </div>
      {mayWrite && (
        <Select<string>
          aria-label={w.move}
          value={of.stageId}
          loading={move.acting}
          onChange={next => (stageOf(next)?.kind === 'lost' ? setLosing(next) : void take(next))}
          options={stages.map(s => ({ value: s.id, label: nameOf(s) }))}
        />
      )}
      <dl className="facts one">
        <Fact label={w.who}>
          {of.customerId ? (
            <Link to={`/customers/${of.customerId}`}>{of.whoName}</Link>
          ) : (
            <>
              {of.name} <span className="tag">{w.lead}</span>
            </>
          )}
        </Fact>
        <Reached of={of} />
        <Fact label={w.source}>
          {sourceWord(of.source)}
          {of.sourceNote && (
            <>
              <Sep />
              {of.sourceNote}
            </>
          )}
        </Fact>
        <Fact label={w.owner}>{of.ownerName ?? w.nobody}</Fact>
        <Fact label={w.expected}>{of.expectedOn && day(new Date(`${of.expectedOn}T00:00:00`))}</Fact>
        <Fact label={w.lostReason}>{of.lostReason}</Fact>
        <Fact label={w.note}>{of.note && <span className="prose">{of.note}</span>}</Fact>
      </dl>
      {of.customerId === null && may('customer:write') && <Convert of={of} />}
      <section aria-label={w.course}>
        <h3>{w.course}</h3>
        <ol className="course">
          {course.map(step => (
            <li key={step.id}>
              <StageTag id={step.toId} />
              <span className="t3 f12">
                {step.byName} <time dateTime={step.at.toISOString()}>{full(step.at)}</time>
              </span>
              {step.note && <p className="prose t2">{step.note}</p>}
            </li>
          ))}
        </ol>
      </section>
      {editing && <OpportunityForm of={of} close={() => setEditing(false)} />}
      <Modal
        open={losing !== null}
        title={w.why}
        okText={w.lost}
        okButtonProps={{ disabled: why.trim() === '', loading: move.acting }}
        onOk={() => losing && void take(losing, why.trim())}
        onCancel={() => setLosing(null)}
        width={400}
        destroyOnHidden
      >
        <Input.TextArea
          aria-label={w.why}
          value={why}
          onChange={e => setWhy(e.target.value)}
          maxLength={400}
          autoSize={{ minRows: 2, maxRows: 6 }}
        />
      </Modal>
    </div>
  )
}

/** How a lead is reached; both in full at one look. */
function Reached({ of }: { of: Opportunity }) {
  const mine = useMasking()
  const { act, acting } = useAct(opportunities.reveal)
  const [full, setFull] = useShown<Pick<Opportunity, 'phone' | 'email'>>(`${of.id} ${of.version}`)
  const masked = (['phone', 'email'] as const).filter(way => of[way] !== null && mine?.fields[way] === 'masked')
  const look = async (why?: string) => {
    const seen = await act({ id: of.id, body: why ? { reason: why } : {} })
    if (seen) setFull(seen)
    return seen !== undefined
  }
  return (['phone', 'email'] as const).map(way => (
    <Fact key={way} label={w[way]}>
      {of[way] && (
        <span className="row wrap reached">
          <span className="value">{full?.[way] ?? of[way]}</span>
          {!full && masked[0] === way && <RevealButton look={look} acting={acting} />}
        </span>
      )}
    </Fact>
  ))
}

/** A lead becomes a customer; where the number is somebody's already, one says whether it is them. */
function Convert({ of }: { of: Opportunity }) {
  const { act, acting, refused } = useAct(opportunities.convert, { quiet: true, also: ['customers'], done: () => tell(w.converted) })
  const make = (body: { customerId?: string; anyway?: boolean }) => void act({ id: of.id, body: { ...body, version: of.version } })
  const there = refused?.code === 'opportunity.known_already' ? refused.facts : null
  const name = String(there?.name ?? '')
  return (
    <div className="col convert">
      {there ? (
        <>
          <span>{w.knownAs(name, String(there.number))}</span>
          <span className="row wrap">
            <Button type="primary" loading={acting} onClick={() => make({ customerId: String(there.customerId) })}>
              {w.joinTo(name)}
            </Button>
            <Button loading={acting} onClick={() => make({ anyway: true })}>
              {w.newAnyway}
            </Button>
          </span>
        </>
      ) : (
        <>
          {refused && <Failure error={refused} />}
          <span className="t3">{w.convertHint}</span>
          <Button icon={<IconUser size={16} stroke={1.75} />} loading={acting} onClick={() => make({})}>
            {w.convert}
          </Button>
        </>
      )}
    </div>
  )
}
