import type { Tier } from '#contract/customers.ts'
import { longestNote, NewCustomer } from '#contract/customers.ts'
import type { DateOrder } from '#contract/imports.ts'
import { newId } from '#kernel/ids.ts'
import type { More, Values } from '#kernel/imports.ts'
import { searchText } from '../finding/words.ts'
import { emailAddress, phoneNumber } from '../rules.ts'
import { dayOf } from './days.ts'
import { isMaskedPhone } from './masked.ts'
import { ownKey } from './own.ts'
import { lineOf } from './places.ts'
import type { Brought } from './take.ts'

export const fields = {
  name: {
    name: ['姓名', 'Name'],
    required: true,
    titles: ['名称', '客户', '客户姓名', '客户名称', '户名', '用户名称', 'customer', 'full name'],
  },
  number: { name: ['户号', 'Number'], titles: ['编号', '客户编号', '用户编号', '用户号', '账号', 'customer number', 'account', 'no'] },
  extId: { name: ['外部编号', 'External id'], titles: ['外部ID', '外部系统编号', '系统编号', 'ext id', 'external number', 'foreign id'] },
  phone: { name: ['电话', 'Phone'], titles: ['手机', '手机号', '手机号码', '联系电话', '电话号码', 'mobile', 'telephone', 'tel'] },
  phone2: { name: ['第二电话', 'Second phone'], titles: ['电话2', '手机2', '备用电话', '其他电话', '固定电话', '固话', 'phone 2', 'other phone'] },
  email: { name: ['邮箱', 'E-mail'], titles: ['电子邮箱', '邮件', 'email', 'mail'] },
  kind: { name: ['类别', 'Kind'], titles: ['客户类型', '类型', 'type'] },
  tier: { name: ['等级', 'Tier'], titles: ['客户等级', '级别', 'level'] },
  district: { name: ['片区', 'District'], titles: ['区域', '所属片区', 'area'] },
  address: { name: ['地址', 'Address'], titles: ['用水地址', '住址', '联系地址'] },
  province: { name: ['省', 'Province'], titles: ['省份', '省市自治区', 'state'] },
  city: { name: ['市', 'City'], titles: ['城市', '地市', 'town'] },
  county: { name: ['区县', 'County'], titles: ['区', '县', '县区', '行政区'] },
  street: { name: ['街道', 'Street or township'], titles: ['街道乡镇', '乡镇', '镇', '街道办', 'street', 'township'] },
  detail: { name: ['详细地址', 'House and room'], titles: ['详细', '门牌', '门牌号', '具体地址', 'address detail'] },
  postCode: { name: ['邮编', 'Post code'], titles: ['邮政编码', 'zip', 'postcode'] },
  owner: { name: ['负责人', 'Owner'], titles: ['客户经理', '专员', '负责人账号', 'looked after by', 'account manager'] },
  carers: { name: ['协同', 'Care team'], titles: ['协同人员', '服务团队', '维护人', '协办人', '团队', 'team', 'carers'] },
  since: { name: ['建档日期', 'Since'], isDay: true, titles: ['建档时间', '开户日期', '开户时间', '入网日期', '注册日期', 'opened', 'customer since'] },
  tags: { name: ['标签', 'Tags'], titles: ['tag'] },
  note: { name: ['备注', 'Note'], titles: ['说明', 'remark', 'notes'] },
} as const // biome-ignore format: a field to a line
type Key = keyof typeof fields

export const keys = {
  number: { name: ['户号', 'Number'], fields: ['number'], usual: true },
  extId: { name: ['外部编号', 'External id'], fields: ['extId'], usual: true },
  phone: { name: ['电话', 'Phone'], fields: ['phone'], usual: true },
  email: { name: ['邮箱', 'E-mail'], fields: ['email'], usual: true },
  place: { name: ['姓名和地址', 'Name and address'], fields: ['name', 'address'] },
} as const

const tiers: Record<string, (typeof Tier.options)[number]> = {
  普通: 'normal', normal: 'normal', 银卡: 'silver', silver: 'silver', 金卡: 'gold', gold: 'gold', 重点: 'key', key: 'key', vip: 'key',
} // biome-ignore format: a list of words
const kinds: Record<string, 'person' | 'organisation'> = {
  个人: 'person', 居民: 'person', person: 'person', 单位: 'organisation', 企业: 'organisation', organisation: 'organisation', organization: 'organisation', company: 'organisation',
} // biome-ignore format: a list of words

export const problems = {
  missing_name: ['缺姓名', 'The name is missing'],
  phone_invalid: ['电话号码不对', 'Not a telephone number'],
  phone2_invalid: ['第二电话不对', 'The second phone is no telephone number'],
  masked: ['遮住的内容和档案里的对不上', 'A masked value that does not fit the file'],
  field_hidden: ['有一项不对您的角色显示，不能改', 'A field that is hidden from your role cannot be changed'],
  email_invalid: ['邮箱不对', 'Not an e-mail address'],
  kind_unknown: ['类别只能是个人或单位', 'The kind is neither person nor organisation'],
  tier_unknown: ['没有这个等级', 'There is no such tier'],
  date_invalid: ['建档日期读不出', 'The date cannot be read'],
  date_ambiguous: ['建档日期可以是两天，请选日期的写法', 'The date could be two days; choose how dates are written'],
  owner_unknown: ['没有这位负责人', 'There is no such owner'],
  owner_ambiguous: ['有几位同名的负责人，请写账号', 'Several people have the name of this owner; write the login'],
  owner_not_you: ['只能把客户归在自己名下', 'You can only be the owner yourself'],
  carer_unknown: ['协同里有一位不存在', 'Somebody of the care team does not exist'],
  carer_ambiguous: ['协同里有一位重名，请写账号', 'Several people have a name of the care team; write the login'],
  carer_not_you: ['只能把自己加进协同', 'You can only add yourself to the care team'],
  too_long: ['有一格太长', 'A cell is too long'],
  twice: ['同一位客户在表里出现了两次', 'The same customer stands in the table twice'],
  there_already: ['已有这位客户，跳过了', 'This customer is there already: skipped'],
  number_taken: ['户号已有客户在用', 'Another customer has this number'],
  ext_taken: ['外部编号已有客户在用', 'Another customer has this external id'],
  ambiguous: ['有几位客户都符合，分不清是哪一位', 'Several customers fit; it is not clear which'],
  not_yours: ['这位客户不在您的权限内', 'This customer is beyond your reach'],
} as const

