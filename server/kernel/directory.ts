import { sql } from 'kysely'
import type pg from 'pg'
import { openAs, transaction } from './db.ts'
import type { Ctx } from './work.ts'

type DirectoryKind = 'slug' | 'host' | 'widget' | 'number'

/** Which tenant a host name, short name or widget key belongs to. Read by a role of its own, before any tenant is known. */
export async function findTenant(control: pg.Pool, kind: DirectoryKind, key: string): Promise<string | null> {
  const rows = await asFinder<{ tenant_id: string }>(control, 'select tenant_id from kernel.directory where kind = $1 and key = $2', [
    kind,
    key,
  ])
  return rows[0]?.tenant_id ?? null
}

/** Every tenant of the installation, by short name. */
export async function allTenants(control: pg.Pool): Promise<{ tenantId: string; slug: string }[]> {
  const rows = await asFinder<{ tenant_id: string; key: string }>(
    control,
    `select tenant_id, key from kernel.directory where kind = 'slug' order by key`,
    [],
  )
  return rows.map(r => ({ tenantId: r.tenant_id, slug: r.key }))
}

const asFinder = <R extends pg.QueryResultRow>(control: pg.Pool, text: string, values: unknown[]) =>
  transaction(control, openAs('finder'), async client => (await client.query<R>(text, values)).rows)

/**
 * Tenants in which something waits to be done, asked over all of them at once: those in which nothing does cost nothing. Asked as the relay, which sees whose a row is
 * and when it is due. `text` tells their ids, by an index.
 */
export const tenantsWhere = (control: pg.Pool, name: string, text: string, values: unknown[] = []): Promise<string[]> =>
  transaction(control, `${openAs('relay')}; set local enable_seqscan = off`, async client => {
    const { rows } = await client.query<{ tenant_id: string }>({ name, text, values })
    return rows.map(row => row.tenant_id)
  })

/** Enters a key of this tenant. A key that another tenant holds raises a unique violation. */
export async function enter(ctx: Ctx, kind: DirectoryKind, key: string): Promise<void> {
  await sql`insert into kernel.directory (kind, key, tenant_id) values (${kind}, ${key}, ${ctx.tenantId})`.execute(ctx.db)
}

export async function strike(ctx: Ctx, kind: DirectoryKind, key: string): Promise<void> {
  await sql`delete from kernel.directory where tenant_id = ${ctx.tenantId} and kind = ${kind} and key = ${key}`.execute(ctx.db)
}

/** This tenant's own keys of a kind. */
export async function keysOf(ctx: Ctx, kind: DirectoryKind): Promise<string[]> {
  const { rows } = await sql<{
    key: string
  }>`select key from kernel.directory where tenant_id = ${ctx.tenantId} and kind = ${kind} order by key`.execute(ctx.db)
  return rows.map(r => r.key)
}
