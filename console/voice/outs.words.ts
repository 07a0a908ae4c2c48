import { Cause } from '#contract/voice.ts'
import { words } from '../kit/words.ts'
import { causeWord } from './records/words.ts'

const o = words({
  open: ['上班', 'Open'],
  closed: ['下班', 'Closed'],
  yes: ['是', 'Yes'],
  no: ['不是', 'No'],
  none: ['没有进行中的工单', 'No open ticket'],
  late: ['等太久', 'Waited too long'],
  wrong_key: ['按错', 'Wrong key'],
  no_key: ['没有按键', 'No key'],
  key: ['提前按键', 'Key pressed ahead'],
  no_number: ['没有可回拨的号码', 'No number to call back'],
  left: ['已留言', 'Message left'],
  nothing: ['没有说话', 'Nothing was said'],
})

/** By which way a step of a flow was left, where that needs saying; the key of a menu stands for itself. */
export function outOf(out: string): string {
  const said = Object.entries(o).find(([key]) => key === out)?.[1]
  const cause = Cause.safeParse(out)
  return said ?? (cause.success ? causeWord(cause.data) : '')
}
