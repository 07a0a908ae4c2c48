// biome-ignore-all format: a table of words reads better one entry per line
import type { DepartmentKey, Pair } from './centre.ts'

export const skills = { web: ['在线服务', 'Online service'], repairs: ['报修', 'Repairs'], billing: ['账务', 'Billing'], services: ['业务办理', 'Services'], quality: ['水质', 'Water quality'] } as const satisfies Record<string, Pair>
export type SkillKey = keyof typeof skills
export const skillKeys: readonly SkillKey[] = ['web', 'repairs', 'billing', 'services', 'quality']

type Demand = { skill: SkillKey; level: number; relaxAfter: number }
type Queue = { name: Pair; demands: readonly Demand[]; overflow?: { to: 'web'; seconds: number }; target: { percent: number; seconds: number }; ring: number; wrap: number }
export const queues = {
  web: { name: ['网页客服', 'Web service'], demands: [], target: { percent: 80, seconds: 30 }, ring: 25, wrap: 60 },
  repairs: { name: ['报修', 'Repairs'], demands: [{ skill: 'repairs', level: 3, relaxAfter: 30 }], overflow: { to: 'web', seconds: 120 }, target: { percent: 80, seconds: 20 }, ring: 20, wrap: 90 },
  billing: { name: ['账务', 'Billing'], demands: [{ skill: 'billing', level: 2, relaxAfter: 30 }], overflow: { to: 'web', seconds: 120 }, target: { percent: 80, seconds: 30 }, ring: 25, wrap: 60 },
  services: { name: ['业务', 'Services'], demands: [{ skill: 'services', level: 2, relaxAfter: 30 }], overflow: { to: 'web', seconds: 180 }, target: { percent: 80, seconds: 30 }, ring: 25, wrap: 60 },
} as const satisfies Record<string, Queue>
export type QueueKey = keyof typeof queues
export const queueKeys: readonly QueueKey[] = ['web', 'repairs', 'billing', 'services']

export const presenceReasons: readonly { name: Pair; state: 'busy' | 'break' }[] = [
  { name: ['用餐', 'Meal'], state: 'break' },
  { name: ['小休', 'Short break'], state: 'break' },
  { name: ['会议', 'Meeting'], state: 'busy' },
  { name: ['培训', 'Training'], state: 'busy' },
  { name: ['回访', 'Calling back'], state: 'busy' },
  { name: ['处理工单', 'Working on tickets'], state: 'busy' },
]

export const reasons = {
  repairs: { name: ['报修', 'Repairs'], of: { noWater: ['无水', 'No water'], pressure: ['水压低', 'Low pressure'], leak: ['漏水', 'Leak'], meterFault: ['水表故障', 'Faulty meter'], cover: ['井盖与设施', 'Covers and fittings'] } },
  outage: { name: ['停水', 'Outages'], of: { planned: ['计划停水', 'Planned outage'], restore: ['恢复时间', 'When it is back'] } },
  quality: { name: ['水质', 'Water quality'], of: { yellow: ['水黄', 'Yellow water'], odour: ['异味', 'Odour'] } },
  billing: { name: ['账务', 'Billing'], of: { bill: ['水费查询', 'Bill query'], dispute: ['费用异议', 'Bill dispute'], invoice: ['发票', 'Invoice'], tier: ['阶梯水价', 'Tiered tariff'], autopay: ['代扣', 'Direct debit'] } },
  services: { name: ['业务办理', 'Services'], of: { transfer: ['过户', 'Transfer'], connection: ['报装', 'New connection'], details: ['资料变更', 'Change of details'], suspend: ['报停与恢复', 'Suspend or resume'] } },
  voice: { name: ['意见', 'Feedback'], of: { complaint: ['投诉', 'Complaint'], suggestion: ['建议', 'Suggestion'], praise: ['表扬', 'Praise'] } },
} as const satisfies Record<string, { name: Pair; of: Record<string, Pair> }>

export const outcomes = {
  solved: { name: ['当场解决', 'Solved at once'], resolved: true },
  ticket: { name: ['已建工单', 'Ticket opened'], resolved: false },
  answered: { name: ['已答复', 'Answered'], resolved: true },
  callback: { name: ['需回访', 'To be called back'], resolved: false },
  gone: { name: ['客户已离开', 'Customer had gone'], resolved: false },
  none: { name: ['无效咨询', 'No concern'], resolved: true },
} as const satisfies Record<string, { name: Pair; resolved: boolean }>
export type OutcomeKey = keyof typeof outcomes

