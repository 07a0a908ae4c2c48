import { Button } from 'antd'
import { Timer } from '../kit/parts.tsx'
import { reconnect, useLine } from './live.ts'
import { w } from './words.ts'

/** Whether what is shown is what is so. */
export function LiveDot() {
  const { line, since, tries } = useLine()
  if (line === 'live')
    return (
      <span className="line" title={w.liveHint}>
        <i className="dot ok beat" />
        <span className="wide">{w.live}</span>
      </span>
    )
  if (line === 'mending')
    return (
      <span className="line wac" role="status" title={w.mendingHint}>
        <i className="dot wa" />
        {tries > 1 ? w.mendingTry(tries) : w.mending}
      </span>
    )
  return (
    <span className="line bac" role="alert" title={w.mendingHint}>
      <i className="dot ba" />
      <span className="wide">{w.broken}</span> <Timer since={new Date(since)} />
      <Button size="small" onClick={reconnect}>
        {w.reconnect}
      </Button>
    </span>
  )
}
