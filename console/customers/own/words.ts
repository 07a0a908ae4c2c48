import type { TextPattern } from '#contract/forms.ts'
import { refusedField } from '../../kit/fieldWords.ts'
import { enterRefusals, words } from '../../kit/words.ts'

export const w = words({
  fields: ['客户自有字段', 'Customer fields'],
  hint: [
    '档案里本单位自己的栏目；可限定哪些角色看、哪些角色填',
    'Fields of your own in the customer’s file; who sees and fills them goes by role',
  ],
  adding: ['新建客户字段', 'New customer field'],
  none: ['还没有自有字段', 'No fields of your own yet'],
  noneHint: ['加一个，如“家庭人口”，客户页上就能填', 'Add one, such as Household size, to fill it in on the customer page'],
  label: ['名称', 'Name'],
  type: ['类型', 'Type'],
  key: ['标识', 'Key'],
  keyHint: ['接口、导出和规则用它，建好后不变', 'For the API, exports and rules; it stays as it is'],
  keyBad: ['小写字母开头，只用字母和数字', 'Begins with a small letter; letters and digits only'],
  min: ['最小', 'At least'],
  max: ['最大', 'At most'],
  longest: ['最多字数', 'Longest'],
  pattern: ['格式', 'Looks like'],
  anyPattern: ['不限', 'Anything'],
  seenBy: ['谁能看', 'Seen by'],
  seenByHint: ['不选：能看客户的人都能看', 'None: everybody who may read the customer'],
  writtenBy: ['谁能填', 'Filled in by'],
  writtenByHint: ['不选：能看又能改客户的人都能填', 'None: everybody who sees it and may change the customer'],
  everyone: ['所有角色', 'Every role'],
  openToKeys: ['限定角色时，接口密钥也能读写', 'API keys read and write it, though roles are named'],

  panel: ['更多资料', 'More about them'],
  edit: ['填写', 'Fill in'],
  editing: [(n: string) => `${n} 的更多资料`, (n: string) => `More about ${n}`],
  empty: ['还没有填写', 'Nothing filled in yet'],
  saved: ['已保存', 'Saved'],
  values: ['字段', 'Fields'],
})

const patterns = words({
  digits: ['数字', 'Digits'],
  code: ['字母、数字和连字符', 'Letters, digits, hyphens'],
  plate: ['车牌', 'Number plate'],
  idCard: ['居民身份证', 'Identity card'],
  creditCode: ['统一社会信用代码', 'Social credit code'],
  email: ['邮箱', 'E-mail'],
})
export const patternWord = (pattern: TextPattern): string => patterns[pattern]

enterRefusals({
  'own_field.in_use': [
    f => `“${f.label}”还用在：${f.by}。先从那里去掉，否则“不是”“为空”会对所有人成立`,
    f => `${f.label} is still asked about by ${f.by}. Take it out there first, or “is not” and “empty” would hold for everybody`,
  ],
  'own_field.fixed': ['标识和类型建好后不能改，停用后另建一个', 'Key and type stay; retire it and add another'],
  'own_field.bounds': [f => `“${f.label}”的最小大于最大`, f => `${f.label}: at least is above at most`],
  'customer.field_invalid': [f => refusedField(f), f => refusedField(f)],
  'customer.field_closed': [f => `“${f.label}”不由您的角色填写`, f => `Your role does not fill in ${f.label}`],
  'customer.name_missing': ['新客户要有姓名', 'A new customer needs a name'],
  'customer.identity_missing': [
    '要有外部编号或户号，否则重复提交会多出一位',
    'It needs an external id or a number, or a repeated call would add it twice',
  ],
  'customer.number_fixed': ['户号不能改', 'The number stays'],
  'customer.ext_taken': ['这个外部编号是另一位客户的', 'Another customer has this external id'],
  'customer.ext_other': ['这个户号的客户有别的外部编号', 'The customer of this number has another external id'],
  'customer.feed_begin_again': ['数据恢复过，请从头读起', 'The data was restored: begin from the start'],
  'customer.feed_sees_all': ['变更流只给能看全部客户的密钥', 'The feed is for those who see every customer'],
})
