import { enterRefusals, words } from '../kit/words.ts'

export const w = words({
  state: ['我的状态', 'My state'], ready: ['示闲', 'Ready'], busy: ['示忙', 'Busy'], break: ['小休', 'Break'], offline: ['离线', 'Offline'], readyHint: ['可以接新会话', 'Takes new contacts'], offlineHint: ['不再分配会话', 'Nothing is offered'],
  capacity: [(name: string, used: number, all: number) => `${name}：已接 ${used}，上限 ${all}`, (name: string, used: number, all: number) => `${name}: ${used} of ${all} taken`],
  sound: ['振铃声', 'Ringing sound'], notices: ['桌面通知', 'Desktop notifications'], noticesDenied: ['浏览器已禁止通知，请在地址栏旁打开', 'The browser blocks notifications; allow them beside the address'],
  missed: ['连续漏接，已转为示忙', 'Missed in a row, set to busy'], goReady: ['重新示闲', 'Ready again'],
  waiting: ['排队', 'Waiting'], longest: ['最长', 'longest'], noneWaiting: ['没有人排队', 'Nobody waits'], queue: ['队列', 'Queue'], free: ['示闲', 'Ready'], handling: ['服务中', 'Handling'],
  incoming: ['新会话', 'New contact'], handedOver: ['转来的会话', 'Handed over'], yours: ['您最近服务过', 'You served them last'],
  accept: ['接入', 'Accept'], decline: ['转回队列', 'Decline'], waited: [(t: string) => `已等待 ${t}`, (t: string) => `waited ${t}`], left: [(s: number) => `${s} 秒内接入`, (s: number) => `${s} s to accept`],
  unknown: ['未识别的访客', 'Unknown visitor'], firstTime: ['没有往来记录', 'No earlier contacts'], openTickets: [(n: number) => `未结工单 ${n}`, (n: number) => `${n} open tickets`], noOpenTickets: ['没有未结工单', 'No open tickets'],
  recent: ['最近往来', 'Recent'], saidSoFar: ['客户说', 'The customer wrote'], returns: ['逾时未接将回到队列原位并记为漏接', 'Left alone it goes back to its place and counts as missed'],
  title: [(n: number) => `(${n}) 来电`, (n: number) => `(${n}) Ringing`], due: ['欠费', 'Overdue'], rated: [(n: number) => `评价 ${n} 分`, (n: number) => `rated ${n}`], more: [(n: number) => `还有 ${n} 个在振铃`, (n: number) => `${n} more ringing`],
  elderly: ['老人', 'Elderly'], disabled: ['残障', 'Disabled'], infant: ['婴幼儿', 'Infant'], medical: ['医疗用水', 'Medical need'], late: ['超时', 'Late'],
})

enterRefusals({
  'offer.over': [f => overZh[String(f.outcome)] ?? '这个会话已不再振铃', f => overEn[String(f.outcome)] ?? 'This contact rings no longer'],
  'offer.not_found': ['这个会话已不再振铃', 'This contact rings no longer'],
  'routing.not_waiting': ['客户已不在排队', 'The customer no longer waits'],
  'routing.already_yours': ['这个会话已经在您手里', 'It is yours already'],
  'routing.offered_elsewhere': ['正在向另一位坐席振铃', 'It rings at another agent right now'],
  'routing.handed_to_other': ['已指定转给另一位坐席', 'It was handed to another agent'],
  'routing.over_capacity': ['您的会话数已到上限，先结束一个', 'You are at your limit, end one first'],
  'presence.reason_mismatch': ['这个原因不属于所选状态', 'This reason belongs to another state'],
  'presence_reason.not_found': ['这个原因已不存在', 'This reason is gone'],
  'agent.not_found': ['没有这位坐席', 'No such agent'],
  'queue.not_found': ['没有这个队列', 'No such queue'],
  'queue.in_use': ['队列里还有会话，不能换渠道', 'Contacts still wait in it, its channel cannot change'],
  'queue.other_channel': ['这个队列不服务该渠道', 'This queue serves another channel'],
  'queue.overflow_to_itself': ['不能溢出到自己', 'A queue cannot overflow to itself'],
  'staffing.in_use': [f => `正在服务 ${f.used} 个，上限不能更低`, f => `${f.used} are being served, the limit cannot be lower`],
  'skill.twice': ['同一技能出现了两次', 'A skill is listed twice'],
  'skill.not_found': ['没有这项技能', 'No such skill'],
})
const overZh: Record<string, string> = { missed: '已超时，回到了队列', declined: '已转回队列', returned: '已回到队列', accepted: '已经接入', gone: '客户已离开' }
const overEn: Record<string, string> = { missed: 'Too late, it went back to the queue', declined: 'Already declined', returned: 'It went back to the queue', accepted: 'Already accepted', gone: 'The customer has gone' }
