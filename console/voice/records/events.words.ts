import { CallMark, Cause } from '#contract/voice.ts'
import { words } from '../../kit/words.ts'
import { causeWord, markWord } from './words.ts'

type Detail = Record<string, unknown>
const ended = (d: Detail): string => {
  const cause = Cause.safeParse(d.cause)
  return cause.success && cause.data !== 'normal' ? causeWord(cause.data) : ''
}
const turned = (d: Detail): string => {
  const what = CallMark.shape.what.safeParse(d.what)
  return what.success ? markWord({ what: what.data, mode: null }) : ''
}

/** Calls on the time line of their customer. */
export const eventWords = words({
  'call.arrived': [() => '来电', () => 'Called'],
  'call.placed': [() => '我们去电', () => 'We called'],
  'call.identified': [() => '确认为这位客户', () => 'Found to be this customer'],
  'call.talking': [() => '接通', () => 'Talking'],
  'call.ended': [ended, ended],
  'call.turned': [turned, turned],
  'call.transferred': [() => '已转接', () => 'Handed over'],
  'call.lost': [() => '线路中断', () => 'Line broke'],
  'call.given_back': [() => '坐席的电话没有接上，重新排到最前', () => 'The agent’s phone was gone: first in the queue again'],
  'call.callback_asked': [() => '请求回拨', () => 'Asked to be called back'],
  'call.rated': [(d: Detail) => `按键评价 ${d.score} / 5`, (d: Detail) => `Rated ${d.score} / 5 by key`],
  'call.attended': [
    (d: Detail) => (d.mode === 'takeover' ? '班长接管' : '班长监听'),
    (d: Detail) => (d.mode === 'takeover' ? 'Taken over by a leader' : 'Attended by a leader'),
  ],
  'voicemail.left': [() => '语音留言', () => 'Left a voice message'],
  'recording.kept': [() => '有录音', () => 'Recorded'],
  'recording.failed': [() => '没有录到音', () => 'Not recorded'],
  'recording.paused': [
    (d: Detail) => (d.paused ? '录音暂停' : '录音恢复'),
    (d: Detail) => (d.paused ? 'Recording paused' : 'Recording went on'),
  ],
  'recording.removed': [() => '录音到期删除', () => 'Recording removed'],
  'recording.heard': [() => '收听了录音', () => 'Recording listened to'],
  'recording.keeping': [() => '更改录音保存期限', () => 'Changed how long the recording is kept'],
})
