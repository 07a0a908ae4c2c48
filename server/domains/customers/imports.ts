import { NewCustomer, type Tier } from '#contract/customers.ts'
import { customerImports } from '#contract/imports.ts'
import { newId } from '#kernel/ids.ts'
import { listImport, type Values } from '#kernel/imports.ts'
import { customersImported } from './events.ts'
import { searchText } from './finding/words.ts'
import { type Brought, takeCustomers } from './importing.ts'
import { emailAddress, phoneNumber } from './rules.ts'

const fields = {
  name: {
    name: ['姓名', 'Name'],
    required: true,
    titles: ['名称', '客户', '客户姓名', '客户名称', '户名', '用户名称', 'customer', 'full name'],
  },
  number: { name: ['户号', 'Number'], titles: ['编号', '客户编号', '用户编号', '用户号', '账号', 'customer number', 'account', 'no'] },
  phone: { name: ['电话', 'Phone'], titles: ['手机', '手机号', '手机号码', '联系电话', '电话号码', 'mobile', 'telephone', 'tel'] },
  email: { name: ['邮箱', 'E-mail'], titles: ['电子邮箱', '邮件', 'email', 'mail'] },
  kind: { name: ['类别', 'Kind'], titles: ['客户类型', '类型', 'type'] },
  tier: { name: ['等级', 'Tier'], titles: ['客户等级', '级别', 'level'] },
  district: { name: ['片区', 'District'], titles: ['区域', '所属片区', '区', 'area'] },
  address: { name: ['地址', 'Address'], titles: ['用水地址', '住址', '联系地址'] },
  postCode: { name: ['邮编', 'Post code'], titles: ['邮政编码', 'zip', 'postcode'] },
  tags: { name: ['标签', 'Tags'], titles: ['tag'] },
  note: { name: ['备注', 'Note'], titles: ['说明', 'remark', 'notes'] },
} as const
type Key = keyof typeof fields

const tiers: Record<string, (typeof Tier.options)[number]> = {
  普通: 'normal', normal: 'normal', 银卡: 'silver', silver: 'silver', 金卡: 'gold', gold: 'gold', 重点: 'key', key: 'key', vip: 'key',
} // biome-ignore format: a list of words
const kinds: Record<string, 'person' | 'organisation'> = {
  个人: 'person', 居民: 'person', person: 'person', 单位: 'organisation', 企业: 'organisation', organisation: 'organisation', organization: 'organisation', company: 'organisation',
} // biome-ignore format: a list of words

const problems = {
  missing_name: ['缺姓名', 'The name is missing'],
  phone_invalid: ['电话号码不对', 'Not a telephone number'],
  email_invalid: ['邮箱不对', 'Not an e-mail address'],
  kind_unknown: ['类别只能是个人或单位', 'The kind is neither person nor organisation'],
  tier_unknown: ['没有这个等级', 'There is no such tier'],
  too_long: ['有一格太长', 'A cell is too long'],
  twice: ['同一户号、电话或邮箱在表里出现了两次', 'The same number, telephone or e-mail stands in the table twice'],
  there_already: ['已有客户用这个户号、电话或邮箱，跳过了', 'A customer has this number, telephone or e-mail already: skipped'],
  number_taken: ['户号已有客户在用', 'Another customer has this number'],
  ambiguous: ['同一号码有几位客户，分不清是哪一位', 'Several customers share this number or address'],
  not_yours: ['这位客户不在您的权限内', 'This customer is beyond your reach'],
} as const

// Not 179: the library takes that for the code of a carrier.
const mobile = /^1(?:[3-689]\d|7[0-8])\d{8}$/
/** Most of what a Chinese table holds needs no library to be read. */
const phoneOf = (typed: string) => {
  const plain = typed.replaceAll(/[\s-]/g, '')
  return mobile.test(plain) ? `+86${plain}` : phoneNumber(typed)
}

const Form = NewCustomer.shape

/** What a row says, in our own forms. What stands in no column or an empty cell is ''. */
function read(values: Values<Key>): Brought | { wrong: keyof typeof problems } {
  const said = (key: Key) => values[key] ?? ''
  const name = said('name')
  if (name === '') return { wrong: 'missing_name' }
  const phone = said('phone') === '' ? '' : phoneOf(said('phone'))
  if (phone === null) return { wrong: 'phone_invalid' }
  const email = said('email') === '' ? '' : emailAddress(said('email'))
  if (email === null) return { wrong: 'email_invalid' }
  const kind: Brought['kind'] | undefined = said('kind') === '' ? '' : kinds[said('kind').toLowerCase()]
  if (kind === undefined) return { wrong: 'kind_unknown' }
  const tier: Brought['tier'] | undefined = said('tier') === '' ? '' : tiers[said('tier').toLowerCase()]
  if (tier === undefined) return { wrong: 'tier_unknown' }
  const row = {
    id: newId(), name, number: said('number'), phone, phoneTyped: said('phone'), email, kind, tier,
    district: said('district'), address: said('address'), postCode: said('postCode'), note: said('note'),
    tags: said('tags') === '' ? [] : said('tags').split(/[,，、;；]/).map(tag => tag.trim()).filter(Boolean),
  } // biome-ignore format: as a table
  return isLong(row) ? { wrong: 'too_long' } : { ...row, search: searchText(row) }
}

const isLong = (row: Omit<Brought, 'search'>): boolean =>
  !Form.name.safeParse(row.name).success ||
  row.number.length > 40 ||
  row.phoneTyped.length > 40 ||
  row.email.length > 200 ||
  row.address.length > 200 ||
  row.district.length > 60 ||
  row.postCode.length > 12 ||
  row.note.length > 4000 ||
  row.tags.length > 20 ||
  row.tags.some(tag => tag.length > 30)

/** The same customer: by the number; else by the telephone; else by the e-mail. */
const keysOf = (values: Values<Key>): string[] => {
  if (values.number) return [`n${values.number}`]
  const phone = values.phone ? phoneOf(values.phone) : null
  if (phone) return [`p${phone}`]
  const email = values.email ? emailAddress(values.email) : null
  return email ? [`e${email}`] : []
}

export const customerImport = listImport<Key, Brought>({
  noun: 'customers',
  name: ['客户', 'Customer'],
  asks: customerImports,
  fields,
  onMatch: ['skip', 'update', 'new'],
  keysOf,
  read,
  take: takeCustomers,
  over: async (ctx, runId, { made = 0, changed = 0, skipped = 0, failed = 0 }) => {
    await ctx.emit(customersImported, { id: runId }, { made, changed, skipped, failed })
  },
  problems,
})
