import { Button } from 'antd'
import { IconChevronLeft } from '../kit/icons.ts'
import { w } from './words.ts'

/** Back to the list, where there is no room beside it. */
export function Back({ go }: { go: (() => void) | null }) {
  if (!go) return null
  return (
    <Button
      type="text"
      size="large"
      icon={<IconChevronLeft size={16} />}
      onClick={go}
      style={{ alignSelf: 'flex-start', marginInlineStart: -12 }}
    >
      {w.back}
    </Button>
  )
}
