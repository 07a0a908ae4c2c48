import { DatePicker } from 'antd'
import dayjs from 'dayjs'

type Props = { value?: string | null; onChange?: (day: string) => void; id?: string; allowClear?: boolean }

/** A day of the calendar as text (2026-11-23); empty: none. */
export const DayInput = ({ value, onChange, ...rest }: Props) => (
  <DatePicker
    {...rest}
    style={{ width: '100%' }}
    value={value ? dayjs(value) : null}
    onChange={day => onChange?.(day?.isValid() ? day.format('YYYY-MM-DD') : '')}
    // Enter takes the day, and sends no form yet.
    onKeyDown={event => event.key === 'Enter' && !event.ctrlKey && !event.metaKey && event.preventDefault()}
  />
)
