import { words } from '../../kit/words.ts'

export const m = words({
  masking: ['号码和敏感信息', 'Sensitive fields'],
  hint: ['每个角色看到什么，改了立即生效', 'What each role sees; a change holds at once'],
  role: ['角色', 'Role'],
  phone: ['电话', 'Phone'],
  email: ['邮箱', 'E-mail'],
  wechat: ['微信', 'WeChat'],
  address: ['地址', 'Address'],
  shown: ['显示', 'Shown'],
  masked: ['遮住', 'Masked'],
  hidden: ['不显示', 'Hidden'],
  unseen: ['看不到', 'Not seen'],
  unseenHint: ['这个角色看不到这个字段，在字段设置里改', 'This role does not see the field at all; its settings say so'],
  unseenLong: ['字段设置里没有给这个角色看，这里不用再遮', 'The settings of the field leave this role out, so there is nothing to mask'],
  toFields: ['去字段设置', 'To the field settings'],
  shownLong: ['完整显示，不记录谁看过', 'In full; nobody records who looked'],
  maskedLong: [
    '只露头尾，有权限的人点一下看完整，每次都记录',
    'Beginning and end; whoever may reveal sees it in full at a click, and every look is recorded',
  ],
  hiddenLong: ['看不到也不能改', 'Neither seen nor changed'],
  everywhere: ['页面、列表、查找、来电、接口、导出都按这里。', 'It holds on pages, in lists, finding, calls, the API and exports.'],
  askWhy: ['查看完整内容时要填原因', 'A look at a masked value asks why'],
  askWhyHint: ['不填原因也会记录谁、什么时候、看了谁的什么', 'Who looked at what of whom, and when, is recorded either way'],
  ownFields: [
    '自有字段只有文字可以遮住；哪些角色看得到，在字段设置里定',
    'Of own fields only texts can be masked; which roles see one at all is said in its settings',
  ],
  history: ['修改记录', 'History'],
  cell: [(role: string, field: string) => `${role} ${field}`, (role: string, field: string) => `${role} ${field}`],
  saved: [
    (role: string, field: string, how: string) => `${role}：${field}${how}`,
    (role: string, field: string, how: string) => `${role}: ${field} ${how.toLowerCase()}`,
  ],
})
