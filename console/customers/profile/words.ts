import type { z } from 'zod'
import type { Relation, RelationKind } from '#contract/profile.ts'
import { words } from '../../kit/words.ts'

export const w = words({
  add: ['添加', 'Add'],
  addPhone: ['电话', 'Phone'],
  addEmail: ['邮箱', 'E-mail'],
  addWechat: ['微信', 'WeChat'],
  addAddress: ['地址', 'Address'],
  more: [(what: string) => `${what} 的操作`, (what: string) => `Actions for ${what}`],
  wechat: ['微信', 'WeChat'],
  web: ['网站账号', 'Site account'],
  main: ['主', 'Main'],
  mainLong: ['设为主用', 'Make it the main one'],
  mainHint: ['先用这一个', 'Used first'],
  label: ['用途', 'Used for'],
  labelHint: ['住宅、单位、财务', 'Home, work, accounts'],
  labels: ['手机 住宅 单位 财务 亲属', 'Mobile Home Work Accounts Family'],
  relabel: ['改用途', 'Change what it is for'],
  remove: ['移除', 'Remove'],
  removed: [(what: string) => `已移除 ${what}`, (what: string) => `Removed ${what}`],
  removeWay: [(v: string) => `移除 ${v}`, (v: string) => `Remove ${v}`],
  removeWayText: ['以后来电来信不再凭它认出这位客户。', 'The customer is no longer recognised by it.'],
  removeAddressText: ['您看不到完整地址，移除后不能撤销。', 'You do not see it in full, so it cannot be put back.'],
  keep: ['保留', 'Keep it'],
  valuePhone: ['电话号码', 'Phone number'],
  valueEmail: ['邮箱地址', 'E-mail address'],
  valueWechat: ['微信号', 'WeChat id'],
  phoneHint: ['固定电话带区号', 'Landlines with their area code'],
  badWechat: ['字母、数字、横线', 'Letters, digits and dashes'],
  added: [(what: string) => `已添加${what}`, (what: string) => `Added: ${what}`],
  saved: ['已保存', 'Saved'],

  address: ['地址', 'Address'],
  newAddress: ['添加地址', 'Add an address'],
  editAddress: ['修改地址', 'Change the address'],
  paste: ['粘贴整条地址', 'Paste a whole address'],
  pasteHint: ['浙江省杭州市滨江区长河街道江南大道 1 号 310051', 'Province, city, district, street, number, post code'],
  pasteHelp: ['自动拆成下面几项，核对后保存', 'It is split into the parts below; check them'],
  province: ['省', 'Province'],
  city: ['市', 'City'],
  district: ['区县', 'District'],
  street: ['街道乡镇', 'Township'],
  detail: ['详细地址', 'Road, building, room'],
  detailHint: ['路、号、幢、单元、室', 'Road, number, building, unit, room'],
  postCode: ['邮编', 'Post code'],
  badPostCode: ['国内邮编是 6 位数字', 'In China it has six digits'],
  needed: ['至少填一项', 'Something is needed here'],
  gone: ['这条地址刚被别人移除', 'Someone has just removed this address'],

  relations: ['关系', 'Relations'],
  contactsOf: ['联系人与关系', 'Relations'],
  relate: ['添加关系', 'Add a relation'],
  noRelations: ['还没有登记关系', 'No relations yet'],
  who: ['对方', 'The other'],
  whatIs: ['对方是', 'The other is'],
  role: ['角色', 'Role'],
  roleHint: ['财务、工程、配偶、子女', 'Accounts, works, spouse, child'],
  must: ['必填', 'Required'],
  mainContact: ['主联系人，有事先找', 'Main contact, asked first'],
  makeMainContact: ['设为主联系人', 'Make the main contact'],
  changeRole: ['改角色', 'Change the role'],
  unrelated: [(n: string) => `已解除与 ${n} 的关系`, (n: string) => `Relation with ${n} ended`],
  related: [(n: string) => `已关联 ${n}`, (n: string) => `Related with ${n}`],

  owner: ['负责人', 'Owner'],
  carers: ['协同', 'Care team'],
  nobodyYet: ['未指定', 'Nobody yet'],
  team: ['负责人与协同', 'Owner and care team'],
  changeTeam: ['变更负责人', 'Change owner and care team'],
  carersHint: ['协同的人在“我的客户”里也看得到', 'They find the customer among theirs, too'],

  notes: ['备注', 'Notes'],
  ofFile: ['档案备注', 'In the profile'],
  noNotes: ['还没有备注', 'No notes yet'],
  writeNote: ['写一条备注', 'Write a note'],
  send: ['保存', 'Save'],
  cancel: ['取消', 'Cancel'],
  pin: ['置顶', 'Pin'],
  unpin: ['取消置顶', 'Unpin'],
  pinned: ['已置顶', 'Pinned'],
  change: ['修改', 'Change'],
  changed: ['改过', 'changed'],
  noteRemoved: ['已移除一条备注', 'Note removed'],
  theirs: ['别处改成了', 'Changed elsewhere to'],
  takeTheirs: ['用那一份', 'Take that'],
  keepMine: ['保留我的', 'Keep mine'],
  moreNotes: ['更早的备注', 'Older notes'],

  files: ['文件', 'Files'],
  noFiles: ['还没有文件', 'No files yet'],
  addFile: ['上传文件', 'Upload a file'],
  retry: ['重试', 'Retry'],
  moreFiles: ['更早的文件', 'Older files'],
  mine: ['我的客户', 'My customers'],
  mineHint: ['我负责或协同的', 'Those I am the owner of, or in the care team of'],
})