type Option = readonly [value: string, zh: string, en: string]
type Field = { key: string; label: Pair; type: 'text' | 'number' | 'choice' | 'date' | 'yesno'; options?: readonly Option[]; required?: boolean; help?: Pair }
type Category = { name: Pair; department: DepartmentKey; priority: 'urgent' | 'high' | 'normal' | 'low'; target?: number }
type Kind = { code: string; name: Pair; calendar: 'always' | 'office'; target: number; fields: readonly Field[]; categories: Record<string, Category> }

export const kinds = {
  repair: {
    code: 'BX', name: ['报修', 'Repair'], calendar: 'always', target: 480,
    fields: [
      { key: 'symptom', label: ['现象', 'Symptom'], type: 'choice', required: true, options: [['none', '无水', 'No water'], ['low', '水压低', 'Low pressure'], ['leak', '漏水', 'Leak'], ['burst', '爆管冒水', 'Burst main'], ['meter', '水表故障', 'Faulty meter'], ['other', '其他', 'Other']] },
      { key: 'affected', label: ['影响户数', 'Homes affected'], type: 'number', help: ['不清楚可留空，抢修到场后补', 'Leave empty if unknown; the crew adds it on site'] },
      { key: 'shutOff', label: ['已关阀', 'Valve closed'], type: 'yesno' },
      { key: 'meterNo', label: ['水表号', 'Meter number'], type: 'text', help: ['表盘上的十位数字', 'The ten digits on the dial'] },
    ],
    categories: {
      noWater: { name: ['无水', 'No water'], department: 'crew1', priority: 'high', target: 240 },
      burst: { name: ['爆管', 'Burst main'], department: 'crew1', priority: 'urgent', target: 180 },
      leak: { name: ['漏水', 'Leak'], department: 'crew2', priority: 'normal', target: 480 },
      cover: { name: ['井盖与设施', 'Covers and fittings'], department: 'crew3', priority: 'high', target: 360 },
      pressure: { name: ['水压低', 'Low pressure'], department: 'pump', priority: 'normal', target: 720 },
      meterFault: { name: ['水表故障', 'Faulty meter'], department: 'meter', priority: 'normal', target: 2880 },
      yellow: { name: ['水质异常', 'Water quality'], department: 'quality', priority: 'high', target: 480 },
    },
  },
  complaint: {
    code: 'TS', name: ['投诉', 'Complaint'], calendar: 'office', target: 1350,
    fields: [
      { key: 'about', label: ['投诉对象', 'About'], type: 'choice', required: true, options: [['service', '服务', 'Service'], ['bill', '水费', 'Bill'], ['works', '施工', 'Works'], ['quality', '水质', 'Water quality'], ['other', '其他', 'Other']] },
      { key: 'wish', label: ['诉求', 'What the customer wants'], type: 'text' },
    ],
    categories: {
      service: { name: ['服务投诉', 'Service'], department: 'centre', priority: 'high' },
      bill: { name: ['水费投诉', 'Bill'], department: 'billing', priority: 'normal' },
      works: { name: ['施工扰民', 'Works'], department: 'works', priority: 'normal' },
    },
  },
  question: {
    code: 'ZX', name: ['咨询', 'Question'], calendar: 'office', target: 450, fields: [],
    categories: {
      bill: { name: ['账单与水价', 'Bills and tariffs'], department: 'billing', priority: 'normal' },
      service: { name: ['业务咨询', 'Services'], department: 'hall', priority: 'normal' },
      reading: { name: ['抄表', 'Meter reading'], department: 'meter', priority: 'low' },
    },
  },
  business: {
    code: 'YW', name: ['业务受理', 'Service request'], calendar: 'office', target: 1350,
    fields: [
      { key: 'service', label: ['业务', 'Request'], type: 'choice', required: true, options: [['transfer', '过户', 'Transfer'], ['connection', '报装', 'New connection'], ['details', '资料变更', 'Change of details'], ['suspend', '报停与恢复', 'Suspend or resume']] },
      { key: 'complete', label: ['材料齐全', 'Documents complete'], type: 'yesno' },
    ],
    categories: {
      transfer: { name: ['过户', 'Transfer'], department: 'hall', priority: 'normal' },
      connection: { name: ['报装', 'New connection'], department: 'works', priority: 'normal', target: 3150 },
      suspend: { name: ['报停与恢复', 'Suspend or resume'], department: 'hall', priority: 'low' },
    },
  },
  suggestion: { code: 'JY', name: ['建议', 'Suggestion'], calendar: 'office', target: 2250, fields: [], categories: { any: { name: ['服务建议', 'Service'], department: 'centre', priority: 'low' } } },
  praise: { code: 'BY', name: ['表扬', 'Praise'], calendar: 'office', target: 900, fields: [], categories: { any: { name: ['表扬员工', 'Praise of staff'], department: 'centre', priority: 'low' } } },
} as const satisfies Record<string, Kind>
export type KindKey = keyof typeof kinds

