import { sql } from 'kysely'
import * as z from 'zod'
import type { importedLinks } from '#contract/people.ts'
import { Login, peopleImports } from '#contract/people.ts'
import { asUser } from '#kernel/access.ts'
import { newId } from '#kernel/ids.ts'
import { type How, type ImportRow, listImport, type Problem, type Taken, type Values } from '#kernel/imports.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { linksGiven, peopleImported } from './events.ts'
import { writeLinks } from './links.ts'
import { checkMayGive } from './roles.ts'

const fields = {
  name: { name: ['姓名', 'Name'], required: true, titles: ['名字', 'full name'] },
  login: {
    name: ['登录名', 'Login'],
    required: true,
    titles: ['账号', '用户名', '工号', 'login name', 'user', 'username', 'account'],
  },
  role: { name: ['角色', 'Role'], required: true, titles: ['岗位'] },
  department: { name: ['部门', 'Department'], titles: ['所属部门'] },
  team: { name: ['班组', 'Team'], titles: ['小组'] },
  email: { name: ['邮箱', 'E-mail'], titles: ['电子邮箱', '邮件', 'email', 'mail'] },
} as const
type Key = keyof typeof fields

const problems = {
  name_missing: ['缺姓名', 'The name is missing'],
  name_too_long: ['姓名太长', 'The name is too long'],
  login_missing: ['缺登录名', 'The login is missing'],
  login_bad: ['登录名只能用小写字母、数字和 . _ @ -', 'A login has lower-case letters, digits and . _ @ - only'],
  login_twice: ['登录名在表里出现了两次', 'The login stands in the table twice'],
  there_already: ['已有这位同事，跳过了', 'This colleague is there already: skipped'],
  login_taken: ['登录名已有别人在用', 'Somebody else has this login'],
  email_bad: ['邮箱不对', 'Not an e-mail address'],
  role_missing: ['缺角色', 'The role is missing'],
  role_unknown: ['没有这个角色', 'There is no such role'],
  role_more_than_you: ['这个角色的权限比您的大', 'This role may more than you'],
  department_unknown: ['没有这个部门', 'There is no such department'],
  team_unknown: ['没有这个班组', 'There is no such team'],
  team_elsewhere: ['班组不在这个部门', 'The team is of another department'],
} as const
type Wrong = keyof typeof problems

type Said = { name: string; login: string; role: string; department: string; team: string; email: string | null }
const plain = (text: string) => text.trim().toLowerCase()

function read(values: Values<Key>): Said | { wrong: Wrong } {
  const { name = '', role = '', department = '', team = '', email = '' } = values
  if (name === '') return { wrong: 'name_missing' }
  if ([...name].length > 60) return { wrong: 'name_too_long' }
  if (!values.login) return { wrong: 'login_missing' }
  const login = Login.safeParse(values.login)
  if (!login.success) return { wrong: 'login_bad' }
  if (role === '') return { wrong: 'role_missing' }
  if (email !== '' && !z.email().max(200).safeParse(email).success) return { wrong: 'email_bad' }
  return { name, login: login.data, role, department, team, email: email || null }
}

type Place = { roleId: string; departmentId: string | null; teamId: string | null }
type Known = Awaited<ReturnType<typeof knownIn>>

/** What the words of a batch can mean, and whose logins it names already. */
async function knownIn(ctx: Ctx, rows: readonly ImportRow<Said>[]) {
  const logins = rows.map(({ said }) => said.login)
  const [departments, teams, roles, people] = await Promise.all([
    ctx.db.selectFrom('identity.department').select(['id', 'name', 'nameEn']).where('retired', '=', false).execute(),
    ctx.db.selectFrom('identity.team').select(['id', 'name', 'departmentId']).where('retired', '=', false).execute(),
    ctx.db.selectFrom('identity.role').select(['id', 'name', 'nameEn']).where('retired', '=', false).execute(),
    sql<{
      login: string
      name: string
    }>`select login, name from identity.person where tenant_id = ${ctx.tenantId} and login = any(${logins}::text[])`
      .execute(ctx.db)
      .then(({ rows }) => rows),
  ])
  const refused = new Set<string>()
  const asked = new Set(rows.map(({ said }) => plain(said.role)))
  for (const role of roles)
    if (asked.has(plain(role.name)) || asked.has(plain(role.nameEn)))
      await checkMayGive(ctx, role.id).catch(error => {
        if (!(error instanceof Refusal)) throw error
        refused.add(role.id)
      })
  return { departments, teams, roles, refused, names: new Map(people.map(p => [p.login, p.name])) }
}

const named = <R extends { name: string; nameEn?: string }>(rows: readonly R[], word: string) =>
  rows.find(row => plain(row.name) === plain(word) || (row.nameEn && plain(row.nameEn) === plain(word)))

