import { type Grants, type Limits, limited, type PermissionName, permissions, type Scope, unscoped } from '#contract/rights.ts'
import { reaches } from '#kernel/access.ts'

const minute = 60_000
const hour = 60 * minute

/** A session nobody uses ends after half a day, and every session after thirty. */
export const sessionRest = 12 * hour
export const sessionLife = 30 * 24 * hour
/** How often using a session is written down. */
export const seenEvery = minute

const tries = 5
/** Every fifth failure locks the login: 5 minutes, then 10, 20 … a day at most. */
export const lockFor = (failed: number): number =>
  failed > 0 && failed % tries === 0 ? Math.min(5 * minute * 2 ** (failed / tries - 1), 24 * hour) : 0

/** Failures are forgotten a day after the last one, once nothing is locked any more. */
export const failuresForgotten = 24 * hour

/** How long a link to set a password opens. */
export const linkLife = 3 * 24 * hour

/** What an organisation asks of a password until it lays down its own rule. */
export const leastLength = 10

// The first entries of every published list of leaked passwords.
const worst = new Set([
  '12345678', '123456789', '1234567890', '11111111', '00000000', '88888888', '66666666', '12341234', '11223344', '87654321', '123123123',
  'password', 'password1', 'passw0rd', 'p@ssw0rd', 'p@ssword', 'qwertyui', 'qwertyuiop', 'qwerty123', '1qaz2wsx', '1q2w3e4r', 'q1w2e3r4',
  'asdfghjk', 'asdfghjkl', 'abcd1234', 'abc12345', 'a1234567', 'aa123456', 'a12345678', 'iloveyou', 'woaini1314', 'woaini520', '5201314520',
  'admin123', 'admin1234', 'administrator', 'letmein1', 'welcome1', 'sunshine', 'princess', 'football', 'baseball', 'superman', 'trustno1',
]) // biome-ignore format: a list of words
// A word of these with figures and signs around it is the first thing that is tried.
const stems = new Set([
  'password', 'passwort', 'passw', 'qwerty', 'qwertyuiop', 'asdfgh', 'asdfghjkl', 'zxcvbn', 'zxcvbnm', 'admin', 'administrator', 'root', 'welcome',
  'letmein', 'iloveyou', 'woaini', 'huiyin', 'abc', 'abcd', 'abcde', 'abcdef', 'test', 'login', 'user', 'guest', 'changeme', 'default', 'kefu', 'mima',
]) // biome-ignore format: a list of words
const runs = ['abcdefghijklmnopqrstuvwxyz', '01234567890123456789', 'qwertyuiopasdfghjklzxcvbnm']
const backwards = (text: string) => [...text].reverse().join('')

type PasswordFault = 'password.like_login' | 'password.like_name' | 'password.too_common' | 'password.too_short'

/** Why this password will not do; null when it will. */
export function passwordFault(
  password: string,
  { login, name = '' }: { login: string; name?: string },
  least = leastLength,
): PasswordFault | null {
  const plain = password.toLowerCase()
  if (plain === login || plain === backwards(login) || plain === login + login) return 'password.like_login'
  const called = name.toLowerCase().replaceAll(/\s/g, '')
  if (called !== '' && plain.replaceAll(/[\s\d]/g, '') === called) return 'password.like_name'
  const isDateOrNumber = /^\d{1,11}$/.test(plain)
  if (
    isDateOrNumber ||
    worst.has(plain) ||
    new Set(plain).size < 3 ||
    isRun(plain) ||
    stems.has(plain.replaceAll(/^[^a-z]+|[^a-z]+$/g, ''))
  )
    return 'password.too_common'
  return [...password].length < least ? 'password.too_short' : null
}
const isRun = (plain: string) => plain.length > 3 && runs.some(run => run.includes(plain) || backwards(run).includes(plain))

export type RoleCode = 'agent' | 'lead' | 'handler' | 'supervisor' | 'admin'

export const allGrants: Record<string, Scope> = Object.fromEntries(permissions.map(permission => [permission, 'all']))

const desk: Grants = {
  'customer:read': 'all',
  'customer:write': 'all',
  'customer:reveal': 'all',
  'conversation:write': 'own',
  'routing:work': 'own',
  'voice:call': 'own',
  'ticket:read': 'all',
  'ticket:open': 'all',
}

