import { enterRefusals, words } from '../kit/words.ts'

const clock = (until: unknown) => (typeof until === 'string' ? new Date(until).toTimeString().slice(0, 5) : '')

export const w = words({
  title: ['登录', 'Sign in'], login: ['登录名', 'Login name'], password: ['密码', 'Password'], organisation: ['机构代号', 'Organisation'], organisationHint: ['例如 qingyuan，向管理员询问', 'Such as qingyuan; ask your administrator'],
  enter: ['登录', 'Sign in'], sample: ['样例账号，点一下即可登录', 'Sample accounts, one click signs in'], slogan: ['每一个声音都有回答', 'Every voice gets an answer'],
  sloganMore: ['电话、网页、微信，同一张工作台；工单跨部门，一路跟到底；每一次都比上一次更好。', 'Phone, web and WeChat on one desk. Work orders across departments, tracked to the end. Better each time.'], language: ['English', '中文'],
  needLogin: ['填写登录名', 'Enter your login name'], needPassword: ['填写密码', 'Enter your password'], version: ['版本', 'Version'], caps: ['大写锁定已打开', 'Caps lock is on'],
  setUp: ['建立第一个机构', 'Set up the first organisation'], setUpMore: ['数据库是空的。填好这一页，就有了机构和管理员，马上可以登录。', 'The database is empty. Fill in this page and there is an organisation with its administrator.'],
  orgName: ['机构名称', 'Name of the organisation'], slug: ['机构代号', 'Short name'], slugHint: ['小写字母、数字和连字符，登录和接口里用', 'Lower-case letters, digits and hyphens; used to sign in and in the API'],
  zone: ['时区', 'Time zone'], adminName: ['管理员姓名', 'Administrator’s name'], passwordHint: ['至少 8 位，不能和登录名相同', 'At least 8 characters, not the login name'], create: ['建立', 'Set up'], needed: ['必填', 'Required'], slugBad: ['只能用小写字母、数字和连字符', 'Only lower-case letters, digits and hyphens'], loginBad: ['小写字母、数字和 . _ @ -，至少 2 位', 'Lower-case letters, digits and . _ @ -, at least 2'], short: ['至少 8 位', 'At least 8 characters'],
})

enterRefusals({
  'access.wrong_credentials': ['登录名或密码不对', 'Login name or password is wrong'],
  'access.locked': [f => `试错太多，${clock(f.until)} 后再试`, f => `Too many wrong tries, try again after ${clock(f.until)}`],
  'access.too_many_attempts': ['这个地址试得太快，稍等几秒', 'Too many tries from this address, wait a few seconds'],
  'password.like_login': ['密码不能和登录名相同', 'The password must differ from the login name'],
  'password.too_common': ['这个密码太常见，换一个', 'This password is too common, choose another'],
  'password.wrong': ['现在的密码不对', 'The current password is wrong'],
  'person.not_found': ['没有这个人', 'No such person'], 'person.login_taken': ['这个登录名已有人用', 'This login name is taken'], 'person.is_you': ['不能停用自己', 'You cannot retire yourself'],
  'person.last_administrator': ['至少要留一位管理员', 'One administrator must remain'], 'person.team_elsewhere': ['班组不在这个部门', 'The team belongs to another department'],
  'role.not_found': ['没有这个角色', 'No such role'], 'team.not_found': ['没有这个班组', 'No such team'], 'session.not_found': ['这个登录已经结束', 'That session is over'],
  'department.not_found': ['没有这个部门', 'No such department'], 'department.below_itself': ['部门不能归在自己下面', 'A department cannot stand below itself'],
  'calendar.not_found': ['没有这个日历', 'No such calendar'], 'calendar.timezone_unknown': ['不认识这个时区', 'Unknown time zone'], 'calendar.is_default': ['默认日历不能停用', 'The default calendar cannot be retired'], 'calendar.never_open': ['这个日历没有一天营业', 'This calendar is never open'],
  'tenant.not_found': ['没有这个机构', 'No such organisation'], 'tenant.slug_taken': ['这个代号已有人用', 'This short name is taken'], 'tenant.already_set_up': ['已经建立过，直接登录即可', 'Already set up, just sign in'],
})
