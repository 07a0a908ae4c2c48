import { DatePicker, Select } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { w } from './words.ts'

type Period = { days?: number | undefined; since?: Date | undefined; until?: Date | undefined }

/** The last days, which move with the calendar, or days of one's own, which do not. */
export function PeriodPick({ filters: { days, since, until }, change }: { filters: Period; change: (patch: Period) => void }) {
  const [own, setOwn] = useState(false)
  const chosen = since !== undefined || until !== undefined || own
  const value = chosen ? 'own' : days === undefined ? null : String(days)
  return (
    <>
      <Select<string>
        allowClear
        style={{ width: 128 }}
        placeholder={w.anyTime}
        aria-label={w.anyTime}
        value={value}
        onChange={next => {
          setOwn(next === 'own')
          change({ days: next && next !== 'own' ? Number(next) : undefined, since: undefined, until: undefined })
        }}
        options={[
          { value: '1', label: w.today },
          ...[7, 30, 90].map(n => ({ value: String(n), label: w.lastDays(n) })),
          ...(days !== undefined && ![1, 7, 30, 90].includes(days) ? [{ value: String(days), label: w.lastDays(days) }] : []),
          { value: 'own', label: w.ownDays },
        ]}
      />
      {chosen && (
        <DatePicker.RangePicker
          allowEmpty={[true, true]}
          style={{ width: 240 }}
          aria-label={w.days}
          value={[since ? dayjs(since) : null, until ? dayjs(until).subtract(1, 'day') : null]}
          onChange={range =>
            change({
              days: undefined,
              since: range?.[0]?.startOf('day').toDate(),
              until: range?.[1]?.startOf('day').add(1, 'day').toDate(),
            })
          }
        />
      )}
    </>
  )
}
