import { createClient } from '@redis/client'
import pg from 'pg'
import type { Config } from '../config.ts'
import { codeOf, StartFailure } from './faces.ts'

/** What doctor says of one part. A remark keeps nothing from starting. */
export type Finding = { part: string; words: string; remark?: boolean }
const patienceMs = 3_000

/** With its password, and new enough for the streams over which processes hear one another. */
export async function lookAtRedis(address: string): Promise<Finding> {
  const where = new URL(address).host
  const client = createClient({ url: address, socket: { connectTimeout: patienceMs, reconnectStrategy: false } })
  client.on('error', () => {})
  const late = setTimeout(() => client.destroy(), patienceMs)
  try {
    await client.connect()
    const version = /redis_version:(\S+)/.exec(await client.info('server'))?.[1] ?? '?'
    if (Number.parseInt(version, 10) < 5)
      throw new StartFailure(
        'redis.too_old',
        `${where} 上的 Redis 是 ${version}，需要 5 或更新版本。`,
        `Redis at ${where} is ${version}; 5 or newer is needed.`,
      )
    return { part: 'Redis', words: `${version} ${where}` }
  } catch (error) {
    if (error instanceof StartFailure) throw error
    const why = /WRONGPASS|NOAUTH/.test(String(error))
      ? 'password'
      : codeOf(error) || (error instanceof Error ? error.message : String(error))
    throw new StartFailure(
      'redis.unreachable',
      `连不上 REDIS_URL 所指的 ${where}（${why}）。检查地址、密码和网络；没有它进程也能启动，但彼此听不到。`,
      `Redis at ${where} cannot be reached (${why}). Check address, password and network. Processes start without it, but do not hear one another.`,
    )
  } finally {
    clearTimeout(late)
    if (client.isOpen) client.destroy()
  }
}

/** Which parts this process plays, and whether anybody plays the rest. */
export async function lookAtRoles({ HUIYIN_ROLES, REDIS_URL }: Config, controlUrl: string): Promise<Finding> {
  const part = 'HUIYIN_ROLES'
  const working = await workersOn(controlUrl)
  const words = `${HUIYIN_ROLES.join()}，后台进程 ${working} 个 / ${working} working now`
  if (!HUIYIN_ROLES.includes('worker') && working === 0)
    return {
      part,
      remark: true,
      words: `${words}。没有进程处理后台工作，另启动一个 HUIYIN_ROLES=worker 的 / nobody works off jobs: start one with HUIYIN_ROLES=worker`,
    }
  if (HUIYIN_ROLES.length === 1 && !REDIS_URL)
    return {
      part,
      remark: true,
      words: `${words}。几个进程一起时要设 REDIS_URL / processes that run together want REDIS_URL`,
    }
  return { part, words }
}

/** Each working process holds locks under this number (kernel/workerLocks). */
async function workersOn(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url, application_name: 'huiyin check' })
  await client.connect()
  try {
    const { rows } = await client.query<{ n: number }>(
      `select count(distinct pid)::int as n from pg_locks
       where locktype = 'advisory' and classid = 4107003 and objsubid = 2 and granted and database = (select oid from pg_database where datname = current_database())`,
    )
    return rows[0]?.n ?? 0
  } finally {
    await client.end()
  }
}

/** The address people use, through whatever stands before us: pages, sockets, and what must stay inside. */
export async function lookAtProxy({ PUBLIC_URL = '', TRUSTED_PROXIES }: Config): Promise<Finding> {
  const part = 'PUBLIC_URL'
  const ask = (path: string) =>
    fetch(`${PUBLIC_URL.replace(/\/$/, '')}${path}`, { signal: AbortSignal.timeout(patienceMs), redirect: 'manual' })
  const alive = await ask('/healthz').catch(() => null)
  if (alive === null)
    return { part, remark: true, words: `${PUBLIC_URL} 还没有应答，产品和代理都启动了吗 / does not answer: do product and proxy run?` }
  const trouble = (zh: string, en: string) =>
    new StartFailure('proxy.wrong', `${PUBLIC_URL} 前面的代理${zh}`, `The proxy before ${PUBLIC_URL} ${en}`)
  if (!alive.ok)
    throw trouble(
      `对 /healthz 答以 ${alive.status}，没有转到产品。检查它的上游地址。`,
      `answers /healthz with ${alive.status}, not with us. Check its upstream.`,
    )
  if (!(await opensSockets(PUBLIC_URL)))
    throw trouble(
      '没有转发 websocket。加上 Upgrade 和 Connection 两个头（见 deploy/proxy）。',
      'does not pass websockets on. Set the Upgrade and Connection headers (see deploy/proxy).',
    )
  if (!isHere(PUBLIC_URL) && (await ask('/metrics').catch(() => null))?.ok)
    throw trouble('把 /metrics 给了所有人。在代理上挡住它。', 'gives /metrics to everyone. Close it there.')
  return { part, words: `${PUBLIC_URL}  websocket  TRUSTED_PROXIES=${TRUSTED_PROXIES.join()}` }
}

const isHere = (url: string) => /^(localhost|127\.|\[::1\])/.test(new URL(url).host)

function opensSockets(url: string): Promise<boolean> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws').replace(/\/$/, '')}/api/socket/?EIO=4&transport=websocket`)
  return new Promise(resolve => {
    const done = (opened: boolean) => {
      clearTimeout(late)
      socket.close()
      resolve(opened)
    }
    const late = setTimeout(() => done(false), patienceMs)
    socket.addEventListener('open', () => done(true))
    socket.addEventListener('error', () => done(false))
  })
}
