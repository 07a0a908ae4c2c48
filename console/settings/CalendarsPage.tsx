import { Button, Form, Input } from 'antd'
import { calendars, ownCalendar } from '#contract/calendars.ts'
import { CatalogPage } from '../kit/CatalogPage.tsx'
import { useAct } from '../kit/data.ts'
import { b } from './business.words.ts'
import { CalendarOverview, PasteDays } from './CalendarParts.tsx'
import { column } from './column.ts'
import { NameField, useCalendars } from './fields.tsx'
import { DaysField, WeekField, weekdayName } from './HoursField.tsx'
import { type Hours, hoursText, sameHours } from './hours.ts'
import { w } from './words.ts'

export default function CalendarsPage() {
  // The organisation's own comes first, and always.
  const [own] = useCalendars()
  const choose = useAct(ownCalendar.choose)
  const today = new Date().toLocaleDateString('sv-SE')
  return (
    <CatalogPage
      of={calendars}
      title={w.calendars}
      adding={w.addCalendar}
      hint={w.calendarsHint}
      empty={{ title: b.noCalendars, hint: w.calendarsHint }}
      width={1000}
      fresh={{ timezone: Intl.DateTimeFormat().resolvedOptions().timeZone, week: workingWeek(), days: {} }}
      columns={[
        column(calendars, 'name', w.name, c => (
          <span className="row">
            <b className="m5">{c.name}</b>
            {c.id === own?.id ? (
              <span className="tag ac">{b.isDefault}</span>
            ) : (
              !c.retired && (
                <Button
                  type="link"
                  size="small"
                  disabled={choose.acting}
                  onClick={event => {
                    // The row itself opens the form.
                    event.stopPropagation()
                    void choose.act({ id: c.id })
                  }}
                >
                  {b.makeDefault}
                </Button>
              )
            )}
          </span>
        )),
        column(calendars, 'week', w.week, c => <Week week={c.week} />),
        column(calendars, 'days', w.days, c => w.dayCount(Object.keys(c.days).filter(d => d >= today).length), 136),
        column(calendars, 'timezone', w.timezone, c => <span className="t3">{c.timezone}</span>, 136),
      ]}
      fields={
        <div className="beside">
          <div>
            <NameField only />
            <Form.Item
              name="week"
              label={w.week}
              rules={[{ validator: (_, week) => (rightHours(week) ? Promise.resolve() : Promise.reject(new Error(w.badHours))) }]}
            >
              <WeekField />
            </Form.Item>
            <PasteDays />
            <Form.Item
              name="days"
              label={w.days}
              extra={w.daysHint}
              rules={[{ validator: (_, days) => (rightHours(days) ? Promise.resolve() : Promise.reject(new Error(w.badHours))) }]}
            >
              <DaysField />
            </Form.Item>
            <Form.Item name="timezone" label={w.timezone} rules={[{ required: true, message: w.required }]}>
              <Input style={{ width: 208 }} placeholder="Asia/Shanghai" />
            </Form.Item>
          </div>
          <CalendarOverview />
        </div>
      }
    />
  )
}

const workingWeek = () => Object.fromEntries(['1', '2', '3', '4', '5'].map(day => [day, [{ from: 540, to: 1080 }]]))
const rightHours = (days: Record<string, Hours[]> | undefined) => Object.values(days ?? {}).every(hours => hours.every(h => h.from < h.to))

/** Neighbouring days with the same hours in one line. */
function Week({ week }: { week: Record<string, Hours[]> }) {
  const lines: { first: number; last: number; hours: Hours[] }[] = []
  for (const day of [1, 2, 3, 4, 5, 6, 0]) {
    const hours = week[day] ?? []
    const line = lines.at(-1)
    if (line && sameHours(line.hours, hours)) line.last = day
    else lines.push({ first: day, last: day, hours })
  }
  return (
    <div className="f12">
      {lines
        .filter(l => l.hours.length > 0)
        .map(l => (
          <div key={l.first} className="nowrap">
            <span className="t2">
              {weekdayName(l.first)}
              {l.last !== l.first && `–${weekdayName(l.last)}`}
            </span>{' '}
            {hoursText(l.hours) === '00:00–24:00' ? w.allDay : hoursText(l.hours)}
          </div>
        ))}
    </div>
  )
}
