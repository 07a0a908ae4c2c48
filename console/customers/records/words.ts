import { refusedField } from '../../kit/fieldWords.ts'
import { enterRefusals, nameOf, words } from '../../kit/words.ts'

export const w = words({
  kinds: ['记录种类', 'Record kinds'],
  kindsHint: ['客户名下的东西：水表、车辆、合同', 'What customers have: meters, vehicles, contracts'],
  addKind: ['新建记录种类', 'New record kind'],
  noKinds: ['还没有记录种类', 'No record kinds yet'],
  noKindsHint: ['建一种，如“水表”，客户页上就能登记', 'Add one, such as Meter, to enter them on the customer page'],
  code: ['代号', 'Code'],
  codeHint: ['大写字母开头，接口用它', 'Begins with a capital; the API uses it'],
  codeBad: ['用二到十二个大写字母或数字', 'Two to twelve capitals or digits'],

  records: ['记录', 'Records'],
  add: ['登记', 'Add'],
  adding: ['新登记', 'New record'],
  noneSo: [(q: string) => `没有编号含“${q}”的`, (q: string) => `No number holds “${q}”`],
  onlyFirst: [(n: number) => `只列前 ${n} 条，其余按编号查找`, (n: number) => `Only the first ${n}; look for others by number`],
  none: ['名下还没有登记', 'Nothing entered yet'],
  kind: ['种类', 'Kind'],
  number: ['编号', 'Number'],
  since: ['起始日', 'Since'],
  note: ['备注', 'Note'],
  must: ['必填', 'Required'],
  fields: ['字段', 'Fields'],
  ended: [(n: number) => `已结束 ${n} 项`, (n: number) => `${n} ended`],
  endedOn: [(d: string) => `${d} 结束`, (d: string) => `ended ${d}`],
  move: ['转给别的客户', 'Give to another customer'],
  moveTo: ['转给', 'Give to'],
  end: ['结束', 'End'],
  endTitle: [(n: string) => `结束 ${n}`, (n: string) => `End ${n}`],
  endAt: ['从哪天起', 'From'],
  reopen: ['恢复', 'Reopen'],
  added: [(n: string) => `已登记 ${n}`, (n: string) => `Added ${n}`],
  saved: [(n: string) => `已保存 ${n}`, (n: string) => `Saved ${n}`],
  moved: [(n: string) => `已转出 ${n}`, (n: string) => `Moved ${n}`],
  endedNow: [(n: string) => `已结束 ${n}`, (n: string) => `Ended ${n}`],
  reopened: [(n: string) => `已恢复 ${n}`, (n: string) => `Reopened ${n}`],
})

type Detail = Record<string, unknown>
const kind = (d: Detail) => nameOf({ name: String(d.kind ?? ''), nameEn: String(d.kindEn ?? '') })

/** What the time line says. */
export const eventWords = words({
  'record.added': [(d: Detail) => `登记${kind(d)}`, (d: Detail) => `${kind(d)} added`],
  'record.changed': [(d: Detail) => `修改${kind(d)}`, (d: Detail) => `${kind(d)} changed`],
  'record.moved': [
    (d: Detail) => (d.to ? `${kind(d)}转给别的客户` : `${kind(d)}从别的客户转来`),
    (d: Detail) => (d.to ? `${kind(d)} given to another customer` : `${kind(d)} came from another customer`),
  ],
  'record.ended': [(d: Detail) => `${kind(d)}结束`, (d: Detail) => `${kind(d)} ended`],
  'record.reopened': [(d: Detail) => `${kind(d)}恢复`, (d: Detail) => `${kind(d)} reopened`],
})

enterRefusals({
  'record.not_found': ['没有这条记录，或您无权查看', 'No such record, or you may not see it'],
  'record.changed_meanwhile': ['别人刚改过，两边的内容列在上面，选好再保存', 'Someone changed it meanwhile; compare above, then save'],
  'record.number_taken': ['这个编号已登记在某位客户名下', 'A customer has this number already'],
  'record.number_missing': ['编号不能只有空格', 'The number is empty'],
  'record.ext_taken': ['这个外部编号已有记录在用', 'Another record has this external id'],
  'record.ext_other': ['这条记录另有外部编号', 'The record has another external id'],
  'record.kind_fixed': ['记录的种类不能改', 'The kind of a record stays'],
  'record.customer_missing': ['写明是哪位客户的', 'Say whose it is'],
  'record.field_invalid': [f => refusedField(f), f => refusedField(f)],
  'record.ended_already': ['已经结束了', 'It has ended already'],
  'record.ended_before_it_began': ['结束不能早于起始日', 'It cannot end before it began'],
  'record_kind.not_found': ['没有这个记录种类', 'No such record kind'],
  'record_kind.retired': [f => `“${f.name}”已停用`, f => `${f.name} is retired`],
  'form.field_twice': [f => `“${f.label}”的标识与别的字段相同`, f => `The key of ${f.label} is used twice`],
  'form.options_missing': [f => `“${f.label}”要有选项`, f => `${f.label} needs options`],
  'form.option_twice': [f => `“${f.label}”有两个相同的选项`, f => `${f.label} has an option twice`],
})
