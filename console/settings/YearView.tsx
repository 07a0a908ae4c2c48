import { Button } from 'antd'
import { useState } from 'react'
import { IconChevronLeft, IconChevronRight } from '../kit/icons.ts'
import { language } from '../kit/words.ts'
import { b } from './business.words.ts'
import { weekdayName } from './HoursField.tsx'
import { type Days, dayKind } from './holidays.ts'
import { type Hours, hoursText } from './hours.ts'
import { w } from './words.ts'

const months = Array.from({ length: 12 }, (_, month) => month)
const two = (n: number) => String(n).padStart(2, '0')

/** A year at a glance: what is off and what is worked by date stands out of the week. */
export function YearView({ week, days }: { week: Record<string, Hours[]>; days: Days }) {
  const [year, setYear] = useState(() => new Date().getFullYear())
  const tongue = language() === 'zh' ? 'zh-CN' : 'en-GB'
  return (
    <section aria-label={b.year}>
      <div className="row part">
        <Button
          type="text"
          size="small"
          icon={<IconChevronLeft size={16} />}
          aria-label={b.earlier}
          title={b.earlier}
          onClick={() => setYear(year - 1)}
        />
        <b className="m5 nowrap">{b.yearOf(year)}</b>
        <Button
          type="text"
          size="small"
          icon={<IconChevronRight size={16} />}
          aria-label={b.later}
          title={b.later}
          onClick={() => setYear(year + 1)}
        />
      </div>
      <div className="row f12 t2 wrap part">
        <span className="row" style={{ gap: 4 }}>
          <i className="daymark off" /> {b.legendOff}
        </span>
        <span className="row" style={{ gap: 4 }}>
          <i className="daymark extra" /> {b.legendExtra}
        </span>
      </div>
      <div className="yearview">
        {months.map(month => (
          <div key={month} className="month">
            <div className="f12 m5">{new Date(year, month, 1).toLocaleDateString(tongue, { month: 'short' })}</div>
            <div className="dates">
              {Array.from({ length: new Date(year, month + 1, 0).getDate() }, (_, n) => {
                const date = `${year}-${two(month + 1)}-${two(n + 1)}`
                const kind = dayKind(date, week, days)
                const says = kind === 'off' ? b.dayOff : kind === 'extra' ? `${b.dayExtra} ${hoursText(days[date] ?? [])}` : ''
                return (
                  <span
                    key={date}
                    className={kind}
                    {...(n === 0 ? { style: { gridColumnStart: ((new Date(year, month, 1).getDay() + 6) % 7) + 1 } } : {})}
                    title={`${date} ${weekdayName(new Date(`${date}T00:00`).getDay())} ${says || (kind === 'rest' ? w.closed : '')}`}
                  >
                    {n + 1}
                  </span>
                )
              })}
            </div>
          </div>
        ))}
      </div>
    </section>
  )
}
