import type * as z from 'zod'
import { type ImportRow, Login, type peopleImport } from '#contract/identity.ts'
import { bytesOf } from '#kernel/files.ts'
import { newId } from '#kernel/ids.ts'
import { Refusal } from '#kernel/refusal.ts'
import { readTable } from '#kernel/spreadsheet.ts'
import type { Ctx } from '#kernel/work.ts'
import { peopleImported } from './events.ts'
import { writeLinks } from './links.ts'
import { checkPlace } from './people.ts'
import { checkMayGive } from './roles.ts'

const most = 1000
type Field = 'name' | 'login' | 'department' | 'team' | 'role'
/** How the headings of the columns may be called. */
const headings: Record<Field, readonly string[]> = {
  name: ['姓名', '名字', 'name', 'full name'],
  login: ['登录名', '账号', '用户名', '工号', 'login', 'login name', 'user', 'username', 'account'],
  department: ['部门', '所属部门', 'department'],
  team: ['班组', '小组', 'team'],
  role: ['角色', '岗位', 'role'],
}
const fields: readonly Field[] = ['name', 'login', 'department', 'team', 'role']
const plain = (text: string) => text.trim().toLowerCase()

/** Every row of the file with what is wrong with it. Nothing is changed. */
export async function previewImport(ctx: Ctx, fileId: string): Promise<{ rows: ImportRow[] }> {
  const [head = [], ...table] = await readTable(await bytesOf(ctx, fileId))
  const columns = new Map(fields.map(field => [field, head.findIndex(title => headings[field].includes(plain(title)))]))
  const missing = (['name', 'login', 'role'] as const).find(field => columns.get(field) === -1)
  if (missing) throw new Refusal('invalid', 'sheet.column_missing', { column: missing })
  const lines = table.map((cells, at) => ({ cells, line: at + 2 })).filter(({ cells }) => cells.some(cell => cell !== ''))
  if (lines.length === 0) throw new Refusal('invalid', 'sheet.empty')
  if (lines.length > most) throw new Refusal('too_large', 'sheet.too_long', { most })
  const known = await knownWords(ctx)
  const seen = new Set<string>()
  return {
    rows: lines.map(({ cells, line }) => {
      const word = (field: Field) => cells[columns.get(field) ?? -1] ?? ''
      const row = judge(known, seen, {
        name: word('name'),
        login: word('login'),
        department: word('department'),
        team: word('team'),
        role: word('role'),
      })
      seen.add(plain(word('login')))
      return { line, ...row }
    }),
  }
}

type Words = Record<Field, string>
type Known = Awaited<ReturnType<typeof knownWords>>

async function knownWords(ctx: Ctx) {
  const [departments, teams, roles, people] = await Promise.all([
    ctx.db.selectFrom('identity.department').select(['id', 'name', 'nameEn']).where('retired', '=', false).execute(),
    ctx.db.selectFrom('identity.team').select(['id', 'name', 'departmentId']).where('retired', '=', false).execute(),
    ctx.db.selectFrom('identity.role').select(['id', 'name', 'nameEn']).where('retired', '=', false).execute(),
    ctx.db.selectFrom('identity.person').select('login').execute(),
  ])
  const refused = new Set<string>()
  for (const { id } of roles)
    await checkMayGive(ctx, id).catch(error => {
      if (!(error instanceof Refusal)) throw error
      refused.add(id)
    })
  return { departments, teams, roles, logins: new Set(people.map(p => p.login)), refused }
}

function judge(known: Known, seen: ReadonlySet<string>, words: Words): Omit<ImportRow, 'line'> {
  const problems: ImportRow['problems'] = []
  const wrong = (field: Field, code: string) => {
    problems.push({ field, code })
  }
  const named = <R extends { name: string; nameEn?: string }>(rows: readonly R[], word: string) =>
    rows.find(row => plain(row.name) === plain(word) || (row.nameEn && plain(row.nameEn) === plain(word)))
  if (words.name === '') wrong('name', 'sheet.missing')
  else if ([...words.name].length > 60) wrong('name', 'sheet.too_long_word')
  const login = Login.safeParse(words.login)
  if (words.login === '') wrong('login', 'sheet.missing')
  else if (!login.success) wrong('login', 'sheet.login_bad')
  else if (seen.has(login.data)) wrong('login', 'sheet.twice')
  else if (known.logins.has(login.data)) wrong('login', 'person.login_taken')
  const role = named(known.roles, words.role)
  if (words.role === '') wrong('role', 'sheet.missing')
  else if (!role) wrong('role', 'role.not_found')
  else if (known.refused.has(role.id)) wrong('role', 'role.more_than_you')
  const department = named(known.departments, words.department)
  if (words.department !== '' && !department) wrong('department', 'department.not_found')
  const here = known.teams.filter(team => team.departmentId === department?.id)
  const team = named(here, words.team)
  if (words.team !== '' && !team) wrong('team', named(known.teams, words.team) ? 'person.team_elsewhere' : 'team.not_found')
  const person =
    problems.length === 0 && login.success && role
      ? { name: words.name, login: login.data, departmentId: department?.id ?? null, teamId: team?.id ?? null, roleId: role.id }
      : null
  return { ...words, problems, person }
}

/** All of them or none, announced once; each gets a link of their own. */
export async function importPeople(ctx: Ctx, { people }: z.output<typeof peopleImport.make.body>) {
  const places = new Map(people.map(person => [JSON.stringify([person.roleId, person.departmentId, person.teamId]), person]))
  for (const place of places.values()) await checkPlace(ctx, place)
  for (const roleId of new Set(people.map(person => person.roleId))) await checkMayGive(ctx, roleId)
  const { language } = await ctx.db.selectFrom('identity.tenant').select('language').executeTakeFirstOrThrow()
  const rows = people.map(person => ({ id: newId(), ...person, passwordHash: null, language, addedAt: ctx.now }))
  const added = await ctx.db
    .insertInto('identity.person')
    .values(rows)
    .onConflict(conflict => conflict.columns(['login']).doNothing())
    .returning('login')
    .execute()
  const taken = rows.find(row => !added.some(({ login }) => login === row.login)) ?? twice(rows)
  if (taken) throw new Refusal('conflict', 'person.login_taken', { login: taken.login })
  const links = await writeLinks(
    ctx,
    rows.map(row => row.id),
  )
  await ctx.emit(peopleImported, { id: ctx.tenantId }, { people: rows.length, ids: rows.map(row => row.id) })
  const expiresAt = links[0]?.expiresAt ?? ctx.now
  return { people: rows.map(({ id, name, login }, at) => ({ id, name, login, token: links[at]?.token ?? '' })), expiresAt }
}

const twice = <R extends { login: string }>(rows: readonly R[]) =>
  rows.find((row, at) => rows.findIndex(other => other.login === row.login) !== at)