/** Offered; any other word will do. */
export const labels = () => w.labels.split(' ').map(value => ({ value }))

type Kind = z.output<typeof RelationKind>
/** What the other is to this customer. */
const others: Readonly<Record<`${Kind} ${Relation['side']}`, string>> = words({
  'contact in': ['联系人', 'Contact'],
  'contact out': ['所在单位', 'Organisation'],
  'household in': ['同户', 'Household'],
  'household out': ['同户', 'Household'],
  'subsidiary in': ['下级单位', 'Subsidiary'],
  'subsidiary out': ['上级单位', 'Parent'],
  'other in': ['其他', 'Other'],
  'other out': ['其他', 'Other'],
})
export const otherWord = (kind: Kind, side: Relation['side']): string => others[`${kind} ${side}`]

type Detail = Record<string, unknown>
const kinds = words({ phone: ['电话', 'phone'], email: ['邮箱', 'e-mail'], wechat: ['微信', 'WeChat'], web: ['网站账号', 'site account'] })
const kindOf = (d: Detail) => (d.kind === 'phone' || d.kind === 'email' || d.kind === 'wechat' || d.kind === 'web' ? kinds[d.kind] : '')
const relationOf = (d: Detail) => {
  const key = `${d.kind} ${d.side}`
  return key in others ? others[key as keyof typeof others] : ''
}
const pick = (d: Detail, said: Readonly<Record<string, string>>) => said[String(d.act)] ?? ''

/** What the time line says about each. */
export const eventWords = words({
  'customer.reach_changed': [
    (d: Detail) => `${kindOf(d)}${pick(d, { labelled: '改了用途', main: '设为主用', removed: '被移除' })}`,
    (d: Detail) => `${kindOf(d)} ${pick(d, { labelled: 'used for something else', main: 'made the main one', removed: 'removed' })}`,
  ],
  'customer.address_changed': [
    (d: Detail) => `${pick(d, { added: '添加', changed: '修改', removed: '移除' })}${d.main ? '主用' : ''}地址`,
    (d: Detail) => `${d.main ? 'Main address' : 'Address'} ${pick(d, { added: 'added', changed: 'changed', removed: 'removed' })}`,
  ],
  'customer.related': [
    (d: Detail) => `${pick(d, { added: '登记', changed: '修改', ended: '解除' })}关系：${relationOf(d)}`,
    (d: Detail) => `Relation ${pick(d, { added: 'added', changed: 'changed', ended: 'ended' })}: ${relationOf(d)}`,
  ],
  'customer.entrusted': [
    (d: Detail) => (d.ownerId === d.wasId ? '变更协同人员' : '变更负责人'),
    (d: Detail) => (d.ownerId === d.wasId ? 'Care team changed' : 'Owner changed'),
  ],
  'customer.noted': [
    (d: Detail) =>
      pick(d, {
        written: '写了备注',
        changed: '修改备注',
        pinned: '置顶备注',
        unpinned: '取消置顶备注',
        removed: '移除备注',
        restored: '恢复备注',
      }),
    (d: Detail) =>
      pick(d, {
        written: 'Note written',
        changed: 'Note changed',
        pinned: 'Note pinned',
        unpinned: 'Note unpinned',
        removed: 'Note removed',
        restored: 'Note brought back',
      }),
  ],
  'customer.filed': [
    (d: Detail) => pick(d, { added: '存入文件', removed: '移除文件', restored: '恢复文件' }),
    (d: Detail) => pick(d, { added: 'File kept', removed: 'File removed', restored: 'File brought back' }),
  ],
})
