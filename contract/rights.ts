import * as z from 'zod'
import { changeOf, get, Id, patch, post, Words } from './endpoint.ts'

export const Scope = z.enum(['own', 'team', 'department', 'all'])
export type Scope = z.output<typeof Scope>

/** What may be allowed to a role, by permission. The role editor lists these; a test compares them with the contract. */
export const permissions = [
  'identity:read',
  'identity:configure',
  'identity:export',
  'audit:read',
  'audit:export',
  'customer:read',
  'customer:write',
  'customer:reveal',
  'customer:export',
  'customer:import',
  'customer:configure',
  'receivable:write',
  'account:read',
  'account:write',
  'customer:merge',
  'customer:privacy',
  'interaction:read',
  'interaction:export',
  'interaction:configure',
  'conversation:read',
  'conversation:write',
  'conversation:supervise',
  'conversation:configure',
  'message:read',
  'message:send',
  'message:export',
  'message:configure',
  'routing:work',
  'routing:supervise',
  'routing:configure',
  'voice:call',
  'voice:read',
  'voice:listen',
  'voice:supervise',
  'voice:configure',
  'ticket:read',
  'ticket:open',
  'ticket:dispatch',
  'ticket:handle',
  'ticket:close',
  'ticket:export',
  'ticket:configure',
  'task:read',
  'task:write',
  'document:read',
  'document:write',
  'document:export',
  'document:configure',
  'task:export',
  'approval:read',
  'approval:ask',
  'approval:decide',
  'approval:export',
  'approval:configure',
  'opportunity:read',
  'opportunity:write',
  'opportunity:export',
  'opportunity:configure',
  'need:read',
  'need:write',
  'need:decide',
  'need:export',
  'need:configure',
  'survey:read',
  'survey:export',
  'survey:configure',
  'house:operate',
  'insight:read',
  'insight:export',
  'improvement:read',
  'improvement:write',
  'improvement:decide',
  'improvement:export',
  'standard:configure',
  'calendar:configure',
  'rule:read',
  'rule:export',
  'rule:configure',
  'view:share',
  'sample:simulate',
] as const
export type PermissionName = (typeof permissions)[number]
/** Given or not given: these ask for no scope. */
export const unscoped: readonly PermissionName[] = [
  'identity:read',
  'audit:read',
  'house:operate',
  'rule:read',
  'view:share',
  'routing:work',
  'ticket:open',
  'improvement:decide',
  'approval:ask',
  'approval:decide',
  'sample:simulate',
  'message:send',
  'receivable:write',
  'customer:privacy',
  ...permissions.filter(permission => permission.endsWith(':configure') || /:(export|import)$/.test(permission)),
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

export const rights = {
  roles: get('/roles', { may: 'identity:read', reply: z.array(Role), says: 'Roles, what they may, and how many have them.' }),
  addRole: post('/roles', { may: 'identity:configure', body: NewRole, reply: Role, says: 'Add a role that may no more than its maker.' }),
  changeRole: patch('/roles/:id', {
    may: 'identity:configure',
    body: changeOf(NewRole).extend({ retired: z.boolean().optional() }),
    reply: Role,
    says: 'Change or retire a role; open sessions follow at once.',
  }),
}
