import * as z from 'zod'
import { catalog, changeOf, del, get, Id, Paging, pageOf, patch, post, put, Time, Words } from './endpoint.ts'

export const Language = z.enum(['zh', 'en'])
export const Scope = z.enum(['own', 'team', 'department', 'all'])
export type Scope = z.output<typeof Scope>

/** What may be allowed to a role, by permission. The role editor lists these; a test compares them with the contract. */
export const permissions = [
  'identity:read',
  'identity:configure',
  'audit:read',
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
export type PermissionName = (typeof permissions)[number]
/** Given or not given: these ask for no scope. */
export const unscoped: readonly PermissionName[] = [
  'identity:read',
  'audit:read',
  'house:operate',
  'routing:work',
  'ticket:open',
  'sample:simulate',
  ...permissions.filter(permission => permission.endsWith(':configure')),
]
/** Permissions whose grant may carry a limit, and what it counts. */
export const limited = { 'customer:reveal': 'perDay' } as const satisfies Partial<Record<PermissionName, 'perDay'>>
export const Grants = z.partialRecord(z.enum(permissions), Scope)
export type Grants = z.output<typeof Grants>
export const Limits = z.object({ 'customer:reveal': z.int().min(0).max(100_000).optional() } satisfies Record<
  keyof typeof limited,
  z.ZodType
>)
export type Limits = z.output<typeof Limits>

/** Eight at the very least; an organisation's own rule asks for ten or more. */
export const Password = z.string().min(8).max(200)
/** What stands behind `kind.tenant.secret`. */
export const PasswordToken = z.string().max(200)
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
  /** A rule asks for a second factor that is not set up yet: until then only the own account answers. */
  secondFactorDue: z.boolean(),
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
  /** False until the person has set a password by a link. How someone's door is locked is told to who administers people; null to others. */
  hasPassword: z.boolean().nullable(),
  secondFactor: z.boolean().nullable(),
})
export type Person = z.output<typeof Person>
export const NewPerson = z.object({
  name: Words(60),
  login: Login,
  /** Without one the person sets it by a link. */
  password: Password.optional(),
  departmentId: Id.nullable().default(null),
  teamId: Id.nullable().default(null),
  roleId: Id,
})

export const NewRole = z.object({
  name: Words(60),
  nameEn: z.string().trim().max(60).default(''),
  grants: Grants,
  limits: Limits.default({}),
  /** Who has this role signs in with a second factor. */
  secondFactor: z.boolean().default(false),
})
export const Role = z.object({
  id: Id,
  /** Names the roles every organisation begins with; `admin` may everything, always. */
  code: z.string().nullable(),
  name: z.string(),
  nameEn: z.string(),
  grants: z.record(z.string(), Scope),
  limits: Limits,
  secondFactor: z.boolean(),
  people: z.int(),
  retired: z.boolean(),
})
export type Role = z.output<typeof Role>

