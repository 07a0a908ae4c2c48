import type { Customer } from '#contract/customers.ts'
import { enterRefusals, words } from '../kit/words.ts'

export const w = words({
  importKnown: ['先看户号，再看电话，再看邮箱', 'Known by the number, else the telephone, else the e-mail'],
  customers: ['客户', 'Customers'],
  create: ['新建客户', 'New customer'],
  seek: ['姓名、户号、电话（或末四位）、地址', 'Name, number, phone (or its last four), address'],
  tier: ['等级', 'Tier'],
  byContact: ['最近联系在前', 'Last contact first'],
  name: ['姓名', 'Name'],
  number: ['户号', 'Number'],
  phone: ['电话', 'Phone'],
  email: ['邮箱', 'E-mail'],
  address: ['地址', 'Address'],
  district: ['片区', 'District'],
  postCode: ['邮编', 'Post code'],
  kind: ['类别', 'Kind'],
  person: ['居民', 'Household'],
  organisation: ['单位', 'Organisation'],
  note: ['备注', 'Note'],
  tags: ['标签', 'Tags'],
  tagsHint: ['输入后回车', 'Type and press Enter'],
  care: ['需要关照', 'Needs care'],
  elderly: ['老人', 'Elderly'],
  disabled: ['残障', 'Disabled'],
  infant: ['婴幼儿', 'Infant'],
  medical: ['医疗用水', 'Medical need'],
  balance: ['应收', 'Due'],
  addedAt: ['建档', 'Added'],
  lastContact: ['最近联系', 'Last contact'],
  never: ['没有联系过', 'Never'],
  none: ['还没有客户', 'No customers yet'],
  noneHint: ['新建一位，或由会话自动建立', 'Add one, or let conversations add them'],
  noneFound: ['没有找到', 'Nobody found'],
  noneFoundHint: ['换一个名字、号码或地址', 'Try another name, number or address'],
  clear: ['清除筛选', 'Clear filters'],
  must: ['必填', 'Required'],
  auto: ['留空自动编号', 'Left empty, one is given'],
  keepPhone: [(p: string) => `现为 ${p}，要改就填完整新号码`, (p: string) => `Now ${p}; to change it, type the whole new number`],
  badMail: ['邮箱写法不对', 'Not an e-mail address'],
  saved: [(n: string) => `已保存 ${n}`, (n: string) => `Saved ${n}`],
  added: [(n: string) => `已新建 ${n}`, (n: string) => `Added ${n}`],

  file: ['档案', 'Profile'],
  edit: ['编辑', 'Edit'],
  newTicket: ['新建工单', 'New ticket'],
  newTask: ['新建待办', 'New task'],
  since: ['开户', 'Customer since'],
  years: [(n: number) => `${n} 年用户`, (n: number) => (n === 1 ? '1 year' : `${n} years`)],
  account: ['账务', 'Account'],
  due: ['欠费', 'Overdue'],
  credit: ['余额', 'Credit'],
  settled: ['已结清', 'Settled'],
  reveal: ['显示', 'Show'],
  revealWhy: ['为什么需要完整号码', 'Why the full number is needed'],
  revealIdentity: ['核对身份', 'Check identity'],
  revealCall: ['回拨客户', 'Call back'],
  revealVisit: ['上门联系', 'Field visit'],
  revealLogged: ['查看会被记录', 'Looking is recorded'],
  noPhone: ['没有电话', 'No phone'],

  figContacts: ['30 天接触', '30 days'],
  figOpen: ['未结', 'Open'],
  figRating: ['满意度', 'CSAT'],
  figLast: ['最近联系', 'Last contact'],
  openMatters: ['未结事项', 'Open matters'],
  noMatters: ['没有未结事项', 'Nothing open'],
  contacts: ['最近接触', 'Recent contacts'],
  noContacts: ['没有接触记录', 'No contacts yet'],
  ratings: ['评价', 'Ratings'],
  noRatings: ['还没有评价', 'Not rated yet'],
  ratingsOf: [(n: number) => `最近 ${n} 次`, (n: number) => `last ${n}`],
  talking: ['会话中', 'Talking now'],
  waiting: ['排队中', 'Waiting'],
  abandoned: ['未接入', 'Not answered'],
  left: ['留言', 'Message left'],

  history: ['往来时间线', 'Time line'],
  all: ['全部', 'All'],
  sieveContact: ['接触', 'Contacts'],
  sieveTicket: ['工单', 'Tickets'],
  sieveRating: ['评价', 'Ratings'],
  sieveTask: ['待办', 'Tasks'],
  sieveFile: ['档案', 'Profile'],
  noHistory: ['还没有往来', 'Nothing has happened yet'],
  noneOfSort: ['这一类还没有记录', 'Nothing of this sort yet'],
  older: ['更早的记录', 'Older'],
  waited: [(t: string) => `等待 ${t}`, (t: string) => `waited ${t}`],
  lasted: [(t: string) => `处理 ${t}`, (t: string) => `handled in ${t}`],
  seconds: [(n: number) => `${n} 秒`, (n: number) => `${n} s`],
  backToList: ['返回客户列表', 'Back to customers'],
})

