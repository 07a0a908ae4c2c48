import { Button, Form, Select } from 'antd'
import { useState } from 'react'
import { type Need, NeedState, needOver, needs } from '#contract/needs.ts'
import { useMay } from '../app/me.ts'
import { PersonSelect, useRested } from '../app/people.tsx'
import { useAct, useFetch } from '../kit/data.ts'
import '../kit/heard.css'
import { tell } from '../kit/tell.tsx'
import { nameOf } from '../kit/words.ts'
import { useDepartments } from '../settings/fields.tsx'
import { stateWord, w } from './words.ts'

/** How far it is, whose it is, and which others say the same. */
export function Deciding({ of, open }: { of: Need; open: (id: string) => void }) {
  const may = useMay()
  const [writes, decides] = [may('need:write'), may('need:decide')]
  const departments = useDepartments()
  const move = useAct(needs.move)
  const change = useAct(needs.change)
  const { version } = of
  if (!writes && !decides) return null
  return (
    <>
      <Form layout="vertical" className="deciding" component="div">
        <Form.Item label={w.state}>
          <Select<string>
            aria-label={w.state}
            value={of.state}
            disabled={!decides}
            loading={move.acting}
            onChange={state => void move.act({ id: of.id, body: { state: NeedState.parse(state), version } })}
            options={NeedState.options.map(state => ({
              value: state,
              label: stateWord(state),
              disabled: needOver(state) && state !== of.state,
              title: needOver(state) && state !== of.state ? w.byAnswer : '',
            }))}
          />
        </Form.Item>
        <Form.Item label={w.department}>
          <Select<string>
            aria-label={w.department}
            placeholder={w.nobody}
            allowClear
            disabled={!writes}
            value={of.departmentId}
            onChange={next => void change.act({ id: of.id, body: { departmentId: next ?? null, version } })}
            options={departments.map(d => ({ value: d.id, label: nameOf(d) }))}
          />
        </Form.Item>
        <Form.Item label={w.owner}>
          <PersonSelect
            aria-label={w.owner}
            placeholder={w.nobody}
            value={of.ownerId}
            onChange={ownerId => void change.act({ id: of.id, body: { ownerId: ownerId ?? null, version } })}
          />
        </Form.Item>
        {decides && <Merge of={of} open={open} />}
      </Form>
      <Parts of={of} />
    </>
  )
}

/** One chosen among those that say nearly the same, or sought; read as part of it from then on, until it is taken apart. */
function Merge({ of, open }: { of: Need; open: (id: string) => void }) {
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState<string | null>(null)
  const q = useRested(typed.trim())
  const merge = useAct(needs.merge, {
    also: ['customers'],
    done: one => {
      tell(w.merged)
      open(one.id)
    },
  })
  const similar = useFetch(needs.similar, {
    query: { title: of.title, besides: of.id, ...(of.text ? { text: of.text.slice(0, 1000) } : {}) },
  }).data
  const sought = useFetch(needs.list, { query: { q, size: 10 } }, { enabled: q !== '' }).data?.rows
  const options =
    q === ''
      ? (similar ?? []).map(one => ({ value: one.id, label: `${one.title} ${w.sameAs(one.score)}` }))
      : (sought ?? []).filter(one => one.id !== of.id).map(one => ({ value: one.id, label: `${one.title} ${w.voicesOf(one.voices)}` }))
  return (
    <Form.Item label={w.merge}>
      <div className="row">
        <Select<string>
          className="grow"
          aria-label={w.merge}
          placeholder={w.mergeHint}
          allowClear
          value={chosen}
          showSearch={{ filterOption: false, onSearch: setTyped, searchValue: typed }}
          notFoundContent={q === '' ? w.noneSimilar : sought ? w.noneFound : null}
          onChange={id => {
            setChosen(id ?? null)
            setTyped('')
          }}
          options={options}
        />
        {chosen && (
          <Button loading={merge.acting} onClick={() => void merge.act({ id: of.id, body: { intoId: chosen, version: of.version } })}>
            {w.mergeDo}
          </Button>
        )}
      </div>
    </Form.Item>
  )
}

/** What was merged into it can be taken out again. */
function Parts({ of }: { of: Need }) {
  const may = useMay()
  const parts = useFetch(needs.parts, { id: of.id }, { keep: false }).data
  const apart = useAct(needs.apart, { also: ['customers'], done: () => tell(w.parted) })
  if (!parts || parts.length === 0) return null
  return (
    <section aria-label={w.parts}>
      <h3>{w.parts}</h3>
      <ul className="heardlines">
        {parts.map(part => (
          <li key={part.id} className="row">
            <span className="cut grow">{part.title}</span>
            <span className="t3 f12 nowrap">{w.voicesOf(part.voices)}</span>
            {may('need:decide') && (
              <Button size="small" loading={apart.acting} onClick={() => void apart.act({ id: part.id })}>
                {w.apart}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
