import type { FoundBy } from '#contract/finding.ts'
import { words } from '../../kit/words.ts'

export const w = words({
  number: ['户号', 'Number'],
  phone: ['电话', 'Phone'],
  lastFour: ['电话尾号', 'Phone ends in'],
  email: ['邮箱', 'E-mail'],
  wechat: ['微信', 'WeChat'],
  extId: ['外部编号', 'External id'],
  name: ['姓名', 'Name'],
  pinyin: ['拼音', 'Pinyin'],
  address: ['地址', 'Address'],
  record: ['编号', 'Number'],
  leftAlone: ['免打扰', 'Do not disturb'],
  leftAloneFor: ['客户或号码要求免打扰，拨打前先看联系意愿', 'They or their number are left alone: look at their wishes before calling'],
  hint: ['姓名、拼音、户号、电话尾号、地址、表号', 'Name, pinyin, number, phone, address'],
  nobody: ['没有找到', 'Nobody found'],
  nobodyHint: ['换拼音首字母、电话末四位或表号试试', 'Try initials, the last four digits of the phone or a meter number'],
})
export const byWord = (by: FoundBy): string => w[by]