const PasswordLink = z.object({ token: PasswordToken, expiresAt: Time })
const Session = z.object({ id: Id, openedAt: Time, seenAt: Time, ip: z.string(), userAgent: z.string(), current: z.boolean() })
/** Six figures of the authenticator, or one of the recovery codes. */
const Code = z.string().trim().min(6).max(20)
const password = z.string().min(1).max(200)

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
      password,
      /** Asked for by `access.code_needed` when the person has a second factor. */
      code: Code.optional(),
      bearer: z.boolean().optional(),
    }),
    reply: Me.extend({ bearer: z.string().optional() }),
  }),
  signOut: del('/session', { may: 'self', says: 'End this session.' }),
  me: get('/me', { may: 'self', reply: Me, says: 'Who am I and what may I do.' }),
  changeMe: patch('/me', {
    may: 'self',
    body: z.object({ language: Language.optional(), name: Words(60).optional() }),
    reply: Me,
    says: 'Change my language or name.',
  }),
  changePassword: put('/me/password', {
    may: 'self',
    body: z.object({ current: password, next: Password }),
    says: 'Change my password; ends my other sessions.',
  }),
  sessions: get('/me/sessions', {
    may: 'self',
    reply: z.array(Session),
    says: 'My open sessions.',
  }),
  endSession: del('/me/sessions/:id', { may: 'self', says: 'End one of my sessions.' }),
  endOtherSessions: del('/me/sessions', { may: 'self', says: 'End all my sessions but this one.' }),
  people: get('/people', { may: 'signed-in', reply: z.array(Person), says: 'Colleagues, for transferring and assigning.' }),
  addPerson: post('/people', { may: 'identity:configure', body: NewPerson, reply: Person, says: 'Add a user.' }),
  changePerson: patch('/people/:id', {
    may: 'identity:configure',
    body: changeOf(NewPerson).extend({ retired: z.boolean().optional() }),
    reply: Person,
    says: 'Change or retire a user.',
  }),
  makePasswordLink: post('/people/:id/password-link', {
    may: 'identity:configure',
    reply: PasswordLink,
    says: 'A link by which this person sets a password, once, within three days; earlier links end.',
  }),
  lookAtPasswordLink: post('/password-link', {
    may: 'public',
    body: z.object({ token: PasswordToken }),
    reply: z.object({ name: z.string(), login: z.string(), organisation: z.string(), organisationEn: z.string(), least: z.int() }),
    says: 'For whom a link to set a password is.',
  }),
  usePasswordLink: put('/password-link', {
    may: 'public',
    body: z.object({ token: PasswordToken, password: Password }),
    says: 'Set the password by a link; the link and all sessions of the person end.',
  }),
  roles: get('/roles', { may: 'identity:read', reply: z.array(Role), says: 'Roles, what they may, and how many have them.' }),
  addRole: post('/roles', { may: 'identity:configure', body: NewRole, reply: Role, says: 'Add a role that may no more than its maker.' }),
  changeRole: patch('/roles/:id', {
    may: 'identity:configure',
    body: changeOf(NewRole).extend({ retired: z.boolean().optional() }),
    reply: Role,
    says: 'Change or retire a role; open sessions follow at once.',
  }),
  allSessions: get('/sessions', {
    may: 'identity:configure',
    query: Paging.extend({ personId: Id.optional() }),
    reply: pageOf(Session.extend({ personId: Id, personName: z.string() })),
    says: 'Open sessions of everyone, last used first.',
  }),
  endAnySession: del('/sessions/:id', { may: 'identity:configure', says: 'End a session of anyone.' }),
  endSessionsOf: del('/people/:id/sessions', { may: 'identity:configure', says: 'End all sessions of a person.' }),
}

export const secondFactor = {
  state: get('/me/second-factor', {
    may: 'self',
    reply: z.object({ on: z.boolean(), due: z.boolean(), required: z.boolean(), codesLeft: z.int() }),
    says: 'Whether I sign in with a second factor, and how many recovery codes are left.',
  }),
  begin: post('/me/second-factor', {
    may: 'self',
    body: z.object({ password }),
    reply: z.object({ secret: z.string(), uri: z.string() }),
    says: 'Begin to set up an authenticator (TOTP); nothing changes until a code confirms it.',
  }),
  confirm: put('/me/second-factor', {
    may: 'self',
    body: z.object({ code: Code }),
    reply: z.object({ codes: z.array(z.string()) }),
    says: 'Confirm the authenticator with its code; shows ten recovery codes, once.',
  }),
  renewCodes: post('/me/recovery-codes', {
    may: 'self',
    body: z.object({ password }),
    reply: z.object({ codes: z.array(z.string()) }),
    says: 'Ten new recovery codes; the earlier ones end.',
  }),
  remove: post('/me/second-factor/removal', {
    may: 'self',
    body: z.object({ password }),
    says: 'Sign in without a second factor again; refused where a rule asks for one.',
  }),
  removeOf: del('/people/:id/second-factor', {
    may: 'identity:configure',
    says: 'Take the second factor off someone who lost it; ends the sessions.',
  }),
}

