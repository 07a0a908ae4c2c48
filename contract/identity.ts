import * as z from 'zod'
import { del, get, Id, patch, post, put, Words } from './endpoint.ts'
import { Code, Language, Login, Password, PasswordToken, TypedPassword } from './people.ts'
import { Scope } from './rights.ts'

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
  user: z.object({
    id: Id,
    login: z.string(),
    name: z.string(),
    language: Language.nullable(),
    departmentId: Id.nullable(),
    teamId: Id.nullable(),
  }),
  tenant: TenantCard,
  /** Permission → scope. What is missing is not allowed. */
  permissions: z.record(z.string(), Scope),
  /** A rule asks for a second factor that is not set up yet: until then only the own account answers. */
  secondFactorDue: z.boolean(),
})
export type Me = z.output<typeof Me>

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
      password: TypedPassword,
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
    body: z.object({ current: TypedPassword, next: Password }),
    says: 'Change my password; ends my other sessions.',
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
}