/** What an organisation begins with; the role editor may change all but the administrator. */
export const firstRoles: Record<RoleCode, { name: string; nameEn: string; grants: Grants }> = {
  agent: {
    name: '坐席',
    nameEn: 'Agent',
    grants: {
      ...desk,
      'interaction:read': 'own',
      'voice:read': 'own',
      'voice:listen': 'own',
      'conversation:read': 'own',
      'ticket:dispatch': 'own',
      'ticket:close': 'own',
      'need:read': 'all',
      'need:write': 'own',
      'opportunity:read': 'own',
      'opportunity:write': 'own',
      'document:read': 'own',
      'document:write': 'own',
      'task:read': 'own',
      'task:write': 'own',
      'approval:read': 'own',
      'approval:ask': 'own',
      'approval:decide': 'own',
    },
  },
  lead: {
    name: '班长',
    nameEn: 'Team lead',
    grants: {
      ...desk,
      'identity:read': 'team',
      'interaction:read': 'team',
      'voice:read': 'team',
      'voice:listen': 'team',
      'voice:supervise': 'team',
      'conversation:read': 'team',
      'conversation:supervise': 'team',
      'message:read': 'team',
      'routing:supervise': 'team',
      'ticket:dispatch': 'all',
      'ticket:close': 'all',
      'document:read': 'team',
      'document:write': 'team',
      'task:read': 'team',
      'task:write': 'team',
      'approval:read': 'team',
      'approval:ask': 'own',
      'approval:decide': 'own',
      'survey:read': 'team',
      'insight:read': 'team',
      'rule:read': 'all',
      'need:read': 'all',
      'need:write': 'team',
      'need:decide': 'team',
      'opportunity:read': 'team',
      'opportunity:write': 'team',
      'improvement:read': 'team',
      'improvement:write': 'team',
      'account:read': 'team',
      'account:write': 'team',
    },
  },
  handler: {
    name: '处理部门',
    nameEn: 'Field department',
    grants: {
      'customer:read': 'all',
      'customer:reveal': 'all',
      'ticket:read': 'department',
      'ticket:handle': 'department',
      'need:read': 'department',
      'need:write': 'department',
      'need:decide': 'department',
      'task:read': 'own',
      'task:write': 'own',
      'approval:read': 'own',
      'approval:ask': 'own',
      'approval:decide': 'own',
    },
  },
  supervisor: {
    name: '主管',
    nameEn: 'Supervisor',
    grants: allBut(
      'identity:configure',
      'identity:export',
      'customer:privacy',
      'audit:read',
      'audit:export',
      'sample:simulate',
      'receivable:write',
    ),
  },
  admin: { name: '管理员', nameEn: 'Administrator', grants: allBut() },
}

function allBut(...kept: PermissionName[]): Grants {
  return Object.fromEntries(permissions.filter(p => !kept.includes(p)).map(p => [p, 'all']))
}

type Place = { departmentId: string | null; teamId: string | null }
type Held = Place & { grants: Record<string, Scope> }

/** What an API key may: what it was given, as far as its maker may it now. Where the maker reaches only a team or department, a key of another one reaches nothing;
 *  and a right that carries a limit by now is passed on to no key. */
export function keyGrants(key: Held, maker: Held & { limits: Limits }): Record<string, Scope> {
  const kept = permissions.flatMap((permission): [string, Scope][] => {
    const [given, most] = [key.grants[permission], maker.grants[permission]]
    if (given === undefined || most === undefined || limitIn(maker.limits, permission) !== undefined) return []
    if (unscoped.includes(permission)) return [[permission, given]]
    const scope = reaches(most, given) ? given : most
    const elsewhere =
      scope !== 'own' &&
      ((most === 'team' && key.teamId !== maker.teamId) || (most === 'department' && key.departmentId !== maker.departmentId))
    return elsewhere ? [] : [[permission, scope]]
  })
  return Object.fromEntries(kept)
}

/** The limit that stands beside a grant of this permission. */
export const limitIn = (limits: Limits, permission: PermissionName): number | undefined =>
  isLimited(permission) ? limits[permission] : undefined
const isLimited = (permission: string): permission is keyof typeof limited => permission in limited

/** Monday to Friday, 9 to 18; what an organisation begins with. */
export const firstWeek = Object.fromEntries([1, 2, 3, 4, 5].map(day => [day, [{ from: 9 * 60, to: 18 * 60 }]]))
