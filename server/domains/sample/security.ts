import { secretHash } from '#kernel/access.ts'
import { idAt } from '#kernel/ids.ts'
import type { Ctx } from '#kernel/work.ts'
import { place, type Row } from './fill.ts'
import type { Ids, Say } from './furnishing.ts'

const day = 86_400_000

/** A role of the organisation's own, keys of two systems that no secret opens, and half a year of what its administrators did. */
export async function furnishSecurity(ctx: Ctx, ids: Ids, say: Say, roles: { agent: string }): Promise<void> {
  const inspector = ids('role inspector')
  await place(ctx, 'identity.role', [
    {
      id: inspector,
      code: null,
      name: say(['质检员', 'Quality inspector']),
      nameEn: 'Quality inspector',
      grants: { 'customer:read': 'all', 'interaction:read': 'department', 'conversation:read': 'department', 'survey:read': 'department' },
      limits: {},
      secondFactor: false,
      retired: false,
    },
  ])
  const at = (days: number) => new Date(ctx.now.getTime() - days * day)
  const key = (name: string, shown: string, grants: object, made: number, used: number | null, revoked: number | null): Row => ({
    id: ids(`key ${name}`),
    name: shown,
    tokenHash: secretHash(`nobody has this: ${ctx.tenantId} ${name}`),
    grants,
    madeById: ids('person admin'),
    madeAt: at(made),
    expiresAt: at(made - 365),
    usedAt: used === null ? null : at(used),
    revokedAt: revoked === null ? null : at(revoked),
  })
  const billing = say(['营业收费系统', 'Billing system'])
  const pipes = say(['管网调度系统', 'Pipe network control'])
  const trial = say(['接口试用', 'Trial of the API'])
  await place(ctx, 'identity.api_key', [
    key('billing', billing, { 'customer:read': 'all', 'ticket:open': 'all' }, 140, 0.02, null),
    key('pipes', pipes, { 'ticket:read': 'all', 'ticket:open': 'all' }, 96, 0.4, null),
    key('trial', trial, { 'customer:read': 'all' }, 170, 168, 165),
  ])
  await done(ctx, ids, [
    [170, 'admin', 'api_key.made', ids('key trial'), { name: trial, changes: grown({ 'customer:read': 'all' }) }],
    [165, 'admin', 'api_key.revoked', ids('key trial'), { name: trial }],
    [158, 'admin', 'tenant.security_changed', ctx.tenantId, { changes: { passwordLength: { was: 8, is: 10 } } }],
    [140, 'admin', 'api_key.made', ids('key billing'), { name: billing, changes: grown({ 'customer:read': 'all', 'ticket:open': 'all' }) }],
    [
      118,
      'admin',
      'role.added',
      inspector,
      { name: say(['质检员', 'Quality inspector']), changes: grown({ 'conversation:read': 'team' }) },
    ],
    [
      117,
      'admin',
      'role.changed',
      inspector,
      {
        name: say(['质检员', 'Quality inspector']),
        changes: {
          grants: { was: { 'conversation:read': 'team' }, is: { 'conversation:read': 'department', 'survey:read': 'department' } },
        },
      },
    ],
    [96, 'admin', 'api_key.made', ids('key pipes'), { name: pipes, changes: grown({ 'ticket:read': 'all', 'ticket:open': 'all' }) }],
    [
      74,
      'admin',
      'person.changed',
      ids('person bailu'),
      { fields: ['teamId'], changes: { teamId: { was: ids('team webB'), is: ids('team webA') } } },
    ],
    [61, 'supervisor', 'catalog.changed', ids('queue web'), queueChange(say, { ringSeconds: { was: 25, is: 30 } })],
    [33, 'admin', 'person.password_link_made', ids('person qiaoan'), {}],
    [33, null, 'person.password_changed', ids('person qiaoan'), {}],
    [21, 'supervisor', 'rating.policy_changed', ctx.tenantId, { changes: { dueMinutes: { was: 480, is: 450 } } }],
    [15, 'supervisor', 'staffing.changed', ids('person agent2'), { changes: promoted(ids) }],
    [12, 'admin', 'person.changed', ids('person bailu'), { fields: ['roleId'], changes: { roleId: { was: roles.agent, is: inspector } } }],
    [12, 'admin', 'person.changed', ids('person bailu'), { fields: ['roleId'], changes: { roleId: { was: inspector, is: roles.agent } } }],
    [
      6,
      'supervisor',
      'catalog.changed',
      ids('queue web'),
      queueChange(say, { overflowSeconds: { was: 120, is: 90 }, preferSeconds: { was: 15, is: 20 } }),
    ],
    [2, null, 'session.login_locked', ids('person hall'), { failed: 5, until: at(2 - 5 / 1440).toISOString() }, { login: 'hall' }],
    [0.3, 'admin', 'session.opened', ids('person admin'), { sessionId: ids('session gone') }, { ip: '10.20.0.16' }],
  ])
}

const promoted = (ids: Ids) => ({
  channels: { was: [{ channel: 'chat', capacity: 3, weight: 0 }], is: [{ channel: 'chat', capacity: 5, weight: 0 }] },
  skills: {
    was: [{ skillId: ids('skill billing'), level: 4 }],
    is: [
      { skillId: ids('skill billing'), level: 5 },
      { skillId: ids('skill services'), level: 4 },
    ],
  },
  queueIds: { was: [ids('queue billing')], is: [ids('queue billing'), ids('queue services')] },
})
const grown = (grants: object) => ({ grants: { was: null, is: grants } })
const queueChange = (say: Say, changes: object) => ({
  table: 'routing.queue',
  act: 'changed',
  name: say(['网页接待', 'Web chat']),
  changes,
})

type Deed = [days: number, who: string | null, name: string, about: string, detail: object, personal?: Record<string, string>]

async function done(ctx: Ctx, ids: Ids, deeds: readonly Deed[]): Promise<void> {
  const rows = deeds.map(([days, who, name, about, detail, personal], n) => {
    const at = new Date(ctx.now.getTime() - days * day + n * 60_000)
    return { id: idAt(at), name, about, at, who, detail, personal }
  })
  await place(
    ctx,
    'kernel.event',
    rows.map(({ id, name, about, at, who, detail }) => ({
      id,
      name,
      about,
      at,
      actorKind: who === null ? 'anyone' : 'user',
      actorId: who === null ? null : ids(`person ${who}`),
      seenBy: 'identity:read',
      detail,
      audit: true,
    })),
  )
  await place(
    ctx,
    'kernel.event_value',
    rows.flatMap(({ id, personal }) => Object.entries(personal ?? {}).map(([key, value]) => ({ eventId: id, key, value }))),
  )
}