/** The organisation's own rules for signing in. */
export const SecurityPolicy = z.object({
  passwordLength: z.int().min(8).max(64),
  /** `required`: everyone signs in with a second factor; otherwise the roles decide. */
  secondFactor: z.enum(['optional', 'required']),
})
export type SecurityPolicy = z.output<typeof SecurityPolicy>
export const securityPolicy = {
  read: get('/security-policy', { may: 'self', reply: SecurityPolicy, says: 'Rules for passwords and second factors.' }),
  change: put('/security-policy', {
    may: 'identity:configure',
    body: SecurityPolicy,
    reply: SecurityPolicy,
    says: 'Change the rules for passwords and second factors.',
  }),
}

const NewApiKey = z.object({ name: Words(60), grants: Grants, expiresAt: Time.nullable().default(null) })
export const ApiKey = z.object({
  id: Id,
  name: z.string(),
  grants: z.record(z.string(), Scope),
  madeByName: z.string(),
  madeAt: Time,
  expiresAt: Time.nullable(),
  usedAt: Time.nullable(),
  revokedAt: Time.nullable(),
})
export type ApiKey = z.output<typeof ApiKey>
export const apiKeys = {
  list: get('/api-keys', { may: 'identity:configure', reply: z.array(ApiKey), says: 'API keys, the newest first.' }),
  add: post('/api-keys', {
    may: 'identity:configure',
    body: NewApiKey,
    reply: ApiKey.extend({ token: z.string() }),
    says: 'Make an API key that may no more than its maker. The token is shown this once; send it as a bearer.',
  }),
  revoke: post('/api-keys/:id/revocation', { may: 'identity:configure', reply: ApiKey, says: 'End an API key.' }),
}

/** A row of a spreadsheet of people: the words as they stand there, and what is wrong with it. */
export const ImportRow = z.object({
  line: z.int(),
  name: z.string(),
  login: z.string(),
  department: z.string(),
  team: z.string(),
  role: z.string(),
  problems: z.array(z.object({ field: z.enum(['name', 'login', 'department', 'team', 'role']), code: z.string() })),
  /** Null while something is wrong. */
  person: NewPerson.omit({ password: true }).nullable(),
})
export type ImportRow = z.output<typeof ImportRow>
export const peopleImport = {
  preview: post('/people/imports/preview', {
    may: 'identity:configure',
    body: z.object({ fileId: Id }),
    reply: z.object({ rows: z.array(ImportRow) }),
    says: 'Read an uploaded spreadsheet of people (xlsx, or CSV in UTF-8 or GB18030) without changing anything.',
  }),
  make: post('/people/imports', {
    may: 'identity:configure',
    body: z.object({
      people: z
        .array(NewPerson.omit({ password: true }))
        .min(1)
        .max(1000),
    }),
    reply: z.object({ people: z.array(z.object({ id: Id, name: z.string(), login: z.string(), token: PasswordToken })), expiresAt: Time }),
    says: 'Add many people at once, all or none; each gets a link to set a password, shown this once.',
  }),
}

export const AuditEntry = z.object({
  id: Id,
  at: Time,
  what: z.string(),
  actorKind: z.string(),
  actorId: Id.nullable(),
  actorName: z.string().nullable(),
  about: Id,
  aboutName: z.string().nullable(),
  /** Field by field; what an id means is told by its name. */
  changes: z.array(z.object({ field: z.string(), was: z.string(), is: z.string() })),
  /** Further facts of the entry. */
  facts: z.record(z.string(), z.string()),
})
export type AuditEntry = z.output<typeof AuditEntry>
export const audit = {
  list: get('/audit', {
    may: 'audit:read',
    query: Paging.extend({
      actorId: Id.optional(),
      what: z.string().max(60).optional(),
      about: Id.optional(),
      since: Time.optional(),
      until: Time.optional(),
    }),
    reply: pageOf(AuditEntry),
    says: 'What people in charge did, newest first: rights, accounts, settings, hidden values looked at.',
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
export const calendarCheck = {
  run: post('/calendars/check', {
    may: 'calendar:configure',
    body: Calendar.omit({ name: true }).extend({ at: z.iso.datetime({ local: true, precision: -1 }) }),
    reply: z.object({ open: z.boolean(), opensAt: Time.nullable(), closesAt: Time.nullable() }),
    says: 'Is such a calendar open at a time on its own wall clock (YYYY-MM-DDTHH:mm), and when does it open or close next? Nothing is kept.',
  }),
}