export const cannedAnswers: readonly { shortcut: string; topic: Pair; text: Pair }[] = [
  { shortcut: '您好', topic: ['问候', 'Greetings'], text: ['您好，我是清源供水客服{坐席姓名}，请问有什么可以帮您？', 'Hello, this is {agent name} of Clearspring Water. How can I help?'] },
  { shortcut: '稍等', topic: ['问候', 'Greetings'], text: ['请稍等，我为您查询一下，大约需要一分钟。', 'One moment, I am looking this up. It takes about a minute.'] },
  { shortcut: '地址', topic: ['报修', 'Repairs'], text: ['为了尽快安排，请告诉我详细地址和楼层。', 'So that we can send someone soon, tell me the full address and floor.'] },
  { shortcut: '户号', topic: ['账务', 'Billing'], text: ['请提供户号，账单右上角的十位数字就是。', 'Tell me your account number: the ten digits at the top right of the bill.'] },
  { shortcut: '已派单', topic: ['报修', 'Repairs'], text: ['已为您登记报修，工单号 {工单号}，已派给抢修班组，您可以通过链接随时查看进度。', 'Your report is recorded as {ticket number} and sent to the crew. The link shows its progress at any time.'] },
  { shortcut: '恢复供水', topic: ['报修', 'Repairs'], text: ['恢复供水后请先打开水龙头放水 5–10 分钟，水变清后再使用。', 'When supply is back, run the tap for 5 to 10 minutes until the water is clear.'] },
  { shortcut: '送水车', topic: ['报修', 'Repairs'], text: ['停水超过 4 小时的小区会安排送水车，家有老人、婴儿的用户优先。', 'Where supply is off for more than 4 hours we send a water truck; homes with elderly people or infants come first.'] },
  { shortcut: '阶梯', topic: ['账务', 'Billing'], text: ['第一阶梯每户每年 216 立方米以内；五人以上家庭可以申请增加基数。', 'The first tier is up to 216 cubic metres per home and year; homes of five or more can ask for a higher limit.'] },
  { shortcut: '发票', topic: ['账务', 'Billing'], text: ['电子发票可以在网上营业厅「账单 › 开具发票」里自助开具，两分钟内发到邮箱。', 'Make an electronic invoice under Bills › Invoice on the web; it reaches your mailbox within two minutes.'] },
  { shortcut: '过户', topic: ['业务', 'Services'], text: ['过户需要新户主身份证、产权证明和旧户号，结清水费后 3 个工作日办结。', 'A transfer needs the new holder\'s identity card, proof of ownership and the old account number. It takes 3 working days once the bill is paid.'] },
  { shortcut: '暗漏', topic: ['报修', 'Repairs'], text: ['请关闭所有用水点后观察水表，如果指针还在转动，可能有暗漏，建议先请物业检查室内管道。', 'Close every tap and watch the meter. If it still turns there may be a hidden leak: have the pipes inside checked first.'] },
  { shortcut: '结束', topic: ['问候', 'Greetings'], text: ['请问还有其他可以帮您的吗？没有的话，稍后请为本次服务评价，谢谢。', 'Is there anything else? If not, you will be asked to rate this service. Thank you.'] },
]

/** What an office asks first, then who is served ahead. */
export const routingRules: readonly { name: Pair; conditions: { words?: readonly Pair[]; tiers?: readonly ('gold' | 'key')[] }; queue: QueueKey | null; priority: number; team: boolean }[] = [
  { name: ['爆管与路面冒水', 'Burst mains'], conditions: { words: [['爆管', 'burst'], ['路面冒水', 'flooding']] }, queue: 'repairs', priority: 40, team: false },
  { name: ['重点客户优先', 'Key customers first'], conditions: { tiers: ['key', 'gold'] }, queue: null, priority: 10, team: true },
]