function placeOf(known: Known, said: Said): Place | Wrong {
  const role = named(known.roles, said.role)
  if (!role) return 'role_unknown'
  if (known.refused.has(role.id)) return 'role_more_than_you'
  const department = said.department === '' ? null : named(known.departments, said.department)
  if (department === undefined) return 'department_unknown'
  const here = known.teams.filter(team => team.departmentId === department?.id)
  const team = said.team === '' ? null : named(here, said.team)
  if (team === undefined) return named(known.teams, said.team) ? 'team_elsewhere' : 'team_unknown'
  return { roleId: role.id, departmentId: department?.id ?? null, teamId: team?.id ?? null }
}

async function takePeople(ctx: Ctx, rows: readonly ImportRow<Said>[], { dry, runId }: How): Promise<Taken> {
  const known = await knownIn(ctx, rows)
  const wrong: Problem[] = []
  const made: (Said & Place & { id: string; line: number })[] = []
  const skipped: Problem[] = []
  for (const { line, twin, said } of rows) {
    const place = placeOf(known, said)
    const name = known.names.get(said.login)
    if (twin !== null) wrong.push({ line, code: 'login_twice', of: twin })
    // The same table brought again brings nobody twice; another person's login is a mistake.
    else if (name === said.name) skipped.push({ line, code: 'there_already' })
    else if (name !== undefined) wrong.push({ line, code: 'login_taken' })
    else if (typeof place === 'string') wrong.push({ line, code: place })
    else made.push({ ...said, ...place, id: newId(), line })
  }
  const added = dry || made.length === 0 ? new Set(made.map(one => one.id)) : await addAll(ctx, made, runId)
  for (const { id, line } of made) if (!added.has(id)) wrong.push({ line, code: 'login_taken' })
  return { made: added.size, changed: 0, skipped, problems: wrong }
}

/** So many are told of in one fact, and mailed in one go. */
const atOnce = 200

async function addAll(ctx: Ctx, made: readonly (Said & Place & { id: string })[], runId: string): Promise<ReadonlySet<string>> {
  const rows = made.map(({ id, name, login, email, roleId, departmentId, teamId }) => ({
    ...{ id, name, login, email, roleId, departmentId, teamId },
    passwordHash: null,
    language: null,
    addedAt: ctx.now,
  }))
  const added = await ctx.db
    .insertInto('identity.person')
    .values(rows)
    .onConflict(conflict => conflict.columns(['login']).doNothing())
    .returning('id')
    .execute()
  const ids = added.map(one => one.id)
  for (let n = 0; n < ids.length; n += atOnce) {
    const these = ids.slice(n, n + atOnce)
    await ctx.emit(peopleImported, { id: runId }, { people: these.length, ids: these })
  }
  return new Set(ids)
}

export const peopleImport = listImport<Key, Said>({
  noun: 'people',
  name: ['人员', 'People'],
  asks: peopleImports,
  fields,
  onMatch: ['skip'],
  keysOf: ({ login }) => (login ? [plain(login)] : []),
  read,
  take: takePeople,
  problems,
  wrongIn: {
    ...{
      name_missing: 'name',
      name_too_long: 'name',
      login_missing: 'login',
      login_bad: 'login',
      login_twice: 'login',
      login_taken: 'login',
    },
    ...{ email_bad: 'email', role_missing: 'role', role_unknown: 'role', role_more_than_you: 'role' },
    ...{ department_unknown: 'department', team_unknown: 'team', team_elsewhere: 'team' },
  },
})

/** For those of an import of one's own who have no password yet: to be handed over. Each opens once; links that went by mail stay good. */
export async function giveLinks(ctx: Ctx, runId: string): Promise<z.output<typeof importedLinks.give.reply>> {
  const { rows: runs } =
    await sql`select 1 from kernel.run where tenant_id = ${ctx.tenantId} and id = ${runId} and kind = ${peopleImport.kind.kind}
    and asked_by_id = ${asUser(ctx.actor).id}`.execute(ctx.db)
  found(runs[0], 'run', runId)
  const { rows: people } = await sql<{ id: string; name: string; login: string; roleId: string }>`
    select p.id, p.name, p.login, p.role_id as "roleId" from identity.person p where p.tenant_id = ${ctx.tenantId} and not p.retired and p.password_hash is null
      and p.id in (select i.id::uuid from kernel.event e, jsonb_array_elements_text(e.detail->'ids') as i(id)
        where e.tenant_id = ${ctx.tenantId} and e.about = ${runId} and e.name = ${peopleImported.name}) order by p.name, p.id`.execute(
    ctx.db,
  )
  for (const roleId of new Set(people.map(person => person.roleId))) await checkMayGive(ctx, roleId)
  const given: z.output<typeof importedLinks.give.reply>['people'] = []
  let expiresAt = ctx.now
  for (let n = 0; n < people.length; n += 1000) {
    const these = people.slice(n, n + 1000)
    const links = await writeLinks(
      ctx,
      these.map(person => person.id),
    )
    expiresAt = links[0]?.expiresAt ?? expiresAt
    given.push(...these.map(({ id, name, login }, at) => ({ id, name, login, token: links[at]?.token ?? '' })))
  }
  if (given.length > 0) await ctx.emit(linksGiven, { id: runId }, { people: given.length })
  return { people: given, expiresAt }
}
