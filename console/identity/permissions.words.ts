import type { PermissionName, Scope } from '#contract/identity.ts'
import { words } from '../kit/words.ts'

/** What each permission allows, in a few words. */
export const permissionWords = words({
  'identity:read': ['查看角色', 'See roles'],
  'identity:configure': ['管理人员、角色与登录', 'Manage people, roles and sign-in'],
  'audit:read': ['查看审计', 'Read the audit'],
  'customer:read': ['查看客户', 'See customers'],
  'customer:write': ['新建和修改客户', 'Add and change customers'],
  'customer:reveal': ['查看完整号码', 'Look at full numbers'],
  'interaction:read': ['查看联系记录', 'See contacts'],
  'interaction:configure': ['设置联系原因与结果', 'Set up reasons and outcomes'],
  'conversation:read': ['查看会话', 'See conversations'],
  'conversation:write': ['回复会话', 'Answer conversations'],
  'conversation:supervise': ['旁听和接管会话', 'Look in and take over'],
  'conversation:configure': ['设置聊天窗口与常用语', 'Set up widgets and canned answers'],
  'routing:work': ['接待客户', 'Take contacts'],
  'routing:supervise': ['调度坐席与排队', 'Direct agents and queues'],
  'routing:configure': ['设置队列与技能', 'Set up queues and skills'],
  'ticket:read': ['查看工单', 'See tickets'],
  'ticket:open': ['开单', 'Open tickets'],
  'ticket:dispatch': ['派单', 'Dispatch tickets'],
  'ticket:handle': ['处理工单', 'Handle tickets'],
  'ticket:close': ['办结和重开', 'Close and reopen'],
  'ticket:configure': ['设置工单类型与分类', 'Set up kinds and categories'],
  'task:read': ['查看任务', 'See tasks'],
  'task:write': ['新建和办理任务', 'Add and finish tasks'],
  'survey:read': ['查看评价', 'See ratings'],
  'survey:configure': ['设置低分挽回', 'Set up win-back'],
  'house:operate': ['处理系统故障', 'Look after failures'],
  'insight:read': ['查看看板与报表', 'See wallboard and figures'],
  'calendar:configure': ['设置工作日历', 'Set up calendars'],
  'sample:simulate': ['开关模拟客户', 'Run simulated customers'],
} satisfies Record<PermissionName, readonly [string, string]>)

const nouns = words({
  identity: ['组织与安全', 'Organisation and security'],
  audit: ['组织与安全', 'Organisation and security'],
  house: ['组织与安全', 'Organisation and security'],
  calendar: ['组织与安全', 'Organisation and security'],
  sample: ['组织与安全', 'Organisation and security'],
  customer: ['客户', 'Customers'],
  interaction: ['联系与会话', 'Contacts and conversations'],
  conversation: ['联系与会话', 'Contacts and conversations'],
  routing: ['接入与路由', 'Routing'],
  ticket: ['工单与任务', 'Tickets and tasks'],
  task: ['工单与任务', 'Tickets and tasks'],
  survey: ['评价与报表', 'Ratings and figures'],
  insight: ['评价与报表', 'Ratings and figures'],
})
const said: Record<string, string> = permissionWords
const groups: Record<string, string> = nouns

export const permissionWord = (permission: unknown): string => said[String(permission)] ?? String(permission)
/** The business a permission belongs to; a new one without a word stands under its own name. */
export const groupOf = (permission: string): string => {
  const noun = permission.slice(0, permission.indexOf(':'))
  return groups[noun] ?? noun
}

export const scopeWords = words({
  own: ['本人', 'Own'],
  team: ['本班组', 'Team'],
  department: ['本部门', 'Department'],
  all: ['全部', 'All'],
} satisfies Record<Scope, readonly [string, string]>)
