import { createTenant, newPassword } from '#domains/identity/index.ts'
import type { Ctx } from '#kernel/work.ts'
import { calendarsOf } from './calendars.ts'
import { kinds, outcomes, reasons } from './catalogs.ts'
import { accounts, brand, departments, type Pair, people, samplePassword, slug, teams, tenantName, timezone } from './centre.ts'
import { furnishDesk } from './desk.ts'
import { throwing } from './dice.ts'
import { furnishDuties } from './duties.ts'
import { place } from './fill.ts'
import { furnishInviting } from './invitations.ts'
import { furnishOutbox } from './outbox.ts'
import { furnishSecurity } from './security.ts'

export type Language = 'zh' | 'en'

/** The same id for the same thing in every sample centre made that day. */
export type Ids = (name: string) => string

export function idsOf(language: Language, day: Date): Ids {
  const known = new Map<string, string>()
  return name => {
    const id = known.get(name) ?? throwing(`${language} ${name}`).id(new Date(day.getTime() - 400 * 86_400_000))
    known.set(name, id)
    return id
  }
}

export const wordsIn = (language: Language) => (pair: Pair) => pair[language === 'zh' ? 0 : 1]

/** The organisation as it stands before the first customer: people, queues, kinds, words. */
export async function furnish(ctx: Ctx, language: Language, ids: Ids): Promise<void> {
  const say = wordsIn(language)
  const { roles, calendarId } = await createTenant(ctx, {
    slug,
    name: say(tenantName),
    nameEn: tenantName[1],
    brand,
    timezone,
    language,
    sample: true,
    settings: {
      accounts: accounts.map(({ login, role }) => ({
        login,
        password: samplePassword,
        name: say(people.find(p => p.login === login)?.name ?? role),
        role: role[0],
        roleEn: role[1],
      })),
      history: 'missing',
    },
  })
  await calendars(ctx, language, ids, calendarId)
  await place(
    ctx,
    'identity.department',
    Object.entries(departments).map(([key, name]) => ({ id: ids(`department ${key}`), name: say(name), nameEn: name[1] })),
  )
  await place(
    ctx,
    'identity.team',
    Object.entries(teams).map(([key, name]) => ({ id: ids(`team ${key}`), name: say(name), departmentId: ids('department centre') })),
  )
  const passwordHash = await newPassword(samplePassword, { login: 'agent' })
  await place(
    ctx,
    'identity.person',
    people.map(p => ({
      id: ids(`person ${p.login}`),
      login: p.login,
      name: say(p.name),
      passwordHash,
      departmentId: ids(`department ${p.department}`),
      teamId: p.team ? ids(`team ${p.team}`) : null,
      roleId: roles[p.role],
      language: null,
      addedAt: ctx.now,
    })),
  )
  await interactions(ctx, ids, say)
  await furnishDesk(ctx, ids, say)
  await furnishSecurity(ctx, ids, say, roles)
  await furnishOutbox(ctx, ids, say)
  await tickets(ctx, ids, say)
  await furnishDuties(ctx, ids, say, roles)
  await furnishInviting(ctx)
  await place(ctx, 'surveys.policy', [{ lowScore: 2, dueMinutes: 450, ownerId: ids('person lead'), calendarId: null }])
}

async function calendars(ctx: Ctx, language: Language, ids: Ids, defaultId: string) {
  const say = wordsIn(language)
  const { office, web, always } = calendarsOf(ctx.now)
  await ctx.db
    .updateTable('identity.calendar')
    .set({ name: say(['业务部门工作时间', 'Office hours']), week: office.week, days: office.days })
    .where('id', '=', defaultId)
    .execute()
  await place(ctx, 'identity.calendar', [
    { id: ids('calendar web'), name: say(['在线客服时间', 'Online service hours']), ...web },
    { id: ids('calendar always'), name: say(['全天候', 'Around the clock']), ...always },
  ])
}

export type Say = (pair: Pair) => string

async function interactions(ctx: Ctx, ids: Ids, say: Say) {
  const parents = Object.entries(reasons).map(([key, { name }], position) => ({
    id: ids(`reason ${key}`),
    name: say(name),
    nameEn: name[1],
    parentId: null,
    // Repairs are never wrapped up as a transfer of ownership.
    queueIds: key === 'services' ? [ids('queue services'), ids('queue web')] : [],
    position,
  }))
  const leaves = Object.entries(reasons).flatMap(([parent, { of }]) =>
    Object.entries<Pair>(of).map(([key, name], position) => ({
      id: ids(`reason ${parent}.${key}`),
      name: say(name),
      nameEn: name[1],
      parentId: ids(`reason ${parent}`),
      position,
    })),
  )
  await place(ctx, 'interactions.contact_reason', parents)
  await place(ctx, 'interactions.contact_reason', leaves)
  await place(
    ctx,
    'interactions.contact_outcome',
    Object.entries(outcomes).map(([key, { name, resolved }], position) => ({
      id: ids(`outcome ${key}`),
      name: say(name),
      nameEn: name[1],
      resolved,
      position,
    })),
  )
}

async function tickets(ctx: Ctx, ids: Ids, say: Say) {
  const list = Object.entries(kinds)
  await place(
    ctx,
    'tickets.kind',
    list.map(([key, k], position) => ({
      id: ids(`kind ${key}`),
      name: say(k.name),
      nameEn: k.name[1],
      code: k.code,
      calendarId: k.calendar === 'always' ? ids('calendar always') : null,
      targetMinutes: k.target,
      position,
      fields: k.fields.map(f => ({
        key: f.key,
        label: say(f.label),
        labelEn: f.label[1],
        type: f.type,
        help: 'help' in f ? say(f.help) : '',
        helpEn: 'help' in f ? f.help[1] : '',
        required: 'required' in f && f.required,
        options: 'options' in f ? f.options.map(([value, zh, en]) => ({ value, label: say([zh, en]), labelEn: en })) : [],
      })),
    })),
  )
  await place(
    ctx,
    'tickets.category',
    list.flatMap(([key, k]) =>
      Object.entries(k.categories).map(([category, c], position) => ({
        id: ids(`category ${key}.${category}`),
        kindId: ids(`kind ${key}`),
        name: say(c.name),
        nameEn: c.name[1],
        departmentId: ids(`department ${c.department}`),
        priority: c.priority,
        targetMinutes: 'target' in c ? c.target : null,
        position,
      })),
    ),
  )
}
