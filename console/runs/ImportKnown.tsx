import { Segmented, Select } from 'antd'
import { DateOrder, type TableHead } from '#contract/imports.ts'
import { nameOf } from '../kit/words.ts'
import { i } from './import.words.ts'

type Chosen = TableHead['chosen']
const dateWord: Record<DateOrder, () => string> = { asked: () => i.datesAsked, dmy: () => i.datesDmy, mdy: () => i.datesMdy }

/** By what a row is known to be there already, the first choice first; and how a day is meant that could be two. */
export function Known({ head: { keys, fields, mapping, chosen }, change }: { head: TableHead; change: (chosen: Chosen) => void }) {
  const hasDays = chosen.dates !== null && fields.some(field => field.isDay && mapping[field.key] !== undefined)
  return (
    <>
      {keys.length > 0 && (
        <section>
          <h3>{i.keys}</h3>
          <Select
            mode="multiple"
            className="wide"
            aria-label={i.keys}
            value={chosen.keys}
            status={chosen.keys.length === 0 ? 'error' : ''}
            placeholder={i.keysNone}
            onChange={to => change({ ...chosen, keys: to })}
            options={keys.map(key => ({ value: key.key, label: nameOf(key) }))}
          />
          <p className="t3">{i.keysHint}</p>
        </section>
      )}
      {hasDays && (
        <section>
          <h3>{i.dates}</h3>
          <Segmented
            value={chosen.dates ?? 'asked'}
            onChange={dates => change({ ...chosen, dates })}
            options={DateOrder.options.map(value => ({ value, label: dateWord[value]() }))}
          />
        </section>
      )}
    </>
  )
}
