import { Button, type InputRef } from 'antd'
import { useRef, useState } from 'react'
import { type CustomerRecord, mostRecords, type RecordKind, recordKinds, records } from '#contract/records.ts'
import { useMay } from '../../app/me.ts'
import { useFetch } from '../../kit/data.ts'
import { fieldText } from '../../kit/FieldInput.tsx'
import { IconDots, IconPlus } from '../../kit/icons.ts'
import { SeekBox } from '../../kit/ListParts.tsx'
import { Menu } from '../../kit/Menu.tsx'
import { Failure, Waiting } from '../../kit/parts.tsx'
import { day } from '../../kit/time.ts'
import { nameOf } from '../../kit/words.ts'
import { EndForm, MoveForm } from './ElsewhereForms.tsx'
import { RecordForm } from './RecordForm.tsx'
import { useReopening } from './reopening.ts'
import { w } from './words.ts'

type Doing = { act: 'add' } | { act: 'change' | 'move' | 'end'; record: CustomerRecord; kind: RecordKind }

/** From so many on they are looked for. */
const many = 20

/** What a customer has, by kind: DN20 · 远传 · number. */
export function RecordsPanel({ customerId }: { customerId: string }) {
  const may = useMay()
  const [doing, setDoing] = useState<Doing | null>(null)
  const [withEnded, setWithEnded] = useState(false)
  const [sought, setSought] = useState<string>()
  const seek = useRef<InputRef>(null)
  const kinds = useFetch(recordKinds.list, { query: { retired: true } }, { staleTime: 300_000 })
  const { data, error, refetch, isPending } = useFetch(records.ofCustomer, { id: customerId, query: sought ? { number: sought } : {} })
  const all = kinds.data ?? []
  // An organisation without kinds has no use for an empty panel.
  if (kinds.data && all.every(kind => kind.retired) && !sought && data?.length === 0) return null
  const ended = data?.filter(r => r.endedAt !== null) ?? []
  const shown = data?.filter(r => r.endedAt === null || withEnded) ?? []
  const shut = () => setDoing(null)
  return (
    <section className="card" aria-label={w.records}>
      <header>
        <h3>{w.records}</h3>
        {may('customer:write') && all.some(kind => !kind.retired) && (
          <Button
            className="end"
            type="text"
            size="small"
            icon={<IconPlus size={16} stroke={1.75} />}
            onClick={() => setDoing({ act: 'add' })}
          >
            {w.add}
          </Button>
        )}
      </header>
      <div className="body col" style={{ gap: 10 }}>
        {error && <Failure error={error} retry={() => void refetch()} />}
        {isPending && <Waiting rows={2} />}
        {data && (sought !== undefined || data.length >= many) && (
          <SeekBox hint={w.number} text={sought ?? ''} seek={setSought} field={seek} />
        )}
        {data && data.length === 0 && <span className="t3">{sought ? w.noneSo(sought) : w.none}</span>}
        {shown.map(record => {
          const kind = all.find(k => k.id === record.kindId)
          return kind && <Line key={record.id} record={record} kind={kind} begin={may('customer:write') ? setDoing : undefined} />
        })}
        {data?.length === mostRecords && <span className="t3 f12">{w.onlyFirst(mostRecords)}</span>}
        {ended.length > 0 && (
          <button type="button" className="linkbutton f12" aria-expanded={withEnded} onClick={() => setWithEnded(!withEnded)}>
            {w.ended(ended.length)}
          </button>
        )}
      </div>
      {doing?.act === 'add' && <RecordForm customerId={customerId} kinds={all.filter(k => !k.retired)} record={null} close={shut} />}
      {doing?.act === 'change' && <RecordForm customerId={customerId} kinds={[doing.kind]} record={doing.record} close={shut} />}
      {doing?.act === 'move' && <MoveForm record={doing.record} close={shut} />}
      {doing?.act === 'end' && <EndForm record={doing.record} close={shut} />}
    </section>
  )
}

function Line({ record: r, kind, begin }: { record: CustomerRecord; kind: RecordKind; begin: ((doing: Doing) => void) | undefined }) {
  const reopen = useReopening()
  const offered = [
    { key: 'move', label: w.move, onClick: () => begin?.({ act: 'move', record: r, kind }) },
    r.endedAt === null
      ? { key: 'end', label: w.end, onClick: () => begin?.({ act: 'end', record: r, kind }) }
      : { key: 'reopen', label: w.reopen, onClick: () => void reopen(r) },
  ]
  return (
    <div className="row" style={{ alignItems: 'flex-start' }}>
      <div className="grow" style={{ minWidth: 0 }}>
        <div className="row wrap" style={{ gap: 6 }}>
          <span className="t2">{nameOf(kind)}</span>
          {begin ? (
            <button
              type="button"
              className="opens"
              style={{ overflowWrap: 'anywhere' }}
              onClick={() => begin({ act: 'change', record: r, kind })}
            >
              {r.number}
            </button>
          ) : (
            <b className="m5" style={{ overflowWrap: 'anywhere' }}>
              {r.number}
            </b>
          )}
        </div>
        <div className="t3 f12" style={{ overflowWrap: 'anywhere' }}>
          {told(kind, r)}
        </div>
      </div>
      {begin && (
        <Menu items={offered}>
          <Button type="text" size="small" icon={<IconDots size={16} />} aria-label={`${nameOf(kind)} ${r.number}`} />
        </Menu>
      )}
    </div>
  )
}

/** DN20 · 远传 · 2024 年 3 月 1 日结束: what was chosen by its own word, what is so by its name, the rest with its name before it. */
function told(kind: RecordKind, r: CustomerRecord): string {
  const parts = kind.fields.flatMap(f => {
    const value = r.fields[f.key]
    const label = nameOf({ name: f.label, nameEn: f.labelEn })
    if (f.type === 'yesno') return value === true ? [label] : []
    const text = fieldText(f, value)
    return text === '' ? [] : [f.type === 'choice' ? text : `${label} ${text}`]
  })
  return [...parts.slice(0, 4), ...(r.endedAt ? [w.endedOn(day(r.endedAt))] : []), ...(r.note ? [r.note] : [])].join(' · ')
}
