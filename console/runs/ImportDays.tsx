import { Select } from 'antd'
import { importPolicy } from '#contract/imports.ts'
import { useAct, useFetch } from '../kit/data.ts'
import { i } from './import.words.ts'

const offered = [0, 7, 30, 60, 90]

/** For how long imports can be taken back, for the whole organisation. */
export function ImportDays() {
  const { data } = useFetch(importPolicy.read, {})
  const { act, acting } = useAct(importPolicy.write)
  if (!data) return null
  const days = [...new Set([...offered, data.backDays])].sort((a, b) => a - b)
  return (
    <span className="row end">
      <span className="t2">{i.backDays}</span>
      <Select
        aria-label={i.backDays}
        value={data.backDays}
        loading={acting}
        onChange={backDays => void act({ body: { backDays } })}
        options={days.map(value => ({ value, label: value === 0 ? i.backNever : i.backFor(value) }))}
        popupMatchSelectWidth={false}
      />
    </span>
  )
}
