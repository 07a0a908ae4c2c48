import { type NoticeKind, tells } from '#kernel/notices.ts'
import { apiKeyMade, loginLocked, passwordLinkMade, secondFactorOff, signedIn } from './events.ts'

const group = ['账号安全', 'Account'] as const
const elsewhere: NoticeKind = {
  key: 'account.elsewhere',
  group,
  name: ['从新地点登录', 'Sign-in from a new place'],
  says: ['您的账号从新的地点和设备登录：{ip}', 'Your account was signed in to from a new place and device: {ip}'],
  important: true,
  mail: true,
  toDoer: true,
}
const locked: NoticeKind = {
  key: 'account.locked',
  group,
  name: ['登录被锁定', 'Sign-in locked'],
  says: ['您的账号连续 {failed} 次登录失败，已暂时锁定', 'Your account was locked for a while after {failed} failed sign-ins'],
  important: true,
  mail: true,
  toDoer: true,
}
const loosened: NoticeKind = {
  key: 'account.loosened',
  group,
  name: ['他人重设我的密码或二次验证', 'Someone reset my password or second factor'],
  says: ['管理员为您的账号重设了密码或二次验证', 'An administrator reset the password or second factor of your account'],
  important: true,
  mail: true,
}
const keyMade: NoticeKind = {
  key: 'account.key_made',
  group,
  name: ['新建接口密钥', 'API key made'],
  says: ['新建了接口密钥“{name}”', 'The API key “{name}” was made'],
  important: true,
  may: 'identity:configure',
}

const account = '/settings/account'
export const notices = [
  // New is what this person was never seen at: neither the address nor the browser.
  tells(signedIn, elsewhere, async (ctx, { about, detail }) => {
    const sessions = await ctx.db
      .selectFrom('identity.session')
      .select(['id', 'ip', 'userAgent'])
      .where('personId', '=', about)
      .orderBy('id', 'desc')
      .limit(200)
      .execute()
    const now = sessions.find(s => s.id === detail.sessionId)
    const before = sessions.filter(s => s.id < detail.sessionId)
    if (!now || before.length === 0 || before.some(s => s.ip === now.ip || s.userAgent === now.userAgent)) return null
    return { to: { people: [about] }, link: account, facts: { ip: now.ip } }
  }),
  tells(loginLocked, locked, async (_, { about, detail }) => ({
    to: { people: [about] },
    link: account,
    facts: { failed: detail.failed },
  })),
  tells(passwordLinkMade, loosened, async (_, { about }) => ({ to: { people: [about] }, link: account })),
  tells(secondFactorOff, loosened, async (_, { about }) => ({ to: { people: [about] }, link: account })),
  tells(apiKeyMade, keyMade, async (_, { detail }) => ({
    to: { holders: true },
    link: '/settings/api-keys',
    facts: { name: detail.name },
  })),
]
