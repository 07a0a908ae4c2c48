import { Link } from '@tanstack/react-router'
import { Button, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { type LadderKind, ladders, type Standings, segments } from '#contract/segments.ts'
import { useMay } from '../../app/me.ts'
import { Beside } from '../../kit/Beside.tsx'
import { useAct, useFetch } from '../../kit/data.ts'
import { Failure, tierWord } from '../../kit/parts.tsx'
import { ago } from '../../kit/time.ts'
import { language, nameOf } from '../../kit/words.ts'
import { w, ways } from './words.ts'

/** 标签与分群: what somebody said of the customer, and what is so by rule. */
export function TagsAndSegments({ customerId, tags }: { customerId: string; tags: readonly string[] }) {
  const { data, error, refetch } = useFetch(segments.ofCustomer, { id: customerId }, { keep: false })
  return (
    <section className="card" aria-label={w.tagsAndSegments}>
      <header>
        <h3>{w.tagsAndSegments}</h3>
      </header>
      {error && <Failure error={error} retry={() => void refetch()} />}
      <div className="body row wrap">
        {tags.map(tag => (
          <span key={tag} className="tag">
            {tag}
          </span>
        ))}
        {data?.map(segment => (
          <Link key={segment.id} to="/customers" search={{ segment: segment.id } as never} className="tag ok">
            {nameOf(segment)}
          </Link>
        ))}
        {tags.length === 0 && data?.length === 0 && <span className="t3">{w.inNone}</span>}
      </div>
    </section>
  )
}

const few = 4
/** Where the customer stands on both ladders, what to do there, and how it came. */
export function Standing({ customerId }: { customerId: string }) {
  const may = useMay()('customer:write')
  const { data, error, refetch } = useFetch(ladders.ofCustomer, { id: customerId }, { keep: false })
  const steps = useFetch(ladders.list, {}, { staleTime: 60_000 }).data
  const [all, setAll] = useState(false)
  const release = useAct(ladders.release, { also: ['customers'] })
  if (!data)
    return (
      error && (
        <section className="card" aria-label={w.standing}>
          <header>
            <h3>{w.standing}</h3>
          </header>
          <Failure error={error} retry={() => void refetch()} />
        </section>
      )
    )
  const stepOf = (kind: LadderKind, key: string) => steps?.find(l => l.kind === kind)?.steps.find(s => s.key === key)
  const said = (kind: LadderKind, key: string) => {
    const step = stepOf(kind, key)
    return step ? nameOf(step) : kind === 'tier' && isTier(key) ? tierWord(key) : key || w.unset
  }
  const shown = all ? data.history : data.history.slice(0, few)
  return (
    <section className="card" aria-label={w.standing}>
      <header>
        <h3>{w.standing}</h3>
      </header>
      <div className="body col">
        {data.standings.map(({ kind, step, pinned }) => {
          const at = stepOf(kind, step)
          const advice = at ? (language() === 'en' && at.adviceEn) || at.advice : ''
          return (
            <div key={kind} className="col" style={{ gap: 4 }}>
              <div className="row wrap">
                <span className="t2">{kind === 'tier' ? w.tier : w.stage}</span>
                <b>{said(kind, step)}</b>
                {may && <SetByHand customerId={customerId} kind={kind} steps={steps?.find(l => l.kind === kind)?.steps ?? []} />}
              </div>
              {pinned && (
                <div className="t3 f12 row wrap" style={{ gap: 6 }}>
                  <span>
                    {pinned.way === 'person' ? w.setByHand : w.setBy(ways[pinned.way])}
                    {pinned.byName && ` · ${pinned.byName}`} · {ago(pinned.at)}
                    {pinned.reason && ` · ${pinned.reason}`}
                  </span>
                  {may && (
                    <Button type="link" size="small" loading={release.acting} onClick={() => void release.act({ id: customerId, kind })}>
                      {w.release}
                    </Button>
                  )}
                </div>
              )}
              {advice && <p className="prose f12 t2">{advice}</p>}
            </div>
          )
        })}
        <History rows={shown} said={said} />
        {data.history.length > shown.length && (
          <Button type="link" size="small" onClick={() => setAll(true)}>
            {w.more(data.history.length - shown.length)}
          </Button>
        )}
      </div>
    </section>
  )
}

const isTier = (key: string): key is 'normal' | 'silver' | 'gold' | 'key' => ['normal', 'silver', 'gold', 'key'].includes(key)

function History({ rows, said }: { rows: Standings['history']; said: (kind: LadderKind, key: string) => string }) {
  if (rows.length === 0) return <span className="t3 f12">{w.noHistory}</span>
  return (
    <ul className="segmentsample f12" aria-label={w.historyOf}>
      {rows.map(row => (
        <li key={row.id} className="row wrap" style={{ gap: 6 }}>
          <span>
            {said(row.kind, row.was)} → {said(row.kind, row.becomes)}
          </span>
          <span className="t3">
            {row.way === 'person' ? (row.byName ?? w.setByHand) : ways[row.way]}
            {row.way !== 'person' && row.byName && ` · ${row.byName}`}
            {row.way === 'person' && row.why && ` · ${row.why}`}
          </span>
          <time className="end t3" dateTime={row.at.toISOString()}>
            {ago(row.at)}
          </time>
        </li>
      ))}
    </ul>
  )
}

type Setting = { customerId: string; kind: LadderKind; steps: readonly { key: string; name: string; nameEn: string }[] }
function SetByHand({ customerId, kind, steps }: Setting) {
  const place = useAct(ladders.place, { also: ['customers'] })
  const save = async (values: { step: string; reason: string }, close: () => void) => {
    if (await place.act({ id: customerId, kind, body: values })) close()
  }
  return (
    <Beside
      title={w.setByHand}
      ask={close => (
        <Form<{ step: string; reason: string }> layout="vertical" style={{ width: 264 }} onFinish={values => void save(values, close)}>
          <Form.Item name="step" label={w.becomes} rules={[{ required: true, message: w.becomes }]}>
            <Select options={steps.map(s => ({ value: s.key, label: nameOf(s) }))} />
          </Form.Item>
          <Form.Item name="reason" label={w.reason} rules={[{ required: true, whitespace: true, message: w.reason }]}>
            <Input maxLength={200} />
          </Form.Item>
          <Button type="primary" size="small" htmlType="submit" loading={place.acting}>
            {w.set}
          </Button>
        </Form>
      )}
    >
      <Button type="text" size="small" className="end" aria-label={`${w.set} ${kind === 'tier' ? w.tier : w.stage}`}>
        {w.set}
      </Button>
    </Beside>
  )
}
