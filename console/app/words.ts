import { enterRefusals, words } from '../kit/words.ts'

export const w = words({
  desk: ['工作台', 'Desk'], customers: ['客户', 'Customers'], tickets: ['工单', 'Tickets'], tasks: ['待办', 'Tasks'], ratings: ['满意度', 'Ratings'], wallboard: ['监控', 'Wallboard'], settings: ['设置', 'Settings'],
  skip: ['跳到内容', 'Skip to content'], navigation: ['主导航', 'Main navigation'], seek: ['搜索客户、工单、命令', 'Search customers, tickets, commands'], seekLabel: ['搜索', 'Search'],
  live: ['实时', 'Live'], mending: ['正在重连', 'Reconnecting'], mendingHint: ['草稿已存本机，连上后自动补齐', 'Drafts are kept here; what you missed comes by itself'], broken: ['已断开', 'Disconnected'], reconnect: ['立即重连', 'Reconnect now'],
  language: ['English', '中文'], light: ['浅色', 'Light'], dark: ['深色', 'Dark'], system: ['跟随系统', 'As the system'], signOut: ['退出登录', 'Sign out'], account: ['账号', 'Account'],
  pages: ['页面', 'Page'], commands: ['命令', 'Command'], customer: ['客户', 'Customer'], ticket: ['工单', 'Ticket'], nothing: ['没有找到', 'Nothing found'], nothingHint: ['换一个名字、号码或编号', 'Try another name or number'],
  noPage: ['没有这个页面', 'No such page'], noPageHint: ['地址可能已经变了', 'Its address may have changed'], noRight: ['您没有打开这个页面的权限', 'You may not open this page'], noRightHint: ['向管理员申请，或回到工作台', 'Ask an administrator, or go back to your desk'], back: ['回到首页', 'Back to start'],
  crashed: ['这一页出了错', 'This page failed'], crashedHint: ['其余部分照常工作', 'Everything else still works'], reload: ['重新打开', 'Open again'], updated: ['回音已更新，重新打开即可', 'Huiyin was updated; open again'],
  more: [(n: number) => `本页 ${n} 条，之后还有更多`, (n: number) => `${n} on this page, more follow`], end: [(n: number) => `共 ${n} 条`, (n: number) => `${n} in all`], page: [(n: number) => `本页 ${n} 条`, (n: number) => `${n} on this page`], next: ['下一页', 'Next'], before: ['上一页', 'Back'],
})

enterRefusals({
  'network.away': ['连不上服务器，内容没有提交，稍后重试', 'The server cannot be reached; nothing was sent, try again'],
  'network.odd': ['服务器的回答看不懂，请刷新', 'The answer could not be read; reload'],
  'server.bug': ['系统内部出错，已记录，请稍后再试', 'Something failed inside; it was recorded, try again later'],
  'server.database_away': ['数据库暂时连不上，几秒后再试', 'The database is away for a moment, try again in a few seconds'],
  'access.sign_in': ['登录已过期，请重新登录', 'Your session has ended, sign in again'],
  'access.denied': [f => `没有权限（${f.permission}）`, f => `You may not do this (${f.permission})`],
  'access.csrf': ['页面已过期，请刷新后再试', 'This page is out of date, reload and try again'],
  'access.tenant_unknown': ['没有这个机构', 'No such organisation'],
  'access.visit_over': ['访问已结束', 'The visit is over'],
  'access.link_invalid': ['链接无效或已过期', 'The link is wrong or has expired'],
  'input.invalid': [f => `有内容不符合要求：${fields(f)}`, f => `Something does not fit: ${fields(f)}`],
  'input.not_json': ['内容不是 JSON', 'Not JSON'],
  'input.not_found': ['没有找到', 'Not found'],
  'input.no_such_address': ['没有这个地址', 'No such address'],
  'input.cursor': ['翻页位置已失效，请回到第一页', 'The place in the list is lost, go back to the first page'],
  'input.too_large': ['内容太大', 'Too large'],
  'input.media_type': ['不支持这种格式', 'This format is not supported'],
  'input.unstorable_text': ['文字里有无法保存的字符', 'The text holds characters that cannot be stored'],
  'input.try_again': ['有人同时在改，请再试一次', 'Someone changed it at the same moment, try again'],
  'catalog.not_found': ['这一项已不存在', 'This entry is gone'],
  'catalog.taken': ['已有同名的一项', 'There is one of that name already'],
  'catalog.unknown_reference': ['引用的项目不存在', 'It refers to something that is not there'],
})

function fields(facts: Record<string, unknown>): string {
  return Array.isArray(facts.fields) ? facts.fields.map(f => String(f.at).replace(/^(body|query)\./, '')).join(', ') : String(facts.says ?? '')
}
