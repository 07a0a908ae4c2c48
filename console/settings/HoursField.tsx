import { Button, Input, Segmented } from 'antd'
import { useState } from 'react'
import { IconPlus, IconX } from '../kit/icons.ts'
import { language } from '../kit/words.ts'
import { clockOf, type Hours, minutesOf, nextHours } from './hours.ts'
import { w } from './words.ts'

type Field<V> = { value?: V; onChange?: (value: V) => void; id?: string }
const weekdays = ['1', '2', '3', '4', '5', '6', '0'] as const
export const weekdayName = (day: number): string =>
  // 2023-01-01 was a Sunday.
  new Date(2023, 0, 1 + day).toLocaleDateString(language() === 'zh' ? 'zh-CN' : 'en-GB', { weekday: 'short' })

/** Hours by weekday; a day without hours is closed. */
export function WeekField({ value = {}, onChange, id }: Field<Record<string, Hours[]>>) {
  return (
    <div {...(id ? { id } : {})}>
      {weekdays.map(day => (
        <div key={day} className="weekrow">
          <span style={{ lineHeight: '28px' }}>{weekdayName(Number(day))}</span>
          <DayHours label={weekdayName(Number(day))} hours={value[day] ?? []} change={hours => onChange?.({ ...value, [day]: hours })} />
        </div>
      ))}
    </div>
  )
}

/** Single dates that override the week. Those gone by stay as they are and are only counted. */
export function DaysField({ value = {}, onChange, id }: Field<Record<string, Hours[]>>) {
  const today = new Date().toLocaleDateString('sv-SE')
  const dates = Object.keys(value).sort()
  const coming = dates.filter(d => d >= today)
  const rename = (from: string, to: string) => {
    if (to === '' || value[to]) return
    const { [from]: hours = [], ...rest } = value
    onChange?.({ ...rest, [to]: hours })
  }
  const add = () => {
    const next = new Date(coming.at(-1) ?? today)
    do next.setDate(next.getDate() + 1)
    while (value[next.toLocaleDateString('sv-SE')])
    onChange?.({ ...value, [next.toLocaleDateString('sv-SE')]: [] })
  }
  return (
    <div className="formrows" {...(id ? { id } : {})}>
      {coming.map(date => (
        <div key={date} className="formrow">
          <div className="grow col" style={{ gap: 4 }}>
            <div className="row wrap">
              <Input
                size="small"
                type="date"
                style={{ width: 136 }}
                defaultValue={date}
                aria-label={w.days}
                onBlur={e => rename(date, e.target.value)}
              />
              <span className="t3 f12">{weekdayName(new Date(`${date}T00:00`).getDay())}</span>
              <Segmented
                size="small"
                value={value[date]?.length ? 'open' : 'closed'}
                options={[
                  { value: 'closed', label: w.closed },
                  { value: 'open', label: w.workDay },
                ]}
                onChange={to => onChange?.({ ...value, [date]: to === 'open' ? [{ from: 540, to: 1080 }] : [] })}
              />
            </div>
            {(value[date]?.length ?? 0) > 0 && (
              <DayHours label={date} hours={value[date] ?? []} change={hours => onChange?.({ ...value, [date]: hours })} />
            )}
          </div>
          <Button
            type="text"
            size="small"
            icon={<IconX size={16} />}
            aria-label={`${w.remove} ${date}`}
            onClick={() => {
              const { [date]: _, ...rest } = value
              onChange?.(rest)
            }}
          />
        </div>
      ))}
      <Button type="dashed" size="small" icon={<IconPlus size={14} />} onClick={add}>
        {w.addDay}
      </Button>
      {dates.length > coming.length && <span className="t3 f12">{w.pastDays(dates.length - coming.length)}</span>}
    </div>
  )
}

function DayHours({ label, hours, change }: { label: string; hours: readonly Hours[]; change: (hours: Hours[]) => void }) {
  const next = nextHours(hours)
  return (
    <div className="row wrap" style={{ gap: '4px 8px' }}>
      {hours.length === 0 && <span className="t3">{w.closed}</span>}
      {hours.map((h, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: spans of a day have no other name than their place
        <span key={i} className="row nowrap" style={{ gap: 4 }}>
          <Clock
            label={`${label} ${i + 1}`}
            minutes={h.from}
            change={from => change(hours.map((o, k) => (k === i ? { ...o, from } : o)))}
          />
          –
          <Clock label={`${label} ${i + 1}`} minutes={h.to} change={to => change(hours.map((o, k) => (k === i ? { ...o, to } : o)))} />
          <Button
            type="text"
            size="small"
            icon={<IconX size={14} />}
            aria-label={`${w.remove} ${clockOf(h.from)}`}
            onClick={() => change(hours.filter((_, k) => k !== i))}
          />
          {h.from >= h.to && <span className="bac f12">{w.badHours}</span>}
        </span>
      ))}
      {next && (
        <Button
          type="text"
          size="small"
          icon={<IconPlus size={14} />}
          aria-label={`${w.addHours} ${label}`}
          title={w.addHours}
          onClick={() => change([...hours, next])}
        />
      )}
    </div>
  )
}

function Clock({ label, minutes, change }: { label: string; minutes: number; change: (minutes: number) => void }) {
  const [text, setText] = useState<string | null>(null)
  const read = text === null ? minutes : minutesOf(text)
  return (
    <Input
      size="small"
      style={{ width: 60 }}
      aria-label={label}
      value={text ?? clockOf(minutes)}
      {...(read === null ? { status: 'error' as const } : {})}
      onChange={e => setText(e.target.value)}
      onBlur={() => {
        setText(null)
        if (read !== null && read !== minutes) change(read)
      }}
    />
  )
}
