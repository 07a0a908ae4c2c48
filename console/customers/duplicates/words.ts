import type { DuplicateReason } from '#contract/duplicates.ts'
import { enterRefusals, words } from '../../kit/words.ts'

export const w = words({
  title: ['重复识别', 'Duplicates'],
  likely: ['相似的在前', 'Likeliest first'],
  open: ['待处理', 'To decide'],
  dismissed: ['已排除', 'Dismissed'],
  first: ['一份档案', 'One file'],
  second: ['另一份', 'The other'],
  why: ['为什么', 'Why'],
  alike: ['相似', 'Alike'],
  alikeBy: [(n: number) => `相似 ${n}%`, (n: number) => `${n}% alike`],
  compare: ['比对', 'Compare'],
  notSame: ['不是同一人', 'Not the same'],
  maybeSame: ['重新列为重复', 'List again'],
  wasDismissed: [(a: string, b: string) => `已排除 ${a} 与 ${b}`, (a: string, b: string) => `Dismissed ${a} and ${b}`],
  none: ['没有疑似重复的客户', 'No duplicates found'],
  noneHint: ['新建、修改或导入客户后会自动比对', 'Files are compared whenever one is added, changed or imported'],
  noneDismissed: ['没有排除过的', 'None dismissed'],
  dismissKey: ['排除', 'dismiss'],

  mayStand: ['可能已有', 'Perhaps here already'],
  look: ['打开', 'Open'],
  openBeside: ['在新标签页打开，已填的内容还在', 'Opens in a new tab; what you typed stays'],
  mayBe: [(name: string) => `可能与“${name}”的档案重复`, (name: string) => `May be the same customer as ${name}`],
  mayBeSeveral: [(n: number) => `可能与另外 ${n} 份档案重复`, (n: number) => `May be the same customer as ${n} other files`],
  beside: ['并排看', 'Compare'],
  seeThem: ['看一看', 'See them'],
  between: ['，', ', '],

  mergeWith: ['与另一份档案合并', 'Merge with another file'],
  otherFile: ['另一份档案', 'The other file'],
  mergeWithHint: [(name: string) => `先并排比对，看清再并入 ${name}`, (name: string) => `Compared side by side before it is merged into ${name}`],
  mustOther: ['选出另一份档案', 'Choose the other file'],
  more: ['这份档案', 'This file'],

  comparing: ['比对两份档案', 'Compare two files'],
  kept: ['保留', 'Kept'],
  gone: ['并入', 'Merged in'],
  swap: ['交换', 'Swap'],
  choose: ['两边不同，选一个', 'They differ: choose one'],
  both: ['两段都留', 'Keep both'],
  result: ['合并后', 'Afterwards'],
  keepsAll: ['标签、号码、地址、关系和往来都会保留；合并后可以拆开。', 'Tags, numbers, addresses, relations and history are all kept. It can be taken apart again.'],
  strict: ['拒绝与勿扰取更严的一方', 'Refusals and do-not-disturb: the stricter one counts'],
  merge: ['合并', 'Merge'],
  merged: [(n: string) => `已并入 ${n}`, (n: string) => `Merged into ${n}`],
  noMerge: ['您可以比对；合并请找主管', 'You may compare; merging is up to a supervisor'],
  fresh: ['有一方刚被修改，已换成最新内容，标出的几处再看一眼', 'One was changed meanwhile; the latest is shown, look at what is marked'],
  justChanged: ['刚改', 'Changed'],
  backToPairs: ['返回重复识别', 'Back to duplicates'],
  empty: ['空', 'empty'],

  owner: ['负责人', 'Owner'],
  stage: ['阶段', 'Stage'],
  identities: ['号码与账号', 'Numbers and accounts'],
  addresses: ['其他地址', 'Other addresses'],
  relations: ['关系', 'Relations'],
  carers: ['协同', 'Care team'],
  records: ['表具与合同', 'Things they have'],
  contacts: ['接触', 'Contacts'],
  tickets: ['工单', 'Tickets'],
  ratings: ['评价', 'Ratings'],
  refused: ['拒绝的联系', 'Refusals'],
  undisturbed: ['勿扰', 'Do not disturb'],
  yes: ['是', 'Yes'],
  many: ['1000+', '1000+'],

  mergedHere: ['已合并的档案', 'Merged files'],
  by: [(who: string, when: string) => `${who} ${when}合并`, (who: string, when: string) => `merged by ${who} ${when}`],
  parted: [(when: string) => `${when}拆开`, (when: string) => `taken apart ${when}`],
  apart: ['拆开', 'Take apart'],
  apartSure: ['拆开这两份档案？', 'Take these files apart?'],
  apartHow: ['各自恢复原样；合并之后的修改留在这里，也不再提示重复。', 'Each is as it was; what was changed since stays here, and the pair is not shown again.'],
  keepTogether: ['不拆', 'Keep merged'],
  laterFirst: ['先拆开后来合并的', 'The later one comes first'],
  isApart: [(n: string) => `已拆开 ${n}`, (n: string) => `Took ${n} apart`],
  system: ['系统', 'the system'],
}) // biome-ignore format: a table of words

const reasons: Record<DuplicateReason, () => string> = {
  phone: () => r.phone, email: () => r.email, wechat: () => r.wechat, web: () => r.web, code: () => r.code,
  name: () => r.name, said: () => r.said, nearName: () => r.nearName, address: () => r.address, nearAddress: () => r.nearAddress,
} // biome-ignore format: as a table
const r = words({
  phone: ['电话相同', 'same phone'],
  email: ['邮箱相同', 'same e-mail'],
  wechat: ['微信相同', 'same WeChat'],
  web: ['网站账号相同', 'same site account'],
  code: ['编号相同', 'same number'],
  name: ['姓名相同', 'same name'],
  said: ['姓名同音', 'names sound alike'],
  nearName: ['姓名相近', 'similar names'],
  address: ['地址一致', 'same address'],
  nearAddress: ['地址相近', 'similar address'],
})
export const reasonWord = (reason: DuplicateReason): string => reasons[reason]()
export const reasonWords = (all: readonly DuplicateReason[], ...more: string[]): string => [...all.map(reasonWord), ...more].join(w.between)

export const duplicateEventWords = words({
  'customer.merged': [() => '与另一份档案合并', () => 'Merged with another file'],
  'customer.merged_away': [() => '并入另一份档案', () => 'Merged into another file'],
  'customer.parted': [() => '与合并过的档案拆开', () => 'Taken apart from the file merged before'],
})

enterRefusals({
  'merge.one_already': ['这两份已经是同一份档案', 'These are one file already'],
  'merge.changed_meanwhile': ['有一方刚被修改，请再看一遍', 'One was changed meanwhile, look again'],
  'merge.apart_already': ['已经拆开了', 'Taken apart already'],
  'merge.later_first': ['先拆开后来合并的那一份', 'Take the later merging apart first'],
  'merge.not_found': ['没有这次合并，或您无权查看', 'No such merging, or you may not see it'],
  'duplicate.not_found': ['这一对已不再是疑似重复', 'These are no longer a pair'],
  'customer.merged_meanwhile': ['这份档案刚被合并，请在合并后的档案里修改', 'This file was merged meanwhile; change it in the kept one'],
})
