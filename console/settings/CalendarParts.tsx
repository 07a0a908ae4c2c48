import { Button, Form, Input } from 'antd'
import { useState } from 'react'
import { calendarCheck } from '#contract/calendars.ts'
import { useAct } from '../kit/data.ts'
import { language } from '../kit/words.ts'
import { b } from './business.words.ts'
import { type Days, readDays } from './holidays.ts'
import type { Hours } from './hours.ts'
import { YearView } from './YearView.tsx'

type Week = Record<string, Hours[]>
const useHours = () => {
  const week: Week | undefined = Form.useWatch('week')
  const days: Days | undefined = Form.useWatch('days')
  const timezone: string | undefined = Form.useWatch('timezone')
  return { week: week ?? {}, days: days ?? {}, timezone: timezone ?? '' }
}

/** A year's holidays as they are announced, taken over at once. */
export function PasteDays() {
  const form = Form.useFormInstance()
  const { week, days } = useHours()
  const [text, setText] = useState('')
  const usual = Object.values(week).find(hours => hours.length > 0) ?? [{ from: 540, to: 1080 }]
  const read = readDays(text, usual)
  const count = Object.keys(read.days).length
  return (
    <div className="col part">
      <label htmlFor="paste-days" className="t2">
        {b.paste}
      </label>
      <Input.TextArea
        id="paste-days"
        value={text}
        onChange={e => setText(e.target.value)}
        autoSize={{ minRows: 2, maxRows: 10 }}
        placeholder={b.pasteSample}
      />
      <span className="t3 f12">{b.pasteHint}</span>
      {text.trim() !== '' && (
        <div className="row wrap">
          <Button
            size="small"
            disabled={count === 0}
            onClick={() => {
              form.setFieldValue('days', { ...days, ...read.days })
              if (read.bad.length === 0) setText('')
            }}
          >
            {b.takeIn(count)}
          </Button>
          {read.bad.length > 0 && <span className="bac f12">{b.badLines(read.bad.join(language() === 'zh' ? '、' : ', '))}</span>}
        </div>
      )}
    </div>
  )
}

/** The hours as they stand in the form, saved or not. */
export function CalendarOverview() {
  const { week, days } = useHours()
  return (
    <section className="preview">
      <OpenAt />
      <YearView week={week} days={days} />
    </section>
  )
}

function OpenAt() {
  const { week, days, timezone } = useHours()
  const { act, acting } = useAct(calendarCheck.run)
  const [at, setAt] = useState('')
  const [said, setSaid] = useState('')
  const when = (time: Date) =>
    time.toLocaleString(language() === 'zh' ? 'zh-CN' : 'en-GB', {
      ...{ timeZone: timezone, month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' },
      ...(time.getFullYear() === Number(at.slice(0, 4)) ? {} : { year: 'numeric' }),
    })
  const ask = async () => {
    const told = await act({ body: { week, days, timezone, at: at.slice(0, 16) } })
    if (told)
      setSaid(
        told.open
          ? told.closesAt
            ? b.checkedOpen(when(told.closesAt))
            : b.checkedAlways
          : told.opensAt
            ? b.checkedShut(when(told.opensAt))
            : b.checkedNever,
      )
  }
  return (
    <div className="col part" style={{ marginBottom: 16 }}>
      <label htmlFor="open-at" className="t2">
        {b.check}
      </label>
      <div className="row wrap">
        <Input
          id="open-at"
          type="datetime-local"
          style={{ width: 208 }}
          value={at}
          onChange={e => {
            setAt(e.target.value)
            setSaid('')
          }}
        />
        <Button disabled={at === ''} loading={acting} onClick={() => void ask()}>
          {b.trial}
        </Button>
      </div>
      <span className="m5" role="status">
        {said}
      </span>
    </div>
  )
}
