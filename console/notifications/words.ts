import { enterRefusals, words } from '../kit/words.ts'

export const w = words({
  title: ['消息', 'Notifications'],
  unread: [(n: string) => `${n} 条未读消息`, (n: string) => `${n} unread`],
  onlyUnread: ['未读', 'Unread'],
  all: ['全部', 'All'],
  everyKind: ['全部类别', 'Every kind'],
  kind: ['类别', 'Kind'],
  which: ['显示哪些', 'Which to show'],
  markAll: ['全部标为已读', 'Mark all read'],
  markRead: ['标为已读', 'Mark read'],
  markUnread: ['标为未读', 'Mark unread'],
  settings: ['消息设置', 'Settings'],
  desktop: ['开启桌面提醒', 'Desktop alerts'],
  desktopOn: ['桌面提醒已开启', 'Desktop alerts are on'],
  desktopBlocked: [
    '浏览器拦截了桌面提醒，可在地址栏旁的网站设置里改',
    'The browser blocks them; the site settings beside the address change that',
  ],
  noneUnread: ['没有未读消息', 'Nothing unread'],
  noneUnreadHint: ['有人派单、催办或事情超时，会出现在这里', 'What is given to you, urged or overdue shows here'],
  none: ['没有消息', 'Nothing here'],
  seeAll: ['看全部', 'Show all'],
  today: ['今天', 'Today'],
  yesterday: ['昨天', 'Yesterday'],
  close: ['关闭', 'Close'],
})

enterRefusals({
  'notification.not_found': ['这条消息已清除', 'This notification is gone'],
})
