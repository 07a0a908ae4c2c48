import { Button, DatePicker, Popover } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { calls, type Recording } from '#contract/voice.ts'
import { useMay } from '../../app/me.ts'
import { useAct } from '../../kit/data.ts'
import { tell } from '../../kit/tell.tsx'
import { dateText } from './times.ts'
import { w } from './words.ts'

/** Until when it is kept; whoever sets up the telephone may keep it longer. */
export function Keeping({ recording: { id, keepUntil } }: { recording: Recording }) {
  const may = useMay()
  const [open, setOpen] = useState(false)
  const [until, setUntil] = useState(keepUntil ? dayjs(keepUntil) : null)
  const { act, acting } = useAct(calls.keep, {
    also: ['calls', 'interactions'],
    done: () => {
      tell(w.kept)
      setOpen(false)
    },
  })
  if (keepUntil === null) return null
  const says = <span className="t3 f12 nowrap">{w.keepUntil(dateText(keepUntil))}</span>
  if (!may('voice:configure')) return <span className="end">{says}</span>
  const content = (
    <div className="col" style={{ gap: 8, width: 220 }}>
      <DatePicker
        aria-label={w.keepDate}
        value={until}
        allowClear={false}
        disabledDate={date => date.isBefore(dayjs().endOf('day'))}
        onChange={setUntil}
      />
      <div className="row">
        <Button size="small" loading={acting} onClick={() => void act({ id, body: { until: null } })}>
          {w.keepAsRest}
        </Button>
        <Button
          size="small"
          type="primary"
          loading={acting}
          disabled={until === null}
          onClick={() => void act({ id, body: { until: until?.endOf('day').toDate() ?? null } })}
        >
          {w.save}
        </Button>
      </div>
    </div>
  )
  return (
    <Popover open={open} onOpenChange={setOpen} trigger="click" title={w.keepLonger} content={content}>
      <Button className="end" type="text" size="small" title={w.keepLonger}>
        {says}
      </Button>
    </Popover>
  )
}