/** Where what is wrong with a row stands. */
export const wrongIn = {
  missing_name: 'name', phone_invalid: 'phone', phone2_invalid: 'phone2', email_invalid: 'email', kind_unknown: 'kind', tier_unknown: 'tier',
  date_invalid: 'since', date_ambiguous: 'since', owner_unknown: 'owner', owner_ambiguous: 'owner', owner_not_you: 'owner',
  carer_unknown: 'carers', carer_ambiguous: 'carers', carer_not_you: 'carers', number_taken: 'number', ext_taken: 'extId',
} as const satisfies Partial<Record<keyof typeof problems, Key>> // biome-ignore format: as a table

const Form = NewCustomer.shape

/** What a row says, in our own forms. What stands in no column or an empty cell is ''. */
export function read(values: Values<Key>, dates: DateOrder, more: More): Brought | { wrong: keyof typeof problems } {
  const said = (key: Key) => values[key] ?? ''
  const name = said('name')
  if (name === '') return { wrong: 'missing_name' }
  // What somebody took along masked is told from a wrong number once it is known whose it is.
  const phone = said('phone') === '' || isMaskedPhone(said('phone')) ? said('phone') : phoneNumber(said('phone'))
  if (phone === null) return { wrong: 'phone_invalid' }
  const phone2 = said('phone2') === '' ? '' : phoneNumber(said('phone2'))
  if (phone2 === null) return { wrong: 'phone2_invalid' }
  const email = said('email') === '' ? '' : emailAddress(said('email'))
  if (email === null) return { wrong: 'email_invalid' }
  const kind: Brought['kind'] | undefined = said('kind') === '' ? '' : kinds[said('kind').toLowerCase()]
  if (kind === undefined) return { wrong: 'kind_unknown' }
  const tier: Brought['tier'] | undefined = said('tier') === '' ? '' : tiers[said('tier').toLowerCase()]
  if (tier === undefined) return { wrong: 'tier_unknown' }
  const since = dayOf(said('since'), dates)
  if (typeof since !== 'string') return since
  const place = { province: said('province'), city: said('city'), county: said('county'), street: said('street'), detail: said('detail') }
  const row = {
    id: newId(), name, number: said('number'), extId: said('extId'), phone, phoneTyped: said('phone'),
    phone2: phone2 === phone ? '' : phone2, phone2Typed: said('phone2'), email, kind, tier, since, owner: said('owner'), ownerId: '', carers: listOf(said('carers')), carerIds: [],
    district: said('district'), address: said('address') || lineOf(place), ...place, postCode: said('postCode'), note: said('note'),
    own: Object.fromEntries(Object.entries(more).map(([key, cell]) => [ownKey(key), cell])), fields: {},
    tags: listOf(said('tags')),
  } // biome-ignore format: as a table
  return isLong(row) ? { wrong: 'too_long' } : { ...row, search: searchText(row) }
}

const listOf = (cell: string): string[] =>
  cell === ''
    ? []
    : cell
        .split(/[,，、;；]/)
        .map(word => word.trim())
        .filter(Boolean)

const isLong = (row: Omit<Brought, 'search'>): boolean =>
  !Form.name.safeParse(row.name).success ||
  row.number.length > 40 ||
  row.extId.length > 100 ||
  row.phoneTyped.length > 40 ||
  row.phone2Typed.length > 40 ||
  row.email.length > 200 ||
  row.address.length > 200 ||
  row.province.length > 60 ||
  row.city.length > 60 ||
  row.county.length > 60 ||
  row.street.length > 60 ||
  row.detail.length > 200 ||
  row.district.length > 60 ||
  row.postCode.length > 12 ||
  row.note.length > longestNote ||
  row.carers.length > 20 ||
  row.tags.length > 20 ||
  row.tags.some(tag => tag.length > 30)

/** The same customer, by the first of the chosen keys that the row has a value for. */
export function keysOf(values: Values<Key>, chosen: readonly string[]): string[] {
  for (const key of chosen) {
    const value = keyValue(values, key)
    if (value) return [`${key} ${value}`]
  }
  return []
}
function keyValue(values: Values<Key>, key: string): string | null {
  if (key === 'number' || key === 'extId') return values[key] || null
  if (key === 'phone') return values.phone ? phoneNumber(values.phone) : null
  if (key === 'email') return values.email ? emailAddress(values.email) : null
  if (key !== 'place' || !values.name) return null
  const { province = '', city = '', county = '', street = '', detail = '' } = values
  const line = values.address || lineOf({ province, city, county, street, detail })
  return line && `${values.name} ${line}`
}
