import { sql } from 'kysely'
import type * as z from 'zod'
import type { Trunk, trunks } from '#contract/voiceSettings.ts'
import { catalogChanged } from '#kernel/catalog.ts'
import { differenceOf } from '#kernel/difference.ts'
import { allTenants } from '#kernel/directory.ts'
import type { House } from '#kernel/house.ts'
import { newId } from '#kernel/ids.ts'
import { asSystem } from '#kernel/react.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import { seal, unseal } from '#kernel/secrets.ts'
import type { Ctx } from '#kernel/work.ts'
import { switchesOf } from './switches.ts'

type Row = z.output<typeof trunks.Row>
const columns = ['id', 'name', 'host', 'addresses', 'login', 'register', 'transport', 'most', 'retired'] as const
const told = ['name', 'host', 'addresses', 'login', 'register', 'transport', 'most']

export async function listTrunks(ctx: Ctx, withRetired: boolean): Promise<Row[]> {
  const rows = await ctx.db
    .selectFrom('voice.trunk')
    .select(columns)
    .$if(!withRetired, q => q.where('retired', '=', false))
    .orderBy('id')
    .execute()
  return rows.map(row => ({ ...row, password: '' }))
}

const one = async (ctx: Ctx, id: string) =>
  found(await ctx.db.selectFrom('voice.trunk').selectAll().where('id', '=', id).forUpdate().executeTakeFirst(), 'trunk', id)
const shown = async (ctx: Ctx, id: string): Promise<Row> => {
  const { password: _, ...row } = await one(ctx, id)
  return { ...row, password: '' }
}

/** Whoever registers does it as somebody, and whose calls are known by nothing is nobody. */
function check({ register, login, addresses }: Pick<Trunk, 'register' | 'login' | 'addresses'>): void {
  if (register && login === '') throw new Refusal('invalid', 'trunk.login_missing')
  if (login === '' && addresses.length === 0) throw new Refusal('invalid', 'trunk.addresses_missing')
}

async function announce(ctx: Ctx, id: string, act: 'added' | 'changed' | 'retired' | 'restored', before: object): Promise<Row> {
  const row = await shown(ctx, id)
  await ctx.emit(catalogChanged, { id }, { table: 'voice.trunk', act, name: row.name, changes: differenceOf(before, row, told) })
  ctx.afterCommit('trunks of the switches', tellSwitches)
  return row
}

export async function addTrunk(ctx: Ctx, given: Trunk): Promise<Row> {
  check(given)
  const id = newId()
  const password = given.login === '' || given.password === '' ? null : seal(ctx.house.key, given.password)
  await ctx.db
    .insertInto('voice.trunk')
    .values({ ...given, id, password })
    .execute()
  return announce(ctx, id, 'added', {})
}

export async function changeTrunk(ctx: Ctx, id: string, given: Partial<Trunk>): Promise<Row> {
  const before = await one(ctx, id)
  const after = { ...before, ...given }
  check(after)
  // A password is for the host it was given for: whoever names another gives it again.
  const elsewhere = given.host !== undefined && given.host !== before.host
  const { password, ...rest } = given
  const isAlone = after.login === ''
  if (elsewhere && !isAlone && before.password !== null && !password) throw new Refusal('invalid', 'trunk.password_again')
  await ctx.db
    .updateTable('voice.trunk')
    // Without an account there is nothing to keep a password for.
    .set({ ...rest, password: isAlone ? null : password ? seal(ctx.house.key, password) : before.password })
    .where('id', '=', id)
    .execute()
  return announce(ctx, id, 'changed', before)
}

export async function retireTrunk(ctx: Ctx, id: string, retired: boolean): Promise<Row> {
  const before = await one(ctx, id)
  await ctx.db.updateTable('voice.trunk').set({ retired }).where('id', '=', id).execute()
  return announce(ctx, id, retired ? 'retired' : 'restored', before)
}

/** Those of this process at once; others look by themselves. */
async function tellSwitches(house: House): Promise<void> {
  for (const line of switchesOf(house)) await line.provision?.()
}

type OpenTrunk = Trunk & { id: string; tenantId: string }
/** Every trunk of the installation with its password, for the switches and nobody else. */
export async function trunksForSwitches(house: House): Promise<OpenTrunk[]> {
  const all: OpenTrunk[] = []
  for (const { tenantId } of await allTenants(house.control)) {
    const rows = await asSystem(house, tenantId, ctx =>
      ctx.db
        .selectFrom('voice.trunk')
        .select([...columns, 'password'])
        .where('retired', '=', false)
        .orderBy('id')
        .execute(),
    )
    for (const { password, ...row } of rows) all.push({ ...row, password: password === null ? '' : unseal(house.key, password), tenantId })
  }
  return all
}

/**
 * How the switches are, each of its own, and the same whichever process is asked: calls are counted where every process writes them. Phones that wait are told by the
 * node, whoever looks at it; the practice line has none but those in calls. Trunks and calls of other organisations are theirs.
 */
export const listLines = async (ctx: Ctx) => {
  const mine = new Set((await listTrunks(ctx, true)).map(trunk => trunk.id))
  const { rows } = await sql<{ line: string; calls: number; phones: number }>`select c.line, count(*)::int as calls,
      sum((select count(*) from jsonb_array_elements(c.machine->'legs') l where l->>'state' <> 'gone'))::int as phones
    from voice.call c where c.tenant_id = ${ctx.tenantId} and c.stage <> 'over' group by c.line`.execute(ctx.db)
  const open = new Map(rows.map(row => [row.line, row]))
  return switchesOf(ctx.house).map(line => {
    const state = line.state()
    const { calls = 0, phones = 0 } = open.get(line.name) ?? {}
    return {
      ...state,
      calls,
      phones: state.kind === 'practice' ? phones : state.phones,
      trunks: state.trunks.filter(trunk => mine.has(trunk.id)),
    }
  })
}
