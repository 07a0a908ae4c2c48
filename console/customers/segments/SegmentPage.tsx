import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { Button, Input } from 'antd'
import { useRef, useState } from 'react'
import * as z from 'zod'
import { Condition } from '#contract/conditions.ts'
import { type Segment, segments } from '#contract/segments.ts'
import { useMay } from '../../app/me.ts'
import { Conditions, toTheGap } from '../../automation/Conditions.tsx'
import '../../automation/automation.css'
import { isWhole } from '../../automation/offered.ts'
import { retiring } from '../../kit/CatalogHeader.tsx'
import { useAct, useFetch } from '../../kit/data.ts'
import { EditingNotes } from '../../kit/Editing.tsx'
import { Failure, Waiting } from '../../kit/parts.tsx'
import { tell } from '../../kit/tell.tsx'
import { useEditing } from '../../kit/useEditing.ts'
import { nameOf } from '../../kit/words.ts'
import { Live } from './Live.tsx'
import { useSegmentFields } from './say.ts'
import './segments.css'
import { w } from './words.ts'

const Draft = z.object({ name: z.string(), nameEn: z.string(), note: z.string(), condition: Condition })
type Draft = z.output<typeof Draft>
const draftOf = ({ name, nameEn, note, condition }: Segment): Draft => ({ name, nameEn, note, condition })
const fresh = (): Segment => ({
  ...{ id: '', name: '', nameEn: '', note: '', condition: { match: 'all', of: [] }, version: 0, retired: false },
  ...{ changedAt: new Date(), count: null, countedAt: null },
})

const retire = retiring(segments.retire)

export default function SegmentPage() {
  const { id = '' } = useParams({ strict: false })
  const isNew = id === 'new'
  const { data: kept, error, refetch } = useFetch(segments.one, { id }, { enabled: !isNew, keep: false })
  const [begun] = useState(fresh)
  const data = isNew ? begun : kept
  if (!data)
    return error ? (
      <div className="page">
        <Failure error={error} retry={() => void refetch()} />
        <Link to="/segments">{w.back}</Link>
      </div>
    ) : (
      <Waiting rows={8} />
    )
  return <Editor key={id} segment={data} />
}

function Editor({ segment }: { segment: Segment }) {
  const go = useNavigate()
  const may = useMay()('customer:configure')
  const isNew = segment.id === ''
  const fields = useSegmentFields()
  const editing = useEditing(`segment ${segment.id || 'new'}`, Draft, { version: segment.version, draft: draftOf(segment) })
  const { draft, change } = editing
  const add = useAct(segments.add)
  const write = useAct(segments.change)
  // A segment that names itself is a circle: it is not offered.
  const offered = fields.map(f => (f.key === 'segments' ? { ...f, options: f.options?.filter(o => o.value !== segment.id) ?? null } : f))
  const [marked, setMarked] = useState(false)
  const built = useRef<HTMLDivElement>(null)
  const save = async () => {
    const isFilled = isWhole(draft.condition)
    setMarked(!isFilled)
    if (!isFilled) return toTheGap(built.current)
    if (isNew) {
      const added = await add.act({ body: draft })
      if (!added) return
      editing.settle({ version: 0, draft: draftOf(segment) })
      tell(w.saved)
      void go({ to: `/segments/${added.id}`, replace: true })
      return
    }
    const saved = await write.act({ id: segment.id, body: { ...draft, version: editing.version } })
    if (!saved) return
    editing.settle({ version: saved.version, draft: draftOf(saved) })
    tell(w.saved)
  }
  return (
    <div className="page">
      <header>
        <Link to="/segments" className="nowrap">
          {w.segments}
        </Link>
        <h1 className="cut">{isNew ? w.newName : nameOf(segment)}</h1>
        {segment.retired && <span className="tag">{w.retired}</span>}
        {may && (
          <span className="end row">
            {!isNew && (
              <Button type="text" onClick={() => void retire(segment, nameOf(segment), !segment.retired)}>
                {segment.retired ? w.restore : w.retire}
              </Button>
            )}
            <Button
              type="primary"
              disabled={draft.name.trim() === '' || !(editing.touched || isNew) || editing.overtaken}
              loading={add.acting || write.acting}
              onClick={() => void save()}
            >
              {w.save}
            </Button>
          </span>
        )}
      </header>
      <EditingNotes editing={editing} />
      <div className="rulebody">
        <section className="card" aria-label={w.condition}>
          <div className="body">
            <fieldset className="rulegroup" disabled={!may}>
              <div className="segmenthead">
                <div>
                  <span className="t2 f12">{w.name}</span>
                  <Input aria-label={w.name} value={draft.name} maxLength={60} onChange={e => change({ ...draft, name: e.target.value })} />
                </div>
                <div>
                  <span className="t2 f12">{w.nameEn}</span>
                  <Input
                    aria-label={w.nameEn}
                    value={draft.nameEn}
                    maxLength={60}
                    onChange={e => change({ ...draft, nameEn: e.target.value })}
                  />
                </div>
                <div className="wide">
                  <span className="t2 f12">{w.note}</span>
                  <Input
                    aria-label={w.note}
                    value={draft.note}
                    maxLength={500}
                    onChange={e => change({ ...draft, note: e.target.value })}
                  />
                </div>
              </div>
              <span className="t2 f12">{w.condition}</span>
              {fields.length > 0 && (
                <div ref={built}>
                  <Conditions
                    group={draft.condition}
                    fields={offered}
                    marked={marked}
                    change={group => change({ ...draft, condition: group as Draft['condition'] })}
                  />
                </div>
              )}
            </fieldset>
          </div>
        </section>
        <aside className="ruleaside">
          <Live condition={draft.condition} id={isNew ? null : segment.id} saved={isNew || editing.touched ? null : segment.id} />
        </aside>
      </div>
    </div>
  )
}
