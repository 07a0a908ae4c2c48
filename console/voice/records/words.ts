import type { CallMark, Cause, RecordingReason } from '#contract/voice.ts'
import { causeWords } from '#contract/words.ts'
import { enterRefusals, words } from '../../kit/words.ts'

type Attending = NonNullable<CallMark['mode']>
export const w = words({
  calls: ['通话', 'Calls'],
  hint: ['每一通电话，每一段线路', 'Every call, leg by leg'],
  seek: ['号码末几位', 'Last digits of a number'],
  all: ['全部', 'All'],
  none: ['没有通话', 'No calls'],
  noneHint: ['换一个条件，或清除筛选', 'Change or clear the filters'],
  noRecording: ['无录音', 'No recording'],
  onlyNumber: ['只看一个号码', 'One number only'],
  clear: ['清除筛选', 'Clear filters'],
  anyTime: ['时间', 'Any time'],
  today: ['今天', 'Today'],
  lastDays: [(n: number) => `近 ${n} 天`, (n: number) => `Last ${n} days`],
  direction: ['方向', 'Direction'],
  in: ['呼入', 'In'],
  out: ['呼出', 'Out'],
  cause: ['结束原因', 'How it ended'],
  queue: ['队列', 'Queue'],
  agent: ['坐席', 'Agent'],
  quality: ['音质', 'Quality'],
  poor: ['音质差', 'Poor quality'],
  line: ['线路', 'Line'],
  number: ['我方号码', 'Our number'],
  other: ['客户', 'Customer'],
  startedAt: ['开始', 'Began'],
  endedAt: ['结束', 'Ended'],
  talked: ['通话', 'Talked'],
  onLine: ['在线', 'On the line'],
  rated: ['评价', 'Rating'],
  ratedN: [(n: number) => `${n} 分`, (n: number) => `${n} of 5`],
  noted: ['小结', 'Summary'],
  waited: ['接通前', 'Waited'],
  recorded: ['录音', 'Recorded'],
  hasRecording: ['有录音', 'Recorded'],
  onlyCustomer: ['只看这位客户', 'Of this customer'],
  running: ['进行中', 'Running'],
  practice: ['练习线路', 'Practice line'],
  details: ['录音与线路', 'Recording and legs'],
  ofTicket: ['这通电话', 'The call'],
  seeCustomer: ['看客户档案', 'See the customer'],
  seeContact: ['看联系记录', 'See the contact'],
  // How a leg or a call ended.
  ...causeWords,
  // Legs.
  legs: ['线路经过', 'Legs'],
  customer: ['客户', 'Customer'],
  outside: ['外线', 'Outside'],
  leader: ['班长', 'Leader'],
  rang: ['振铃', 'Rang'],
  way: ['语音导航', 'Way through the flow'],
  marks: ['通话中的操作', 'During the call'],
  loss: [
    (inward: string, outward: string) => `丢包 ${inward} / ${outward}`,
    (inward: string, outward: string) => `Loss ${inward} / ${outward}`,
  ],
  jitter: [(ms: number) => `抖动 ${ms} 毫秒`, (ms: number) => `Jitter ${ms} ms`],
  delay: [(ms: number) => `往返 ${ms} 毫秒`, (ms: number) => `Round trip ${ms} ms`],
  mos: [(value: string) => `MOS ${value}`, (value: string) => `MOS ${value}`],
  mosHint: ['1–4.5，3.6 以下听着费力', '1–4.5; below 3.6 listening is hard'],
  good: ['好', 'Good'],
  fair: ['一般', 'Fair'],
  bad: ['差', 'Poor'],
  noQuality: ['音质没有测到', 'Quality not measured'],
  sip: [(code: number) => `SIP ${code}`, (code: number) => `SIP ${code}`],
  // What was done with a running call.
  held: ['保持', 'Held'],
  resumed: ['恢复', 'Resumed'],
  consulted: ['咨询', 'Consulted'],
  joined: ['三方', 'Three-way'],
  mended: ['线路恢复', 'Line back'],
  markLost: ['坐席断线', 'Agent’s line broke'],
  markTransferred: ['转接', 'Handed over'],
  attended: ['班长监听', 'Leader attended'],
  attendedAs: [
    (mode: Attending) => ({ listen: '班长监听', whisper: '班长耳语', barge: '班长强插', takeover: '班长接管' })[mode],
    (mode: Attending) =>
      ({ listen: 'Leader listened', whisper: 'Leader whispered', barge: 'Leader barged in', takeover: 'Leader took over' })[mode],
  ],
  left_attending: ['班长离开', 'Leader left'],
  // Recordings.
  recordings: ['录音', 'Recordings'],
  voicemail: ['留言', 'Voicemail'],
  agentSide: ['坐席', 'Agent'],
  play: ['播放', 'Play'],
  pause: ['暂停', 'Pause'],
  playKey: ['播放或暂停（空格）', 'Play or pause (space)'],
  position: ['播放位置', 'Position'],
  at: [(now: string, whole: string) => `${now}，共 ${whole}`, (now: string, whole: string) => `${now} of ${whole}`],
  speed: ['速度', 'Speed'],
  times: [(n: number) => `${n} 倍`, (n: number) => `${n}×`],
  notRecorded: ['这里没有录', 'Not recorded here'],
  jump: [(what: string, at: string) => `跳到 ${at} ${what}`, (what: string, at: string) => `Go to ${at}, ${what}`],
  recordingNow: ['正在录音', 'Recording now'],
  recordingPaused: ['录音已暂停', 'Recording paused'],
  storing: ['正在保存录音', 'The recording is being kept'],
  removed: ['录音已到期删除', 'The recording was removed, its time was over'],
  failed: ['没有录音', 'No recording'],
  not_recorded: ['线路没有录下来', 'The switch did not record it'],
  not_found: ['线路上找不到这段录音', 'The switch does not have it'],
  switch_away: ['线路一直连不上，没有取到', 'The switch could not be reached'],
  unreadable: ['取到的不是声音', 'What came is no sound'],
  mayNot: ['没有收听权限', 'You may not listen'],
  writtenDown: ['收听会记入审计', 'Every listening is written down'],
  noSound: ['没有放出来，再试一次', 'It did not play; try again'],
  keepUntil: [(date: string) => `保存至 ${date}`, (date: string) => `Kept until ${date}`],
  keepLonger: ['延长保存', 'Keep longer'],
  keepAsRest: ['按队列期限', 'As its queue says'],
  kept: ['已更改保存期限', 'How long it is kept was changed'],
  keepDate: ['保存到哪天', 'Keep until'],
  save: ['保存', 'Save'],
  // Lines.
  lines: ['线路用量', 'What went over the lines'],
  last24: ['近 24 小时', 'Last 24 hours'],
  count: [(n: number) => `${n} 通`, (n: number) => (n === 1 ? '1 call' : `${n} calls`)],
  answered: [(n: number) => `接通 ${n}`, (n: number) => `${n} answered`],
  broken: [(n: number) => `失败 ${n}`, (n: number) => `${n} failed`],
  worst: [(value: string) => `最低 MOS ${value}`, (value: string) => `worst MOS ${value}`],
  nothing: ['没有通话', 'No calls'],
  // Leaders.
  now: ['正在通话', 'On the phone'],
  nobodyTalks: ['现在没有通话', 'Nobody is on the phone'],
  listen: ['监听', 'Listen'],
  whisper: ['耳语', 'Whisper'],
  barge: ['强插', 'Barge in'],
  takeOver: ['接管', 'Take over'],
  leave: ['退出', 'Leave'],
  takeOverAsk: [(agent: string) => `从 ${agent} 手里接过这通电话？`, (agent: string) => `Take this call over from ${agent}?`],
  takeOverText: ['客户接着和您通话，坐席转入话后整理。', 'The customer goes on with you; the agent wraps up.'],
  listenHint: ['客户和坐席都听不到您', 'Neither side hears you'],
  whisperHint: ['只有坐席听得到您', 'The agent alone hears you'],
  bargeHint: ['双方都听得到您', 'Both hear you'],
  withWhom: ['和谁', 'With'],
  since: ['已通话', 'For'],
  waitsIn: ['排队中', 'Waiting'],
  inFlow: ['语音导航中', 'In the flow'],
  connecting: ['接通中', 'Connecting'],
  talking: ['通话中', 'Talking'],
  mending: ['正在恢复', 'Getting it back'],
  callback: ['等待回拨', 'To be called back'],
  rates: ['评价中', 'Rating'],
  leavesMessage: ['留言中', 'Leaving a message'],
  over: ['已结束', 'Over'],
})

