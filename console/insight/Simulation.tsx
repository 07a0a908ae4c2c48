import { Button, Popover, Segmented } from 'antd'
import { useState } from 'react'
import { simulation } from '#contract/insight.ts'
import { useAct, useFetch } from '../kit/data.ts'
import { IconPlayerPlay } from '../kit/icons.ts'
import { clockText, useNow } from '../kit/time.ts'
import { w } from './words.ts'

/** Lets sample customers arrive for a while, on a sample centre only. */
export function Simulation() {
  const now = useNow()
  const [open, setOpen] = useState(false)
  const [minutes, setMinutes] = useState(10)
  const [perMinute, setPerMinute] = useState(6)
  const state = useFetch(simulation.state, {}, { refetchInterval: 5_000 })
  const { act: start, acting } = useAct(simulation.start)
  const { act: stop, acting: stopping } = useAct(simulation.stop)
  if (!state.data) return null
  const { running, arrived, endsAt } = state.data
  if (running)
    return (
      <span className="tag ac tall">
        {w.running(arrived, clockText(endsAt ? endsAt.getTime() - now : 0))}
        <Button size="small" type="text" loading={stopping} onClick={() => void stop({})}>
          {w.stop}
        </Button>
      </span>
    )
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger={['click']}
      placement="bottomRight"
      content={
        <div className="col" style={{ width: 280 }}>
          <span className="t2">{w.simulateHint}</span>
          <Segmented value={minutes} onChange={setMinutes} options={[5, 10, 30].map(n => ({ value: n, label: w.minutes(n) }))} />
          <Segmented value={perMinute} onChange={setPerMinute} options={[3, 6, 20].map(n => ({ value: n, label: w.perMinute(n) }))} />
          <Button
            type="primary"
            loading={acting}
            onClick={() =>
              void start({ body: { minutes, perMinute } }).then(begun => {
                if (begun) setOpen(false)
              })
            }
          >
            {w.start}
          </Button>
        </div>
      }
    >
      <Button size="small" icon={<IconPlayerPlay size={14} />}>
        <span className="wide">{w.simulate}</span>
      </Button>
    </Popover>
  )
}