export const careWord = (care: Customer['care'][number]): string => w[care]
export const kindWord = (kind: Customer['kind']): string => w[kind]

type Detail = Record<string, unknown>
const fields = words({
  name: ['姓名', 'name'],
  kind: ['类别', 'kind'],
  tier: ['等级', 'tier'],
  phone: ['电话', 'phone'],
  email: ['邮箱', 'e-mail'],
  address: ['地址', 'address'],
  district: ['片区', 'district'],
  postCode: ['邮编', 'post code'],
  note: ['备注', 'note'],
  tags: ['标签', 'tags'],
  care: ['关照', 'care'],
})
const isField = (key: unknown): key is keyof typeof fields => typeof key === 'string' && key in fields
const listed = (d: Detail, between: string) =>
  Array.isArray(d.fields) ? d.fields.flatMap(key => (isField(key) ? [fields[key]] : [])).join(between) : ''
const by = words({ phone: ['电话', 'phone'], email: ['邮箱', 'e-mail'], web: ['网站账号', 'site account'], wechat: ['微信', 'WeChat'] })
const byWord = (kind: unknown) => (kind === 'phone' || kind === 'email' || kind === 'web' || kind === 'wechat' ? by[kind] : '')

/** What the time line says about each announcement of this domain. */
export const eventWords = words({
  'customer.erasure_asked': [() => '开始删除个人信息', () => 'Erasure begun'],
  'customer.erased': [() => '个人信息已删除', () => 'Erased'],
  'customer.package_asked': [() => '导出个人信息', () => 'Personal data handed over'],
  'customer.held': [
    (d: Detail) => (d.on === true ? '依法保留' : '不再依法保留'),
    (d: Detail) => (d.on === true ? 'Kept by law' : 'No longer kept by law'),
  ],
  'customer.added': [() => '建立档案', () => 'Profile added'],
  'customer.changed': [(d: Detail) => `修改${listed(d, '、')}`, (d: Detail) => `Changed ${listed(d, ', ')}`],
  'customer.revealed': [(d: Detail) => `查看完整${listed(d, '、')}`, (d: Detail) => `Looked at the full ${listed(d, ', ')}`],
  'customer.identified': [(d: Detail) => `关联${byWord(d.kind)}`, (d: Detail) => `Linked ${byWord(d.kind)}`],
})

enterRefusals({
  'customer.revealed_enough': [f => `24 小时内最多查看 ${f.most} 次`, f => `At most ${f.most} looks in 24 hours`],
  'customer.not_found': ['没有这位客户，或您无权查看', 'No such customer, or you may not see them'],
  'customer.changed_meanwhile': ['别人刚改过，两边的内容列在上面，选好再保存', 'Someone changed it meanwhile; compare above, then save'],
  'customer.number_taken': [f => `户号 ${f.number} 已被使用`, f => `Number ${f.number} is taken`],
  'customer.phone_invalid': ['电话号码不对，核对位数', 'Not a phone number, check its digits'],
})
