import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import pino from 'pino'
import type { Permission } from '#contract/endpoint.ts'
import { permissions } from '#contract/rights.ts'
import { createTenant } from '#domains/identity/index.ts'
import type { Actor, User } from '#kernel/access.ts'
import { newPool } from '#kernel/db.ts'
import { noHeeds } from '#kernel/heeds.ts'
import type { House } from '#kernel/house.ts'
import { newId } from '#kernel/ids.ts'
import { newLive } from '#kernel/live.ts'
import { newMetrics } from '#kernel/metrics.ts'
import { asSystem } from '#kernel/react.ts'
import { type Ctx, work } from '#kernel/work.ts'
import { settle } from '#kernel/worker.ts'
import { furnish } from '../furnish.ts'

export type TestHouse = Awaited<ReturnType<typeof openHouse>>

/** A whole house on a cloned database, with a clock that moves when told to. Two tenants stand in it: `tenantId` and `otherTenantId`. */
export async function openHouse({ live = newLive() } = {}) {
  const adminUrl = process.env.TEST_DATABASE_ADMIN_URL
  const template = process.env.TEST_TEMPLATE
  if (!adminUrl || !template) throw new Error('run tests through vitest: its global set-up starts the database')
  const name = `huiyin_test_${randomBytes(6).toString('hex')}`
  await ask(adminUrl, `create database ${name} template ${template}`)
  const url = new URL(adminUrl)
  url.pathname = `/${name}`

  const folder = await mkdtemp(path.join(tmpdir(), 'huiyin-test-'))
  let moved = 0
  const pool = newPool(url.href, 20, 'huiyin test')
  const control = newPool(url.href, 10, 'huiyin test control')
  const errors: unknown[] = []
  const pass = async (minutes: number) => {
    moved += minutes * 60_000
    await control.query(`update graphile_worker._private_jobs set run_at = run_at - make_interval(secs => $1)`, [minutes * 60])
  }
  const log = pino({ level: process.env.TEST_LOG ?? 'silent' })
  const house: House = {
    data: () => pool,
    control,
    clock: () => new Date(Date.now() + moved),
    log,
    live,
    redis: null,
    metrics: newMetrics(),
    key: randomBytes(32),
    settings: { publicUrl: null, filesFolder: folder, sample: false, version: 'test' },
    authenticate: {},
    hearers: () => null,
    heeds: noHeeds(),
    runs: new Map(),
    standIn: async () => null,
    wakeRelay: () => {},
    background: new Set(),
  }
  const { app, reactions, endpoints, stop } = await furnish(house)
  await app.ready()
  const tenantId = newId()
  const otherTenantId = newId()
  await asSystem(house, tenantId, ctx =>
    createTenant(ctx, { slug: 'first', name: '第一中心', nameEn: 'First centre', timezone: 'Asia/Shanghai', language: 'zh' }),
  )
  await asSystem(house, otherTenantId, ctx =>
    createTenant(ctx, { slug: 'second', name: '第二中心', nameEn: 'Second centre', timezone: 'Asia/Shanghai', language: 'zh' }),
  )

  /** A user who may do what is named (everything, by default) in scope `all`. It has no row; use `addPerson` of the identity tests where one is needed. */
  const user = (more: Partial<User> = {}, may: readonly string[] = permissions): User => ({
    kind: 'user',
    tenantId,
    id: newId(),
    name: '测试坐席',
    departmentId: null,
    teamId: null,
    sessionId: newId(),
    grants: new Map(may.map(p => [p as Permission, 'all' as const])),
    ...more,
  })

  return {
    house,
    app,
    tenantId,
    otherTenantId,
    reactions,
    endpoints,
    errors,
    user,
    url: url.href,
    /** One piece of work as the system, or as the actor given. */
    work: <T>(fn: (ctx: Ctx) => Promise<T>, actor?: Actor): Promise<T> => (actor ? work(house, actor, fn) : asSystem(house, tenantId, fn)),
    as: (actor: Actor) => ({ work: <T>(fn: (ctx: Ctx) => Promise<T>): Promise<T> => work(house, actor, fn) }),
    now: () => house.clock(),
    /** Moves the clock and every timer. */
    pass,
    /** The next noon in Shanghai, for tests in which a day must not end by itself. */
    noon: async () => {
      const day = 86_400_000
      const now = house.clock().getTime()
      const noon = (Math.floor((now + 8 * 3_600_000) / day) + 1.5) * day - 8 * 3_600_000
      await pass((noon - now) / 60_000)
    },
    settle: () => settle(house, reactions),
    /** Details of every event of that name, oldest first. */
    said: async (event: string): Promise<Record<string, unknown>[]> =>
      (
        await control.query<{ detail: Record<string, unknown> }>(
          'select detail from kernel.event where name = $1 and tenant_id = $2 order by id',
          [event, tenantId],
        )
      ).rows.map(r => r.detail),
    close: async () => {
      await stop()
      await app.close()
      await Promise.all(house.background)
      await pool.end()
      await control.end()
      await ask(adminUrl, `drop database ${name} with (force)`)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function ask(url: string, statement: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
