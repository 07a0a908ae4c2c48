import { opportunitySourceWords } from '#contract/words.ts'
import { yuan } from '../kit/time.ts'
import { enterRefusals, words } from '../kit/words.ts'

export const w = words({
  title: ['商机', 'Opportunities'],
  one: ['商机', 'Opportunity'],
  add: ['登记商机', 'New opportunity'],
  addTitle: ['登记商机', 'New opportunity'],
  added: ['已登记', 'Noted'],
  editTitle: ['修改商机', 'Change the opportunity'],
  all: ['全部', 'All'],
  mine: ['我的', 'Mine'],
  name: ['商机名称', 'What it is about'],
  must: ['写明是什么商机', 'Say what it is about'],
  who: ['客户', 'Customer'],
  lead: ['线索', 'Lead'],
  whoHint: ['还没有档案的留空，按线索登记', 'Empty for somebody without a file: a lead'],
  leadName: ['联系人', 'Who'],
  mustName: ['写明是谁', 'Say who it is'],
  phone: ['电话', 'Phone'],
  email: ['邮箱', 'E-mail'],
  stage: ['阶段', 'Stage'],
  anyStage: ['所有阶段', 'Any stage'],
  value: ['金额', 'Value'],
  valueYuan: ['金额（元）', 'Value (yuan)'],
  source: ['来源', 'Source'],
  anySource: ['所有来源', 'Any source'],
  sourceNote: ['来源说明', 'Source in words'],
  owner: ['负责人', 'Owner'],
  anyOwner: ['所有负责人', 'Anyone'],
  nobody: ['无人负责', 'Nobody'],
  expected: ['预计成交', 'Expected'],
  changed: ['最近变动', 'Last change'],
  note: ['备注', 'Note'],
  none: ['还没有商机', 'No opportunities yet'],
  noneHint: ['接待客户时听到的需要，登记下来跟进', 'What customers may buy, noted where it was heard'],
  noneHere: ['这位客户还没有商机', 'None for this customer yet'],
  seek: ['搜索商机、线索', 'Search opportunities and leads'],
  summary: [(n: number, value: number) => `${n} 个，${yuan(value)}`, (n: number, value: number) => `${n}, ${yuan(value)}`],
  weighted: [(value: number) => `按成交率折算 ${yuan(value)}`, (value: number) => `${yuan(value)} weighted by chance`],
  move: ['推进到', 'Take to'],
  why: ['为什么丢单', 'Why was it lost'],
  lost: ['记为丢单', 'Mark as lost'],
  lostReason: ['丢单原因', 'Why lost'],
  moved: [(to: string) => `已到“${to}”`, (to: string) => `Now “${to}”`],
  edit: ['修改', 'Change'],
  convert: ['转为客户', 'Make a customer'],
  convertHint: ['还没有档案，成交前先建档', 'No file yet; make one before it is won'],
  converted: ['已转为客户', 'Became a customer'],
  knownAs: [
    (name: string, number: string) => `这个号码是 ${name}（${number}）的`,
    (name: string, number: string) => `That number is ${name}’s (${number})`,
  ],
  joinTo: [(name: string) => `归到 ${name}`, (name: string) => `Join to ${name}`],
  newAnyway: ['仍然新建档案', 'Make a new file anyway'],
  course: ['经过', 'Course'],
  opened: ['登记', 'Opened'],
  openCustomer: ['打开客户', 'Open the customer'],
  kind: ['类型', 'Kind'],
  kindOpen: ['进行中', 'Going on'],
  kindWon: ['赢单', 'Won'],
  kindLost: ['丢单', 'Lost'],
  chance: ['成交率', 'Chance'],
  chanceHint: ['到这一阶段的，一百个里成交几个', 'Of a hundred that get here, how many are won'],
  stages: ['商机阶段', 'Stages of opportunities'],
  stagesHint: ['商机依次经过的阶段，赢单和丢单结束它', 'What an opportunity passes; won and lost end it'],
  addStage: ['新增阶段', 'Add a stage'],
  noStages: ['还没有阶段', 'No stages yet'],
  noStagesHint: ['至少要有一个进行中的阶段', 'At least one stage that is going on'],
})

const sources = words(opportunitySourceWords)
export const sourceWord = (source: keyof typeof opportunitySourceWords): string => sources[source]
export const sourceOptions = () => Object.entries(sources).map(([value, label]) => ({ value, label }))
export const kindWord = (kind: 'open' | 'won' | 'lost'): string => ({ open: w.kindOpen, won: w.kindWon, lost: w.kindLost })[kind]

type Detail = Record<string, unknown>
const worth = (d: Detail) => (typeof d.value === 'number' && d.value > 0 ? yuan(d.value) : '')
/** What the time line says about each announcement of this domain. */
export const eventWords = words({
  'opportunity.opened': [(d: Detail) => `登记商机 ${worth(d)}`.trim(), (d: Detail) => `Opportunity noted ${worth(d)}`.trim()],
  'opportunity.changed': [() => '修改商机', () => 'Opportunity changed'],
  'opportunity.moved': [
    (d: Detail) => (d.state === 'won' ? `商机赢单 ${worth(d)}` : d.state === 'lost' ? '商机丢单' : `商机推进：${d.from} → ${d.to}`),
    (d: Detail) =>
      d.state === 'won' ? `Opportunity won ${worth(d)}` : d.state === 'lost' ? 'Opportunity lost' : `Opportunity: ${d.from} → ${d.to}`,
  ],
  'opportunity.revealed': [() => '查看线索的完整号码', () => 'Looked at the full number of the lead'],
  'opportunity.converted': [() => '由线索转为客户', () => 'A lead became this customer'],
})

enterRefusals({
  'opportunity.not_found': ['没有这个商机，或您无权查看', 'No such opportunity, or you may not see it'],
  'opportunity.changed_meanwhile': ['别人刚改过，看过现在的内容再保存', 'Someone changed it meanwhile; look at it, then save'],
  'opportunity.no_stages': ['还没有进行中的阶段，请管理员先设置', 'There is no stage to begin with; an administrator sets them up'],
  'opportunity.stage_unknown': ['没有这个阶段，或它已停用', 'No such stage, or it is retired'],
  'opportunity.begins_open': ['商机从进行中的阶段开始', 'An opportunity begins at a stage that is going on'],
  'opportunity.whose': ['写明是谁的商机', 'Say whose it is'],
  'opportunity.why_lost': ['写明为什么丢单', 'Say why it was lost'],
  'opportunity.identity_missing': ['没有外部编号，重发会再登记一次', 'Without an external id it would be opened anew each time'],
  'opportunity.ext_taken': ['这个外部编号已有商机在用', 'Another opportunity has this external id'],
  'opportunity.owner_unknown': ['没有这位负责人，或已停用', 'No such owner, or they are retired'],
  'opportunity.customer_fixed': ['商机的客户不能改', 'The customer of an opportunity stays'],
  'opportunity.convert_apart': ['线索转为客户要单独办理', 'A lead becomes a customer by a call of its own'],
  'opportunity.erased': ['这位客户已被删除', 'The customer was erased'],
  'opportunity.feed_sees_all': ['变更流只给能看全部商机的人', 'The feed is for those who see every opportunity'],
  'opportunity.converted': ['已经是客户了', 'It is a customer already'],
  'opportunity.known_already': [f => `这个号码是 ${f.name}（${f.number}）的`, f => `That number is ${f.name}’s (${f.number})`],
})
