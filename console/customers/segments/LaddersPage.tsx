import { Segmented } from 'antd'
import { useState } from 'react'
import { type LadderKind, ladders } from '#contract/segments.ts'
import { useFetch } from '../../kit/data.ts'
import { Failure, Waiting } from '../../kit/parts.tsx'
import { LadderEditor } from './LadderEditor.tsx'
import '../../automation/automation.css'
import './segments.css'
import { w } from './words.ts'

/** Tiers of value and stages of life: by what rule, and what to do in each. */
export default function LaddersPage() {
  const [kind, setKind] = useState<LadderKind>('tier')
  const { data, error, refetch, dataUpdatedAt } = useFetch(ladders.list, {})
  const ladder = data?.find(l => l.kind === kind)
  return (
    <div className="page">
      <header>
        <h1>{w.ladders}</h1>
        <span className="t3 cut">{w.laddersHint}</span>
        <span className="end row">
          <Segmented<LadderKind>
            value={kind}
            aria-label={w.ladders}
            onChange={setKind}
            options={[
              { value: 'tier', label: w.tier },
              { value: 'stage', label: w.stage },
            ]}
          />
        </span>
      </header>
      {error && <Failure error={error} retry={() => void refetch()} readAt={dataUpdatedAt} />}
      {ladder ? <LadderEditor key={kind} ladder={ladder} /> : !error && <Waiting />}
    </div>
  )
}
