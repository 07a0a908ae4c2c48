import * as z from 'zod'
import { catalog, changeOf, del, get, Id, patch, post, put, Time, Words } from './endpoint.ts'

export const Language = z.enum(['zh', 'en'])
export const Scope = z.enum(['own', 'team', 'department', 'all'])
export type Scope = z.output<typeof Scope>

/** What may be allowed to a role, by permission. The role editor lists these; a test compares them with the contract. */
export const permissions = [
  'identity:read',
  'identity:configure',
  'customer:read',
  'customer:write',
  'customer:reveal',
  'interaction:read',
  'interaction:configure',
  'conversation:read',
  'conversation:write',
  'conversation:supervise',
  'conversation:configure',
  'routing:work',
  'routing:supervise',
  'routing:configure',
  'ticket:read',
  'ticket:open',
  'ticket:dispatch',
  'ticket:handle',
  'ticket:close',
  'ticket:configure',
  'task:read',
  'task:write',
  'survey:read',
  'survey:configure',
  'house:operate',
  'insight:read',
  'calendar:configure',
  'sample:simulate',
] as const

export const Password = z.string().min(8).max(200)
export const Login = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._@-]{1,63}$/)
export const Slug = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9-]{1,40}$/)

export const TenantCard = z.object({
  id: Id,
  slug: z.string(),
  name: z.string(),
  nameEn: z.string(),
  sample: z.boolean(),
  brand: z.string(),
  timezone: z.string(),
})
export const Me = z.object({
  user: z.object({ id: Id, login: z.string(), name: z.string(), language: Language, departmentId: Id.nullable(), teamId: Id.nullable() }),
  tenant: TenantCard,
  /** Permission → scope. What is missing is not allowed. */
  permissions: z.record(z.string(), Scope),
})
export type Me = z.output<typeof Me>

export const Person = z.object({
  id: Id,
  name: z.string(),
  login: z.string(),
  departmentId: Id.nullable(),
  teamId: Id.nullable(),
  roleId: Id,
  retired: z.boolean(),
})
export type Person = z.output<typeof Person>
export const NewPerson = z.object({
  name: Words(60),
  login: Login,
  password: Password,
  departmentId: Id.nullable().default(null),
  teamId: Id.nullable().default(null),
  roleId: Id,
})

export const identity = {
  welcome: get('/welcome', {
    may: 'public',
    says: 'What the sign-in page needs to know before anyone is known.',
    reply: z.object({
      /** False on an empty installation: the set-up page comes first. */
      installed: z.boolean(),
      /** Null when host name and header do not tell which organisation is meant. */
      tenant: TenantCard.nullable(),
      /** Sample accounts, only on a sample centre. */
      accounts: z.array(z.object({ login: z.string(), password: z.string(), name: z.string(), role: z.string(), roleEn: z.string() })),
      version: z.string(),
    }),
  }),
  setUp: post('/setup', {
    may: 'public',
    says: 'Create the first tenant and its administrator. Refused once any tenant exists.',
    body: z.object({
      name: Words(60),
      slug: Slug,
      timezone: z.string().default('Asia/Shanghai'),
      language: Language.default('zh'),
      adminName: Words(60),
      login: Login,
      password: Password,
      sample: z.boolean().default(false),
    }),
    reply: Me,
  }),
  signIn: post('/session', {
    may: 'public',
    says: 'Sign in; sets the session cookies. `bearer` in the reply is for API clients only when asked for.',
    body: z.object({
      tenant: Slug.optional(),
      login: z.string().trim().min(1).max(64),
      password: z.string().min(1).max(200),
      bearer: z.boolean().optional(),
    }),
    reply: Me.extend({ bearer: z.string().optional() }),
  }),
  signOut: del('/session', { may: 'signed-in', says: 'End this session.' }),
  me: get('/me', { may: 'signed-in', reply: Me, says: 'Who am I and what may I do.' }),
  changeMe: patch('/me', {
    may: 'signed-in',
    body: z.object({ language: Language.optional(), name: Words(60).optional() }),
    reply: Me,
    says: 'Change my language or name.',
  }),
  changePassword: put('/me/password', {
    may: 'signed-in',
    body: z.object({ current: z.string().min(1).max(200), next: Password }),
    says: 'Change my password; ends my other sessions.',
  }),
  sessions: get('/me/sessions', {
    may: 'signed-in',
    reply: z.array(z.object({ id: Id, openedAt: Time, seenAt: Time, ip: z.string(), userAgent: z.string(), current: z.boolean() })),
    says: 'My open sessions.',
  }),
  endSession: del('/me/sessions/:id', { may: 'signed-in', says: 'End one of my sessions.' }),
  people: get('/people', { may: 'signed-in', reply: z.array(Person), says: 'Colleagues, for transferring and assigning.' }),
  addPerson: post('/people', { may: 'identity:configure', body: NewPerson, reply: Person, says: 'Add a user.' }),
  changePerson: patch('/people/:id', {
    may: 'identity:configure',
    body: changeOf(NewPerson).extend({ retired: z.boolean().optional() }),
    reply: Person,
    says: 'Change or retire a user.',
  }),
  roles: get('/roles', {
    may: 'identity:read',
    reply: z.array(z.object({ id: Id, name: z.string(), nameEn: z.string(), grants: z.record(z.string(), Scope) })),
    says: 'Roles and what they may.',
  }),
}

/** `kind` of a department says who works there; repair crews and offices receive tickets. */
export const Department = z.object({
  name: Words(60),
  nameEn: z.string().trim().max(60).default(''),
  parentId: Id.nullable().default(null),
  takesTickets: z.boolean().default(true),
})
export const departments = catalog('/departments', Department, { read: 'signed-in', write: 'identity:configure' })
export const Team = z.object({ name: Words(60), departmentId: Id })
export const teams = catalog('/teams', Team, { read: 'signed-in', write: 'identity:configure' })

/** Working hours by weekday (0 = Sunday), minutes from midnight in the calendar's time zone; holidays override by date. */
export const Hours = z.object({ from: z.int().min(0).max(1440), to: z.int().min(0).max(1440) }).refine(h => h.from < h.to)
export const Calendar = z.object({
  name: Words(60),
  timezone: z.string().default('Asia/Shanghai'),
  week: z.record(z.string().regex(/^[0-6]$/), z.array(Hours)),
  /** Date (YYYY-MM-DD) → hours of that day; an empty list is a holiday. */
  days: z.record(z.iso.date(), z.array(Hours)).default({}),
})
export type Calendar = z.output<typeof Calendar>
export const calendars = catalog('/calendars', Calendar, { read: 'signed-in', write: 'calendar:configure' })
