import { withGaps } from '../kit/gaps.ts'
import { words } from '../kit/language.ts'

const clock = (at: Date) => at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hour12: false })
const when = (at: Date, language: string) =>
  withGaps(
    at.toLocaleString(language, { month: 'long', day: 'numeric', weekday: 'short', hour: '2-digit', minute: '2-digit', hour12: false }),
  )
const minutes = (seconds: number) => Math.max(1, Math.round(seconds / 60))

export const w = words({
  title: ['在线客服', 'Chat with us'],
  close: ['收起', 'Minimise'],
  language: ['English', '中文'],
  log: ['对话', 'Conversation'],
  input: ['输入消息', 'Write a message'],
  about: ['您要咨询什么', 'What is it about'],
  send: ['发送', 'Send'],
  attach: ['发送图片或文件', 'Send a picture or file'],
  emoji: ['表情', 'Emoji'],
  begin: ['开始对话', 'Start'],
  leaveMessage: ['留言', 'Leave a message'],
  contact: ['留下称呼和电话，便于核对用户（选填）', 'Your name and phone, so that we find your account (optional)'],
  name: ['称呼', 'Name'],
  phone: ['手机号', 'Phone'],
  closedUntil: [(at: Date) => `将于 ${when(at, 'zh-CN')} 开始服务`, (at: Date) => `We are back on ${when(at, 'en-GB')}`],
  online: ['在线', 'Online'],
  offHours: ['非服务时间', 'Outside service hours'],
  queueing: ['排队中', 'Waiting'],
  serving: ['人工服务中', 'With you now'],
  left: ['已留言', 'Message left'],
  over: ['对话已结束', 'Conversation ended'],
  place: [(n: number) => `您排在第 ${n} 位`, (n: number) => `You are number ${n} in line`],
  estimate: [(s: number) => `预计等待 ${minutes(s)} 分钟`, (s: number) => `About ${minutes(s)} min to wait`],
  soon: ['马上为您接入', 'You are next'],
  mayWrite: ['等待时可以继续补充情况', 'You can add details while you wait'],
  giveUp: ['取消排队', 'Stop waiting'],
  end: ['结束并评价', 'End and rate'],
  progress: ['查看进度', 'See progress'],
  typing: [(who: string) => `${who} 正在输入`, (who: string) => `${who} is typing`],
  read: ['已读', 'Read'],
  sending: ['发送中', 'Sending'],
  uploading: [(percent: number) => `上传 ${percent}%`, (percent: number) => `Uploading ${percent}%`],
  failed: ['未发送', 'Not sent'],
  retry: ['重发', 'Send again'],
  discard: ['删除', 'Remove'],
  live: ['连接正常，关闭页面后可从这里继续', 'Connected. Close the page and come back any time'],
  reconnecting: ['正在重连，消息会在恢复后送达', 'Reconnecting. Messages go out once we are back'],
  offline: ['网络已断开，恢复后自动继续', 'Offline. We go on once the network is back'],
  rateTitle: ['这次服务，您满意吗', 'How did we do'],
  scores: [
    ['很不满意', '不满意', '一般', '满意', '非常满意'],
    ['Very poor', 'Poor', 'Fair', 'Good', 'Very good'],
  ],
  rateWords: ['想说的话（选填）', 'Anything to add (optional)'],
  rate: ['提交评价', 'Send rating'],
  thanks: ['谢谢，我们已收到您的评价', 'Thank you, we have your rating'],
  again: ['再次咨询', 'Start again'],
  unavailable: ['暂时连不上，正在重试', 'We cannot connect, trying again'],
  noWidget: ['这个对话窗口已停用', 'This chat is no longer in use'],
  newMessages: ['新消息', 'New messages'],
  you: ['您', 'You'],
  picture: [(name: string) => `图片 ${name}`, (name: string) => `Picture ${name}`],
  today: [clock, clock],
  otherDay: [(at: Date) => when(at, 'zh-CN'), (at: Date) => when(at, 'en-GB')],
})

/** What the house says in a talk, by code. Codes without words here are not for the customer's eyes. */
export const notices = words({
  accepted: [(f: Facts) => `${f.agentName} 已接入`, (f: Facts) => `${f.agentName} has joined`],
  transferred: [(f: Facts) => `已转给 ${f.agentName}`, (f: Facts) => `${f.agentName} has taken over`],
  taken_over: [(f: Facts) => `${f.agentName} 已接手`, (f: Facts) => `${f.agentName} has taken over`],
  ended: [
    (f: Facts) => (f.by === 'silence' ? '长时间没有消息，对话已结束' : '对话已结束'),
    (f: Facts) => (f.by === 'silence' ? 'Ended after a long silence' : 'Conversation ended'),
  ],
  abandoned: [() => '已取消排队', () => 'You left the line'],
  left: [() => '已收到您的留言，上班后尽快回复', () => 'We have your message and will answer in service hours'],
})

export const ticketSteps = words({
  steps: [
    ['受理', '派单', '处理', '办结'],
    ['Received', 'Sent', 'At work', 'Resolved'],
  ],
  'ticket.opened': ['工单已受理', 'Ticket opened'],
  'ticket.dispatched': ['已派单', 'Sent to the team'],
  'ticket.taken': ['已接单，正在处理', 'Being worked on'],
  'ticket.waiting': ['等待您补充', 'Waiting for you'],
  'ticket.resumed': ['继续处理', 'Work goes on'],
  'ticket.resolved': ['已办结', 'Resolved'],
  'ticket.closed': ['工单已关闭', 'Ticket closed'],
  'ticket.reopened': ['重新处理', 'Reopened'],
  'ticket.commented': ['有新进展', 'There is news'],
})

export const refusals = words({
  'file.type_refused': ['不支持这种文件', 'This kind of file cannot be sent'],
  'file.too_large': ['文件超过 20 MB', 'The file is larger than 20 MB'],
  'file.picture_too_large': ['图片尺寸过大', 'The picture has too many pixels'],
  'file.swells': ['文件无法接收', 'This file cannot be accepted'],
  'file.broken': ['文件已损坏', 'The file is damaged'],
  'file.empty': ['文件是空的', 'The file is empty'],
  'file.too_many_uploads': ['上传过于频繁，稍后再试', 'Too many uploads, try again later'],
  'file.too_many_unused': ['上传过于频繁，稍后再试', 'Too many uploads, try again later'],
  'input.too_large': ['内容过长', 'Too long to send'],
  'input.invalid': ['内容不符合要求', 'This could not be accepted'],
  'conversation.over': ['对话已结束', 'The conversation has ended'],
  'conversation.already_open': ['已有进行中的对话', 'A conversation is already open'],
  'widget.blocked': ['在线客服暂不能为您接通，如有需要可拨打客服热线', 'Chat is not open to you for now; you can call our hotline'],
  'widget.too_many_messages': ['发送过于频繁，稍后再试', 'Too many messages, try again later'],
  'widget.too_many_visits': ['访问过于频繁，稍后再试', 'Too many visits, try again later'],
})
export const refusalWords = (code: string): string => {
  const known: Record<string, string> = refusals
  return known[code] ?? w.failed
}

type Facts = Record<string, unknown>