export const causeWord = (cause: Cause): string => w[cause]
export const causeTone = (cause: Cause): string =>
  ['lost', 'switch_down', 'unreachable', 'silence'].includes(cause)
    ? 'ba'
    : ['abandoned', 'no_answer', 'busy', 'limit'].includes(cause)
      ? 'wa'
      : ''
export const markWord = ({ what, mode }: Pick<CallMark, 'what' | 'mode'>): string =>
  mode !== null ? w.attendedAs(mode) : what === 'lost' ? w.markLost : what === 'transferred' ? w.markTransferred : w[what]
export const reasonWord = (reason: RecordingReason): string => w[reason]
export const lineWord = (line: string): string => (line === 'practice' ? w.practice : line)
/** Below 3.6 many are dissatisfied (ITU-T G.107, table 2). */
export const qualityTone = (mos: number): 'ok' | 'wa' | 'ba' => (mos >= 4 ? 'ok' : mos >= 3.6 ? 'wa' : 'ba')
export const qualityWord = (mos: number): string => ({ ok: w.good, wa: w.fair, ba: w.bad })[qualityTone(mos)]

const stages = {
  flow: 'inFlow', waiting: 'waitsIn', callback: 'callback', connecting: 'connecting', talking: 'talking', mending: 'mending', rating: 'rates',
  voicemail: 'leavesMessage', over: 'over',
} as const // biome-ignore format: one table
export const stageWord = (stage: keyof typeof stages): string => w[stages[stage]]

enterRefusals({
  'recording.not_found': ['没有这段录音', 'No such recording'],
  'recording.not_kept': ['这段录音还没有保存，或已删除', 'The recording is not kept yet, or was removed'],
  'recording.keep_past': ['选一个以后的日期', 'Choose a later date'],
})
