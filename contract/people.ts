import * as z from 'zod'
import { catalog, changeOf, get, Id, Order, Paging, pageOf, patch, post, QueryIds, Time, Words } from './endpoint.ts'
import { importsOf } from './imports.ts'

export const Language = z.enum(['zh', 'en'])

/** Eight at the very least; an organisation's own rule asks for ten or more. */
export const Password = z.string().min(8).max(200)
/** What stands behind `kind.tenant.secret`. */
export const PasswordToken = z.string().max(200)
export const Login = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._@-]{1,63}$/)
/** Six figures of the authenticator, or one of the recovery codes. */
export const Code = z.string().trim().min(6).max(20)
/** A password as it was typed, to be compared. */
export const TypedPassword = z.string().min(1).max(200)

export const Person = z.object({
  id: Id,
  name: z.string(),
  login: z.string(),
  /** Where links and notifications go; null to whoever does not administer people. */
  email: z.string().nullable(),
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
  email: z.email().max(200).nullable().optional(),
  departmentId: Id.nullable().default(null),
  teamId: Id.nullable().default(null),
  roleId: Id,
})

const PasswordLink = z.object({ token: PasswordToken, expiresAt: Time })

export const accounts = {
  people: get('/people', {
    may: 'signed-in',
    query: Paging.extend({
      /** In the name or the login. */
      q: Words(60).optional(),
      teamId: Id.optional(),
      departmentId: Id.optional(),
      roleId: Id.optional(),
      /** Without it only who is not retired. */
      state: z.enum(['active', 'retired', 'all']).optional(),
      /** These, whatever their state: to name them. */
      ids: QueryIds.optional(),
      sort: Order('name', '-name'),
    }),
    reply: pageOf(Person),
    says: 'Colleagues by name, for transferring, assigning and naming.',
  }),
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
}

export const peopleImports = importsOf('/people', 'identity:configure')
export const importedLinks = {
  give: post('/people/imports/:id/links', {
    may: 'identity:configure',
    reply: z.object({ people: z.array(z.object({ id: Id, name: z.string(), login: z.string(), token: PasswordToken })), expiresAt: Time }),
    says: 'Links to set a password, shown this once, for those of your import who have none yet.',
  }),
}

/** `kind` of a department says who works there; repair crews and offices receive tickets. */
export const Department = z.object({
  name: Words(60),
  nameEn: z.string().trim().max(60).default(''),
  parentId: Id.nullable().default(null),
  takesTickets: z.boolean().default(true),
  /** Its own working hours; none: those of the organisation. */
  calendarId: Id.nullable().default(null),
})
export const departments = catalog('/departments', Department, { read: 'signed-in', write: 'identity:configure' })
export const Team = z.object({ name: Words(60), departmentId: Id })
export const teams = catalog('/teams', Team, { read: 'signed-in', write: 'identity:configure' })
