import { statfsSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { identity } from '#contract/identity.ts'
import { type Config, describeConfig, readConfig } from '../config.ts'
import { findBinaries } from './binaries.ts'
import { roomyShm } from './cluster.ts'
import { checkDatabase, joinDatabase } from './database.ts'
import { face, StartFailure, startLines } from './faces.ts'
import { holderOf, whoHolds } from './lock.ts'
import { checkPort } from './port.ts'
import { databaseAccount } from './roles.ts'
import { type Finding, lookAtProxy, lookAtRedis, lookAtRoles } from './surroundings.ts'
import { lookAtNode, lookAtOwn } from './telephones.ts'

type Say = (words: string) => void

/** Looks at every configured part and says what it found and what to do. True when the product can start and run. */
export async function doctor(say: Say): Promise<boolean> {
  const config = readConfig()
  for (const { name, value, set, why } of describeConfig(config)) say(`${set ? '*' : ' '} ${name.padEnd(21)}${value.padEnd(34)} ${why}`)
  say('')
  const checks: (() => Promise<Finding>)[] = [
    async () => ({ part: 'Node', words: `${process.version} ${process.platform}-${process.arch}` }),
    () => dataFolder(config),
    () => port(config),
    ...(config.DATABASE_URL
      ? [...new Set([config.DATABASE_URL, config.DATABASE_CONTROL_URL ?? config.DATABASE_URL])].map(url => () => external(url))
      : [() => embedded(config)]),
    ...(config.DATABASE_URL ? [() => lookAtRoles(config, config.DATABASE_CONTROL_URL ?? config.DATABASE_URL ?? '')] : []),
    ...(config.REDIS_URL ? [() => lookAtRedis(config.REDIS_URL ?? '')] : []),
    ...(config.ASTERISK_DIR ? [() => lookAtOwn(config)] : []),
    ...config.ASTERISK_ARI_URL.map(url => () => lookAtNode(url, config.PUBLIC_URL)),
    ...(config.PUBLIC_URL ? [() => lookAtProxy(config)] : []),
  ]
  let well = true
  for (const check of checks) well = (await told(check, say)) && well
  return well
}

async function told(check: () => Promise<Finding>, say: Say): Promise<boolean> {
  try {
    const { part, words, remark } = await check()
    say(`${remark ? '!' : '✓'} ${part.padEnd(14)}${words}`)
    return true
  } catch (error) {
    say(`✗ ${error instanceof StartFailure ? startLines(error).trim().replace('\n', '\n  ') : String(error)}`)
    return false
  }
}

async function dataFolder({ DATA }: Config): Promise<Finding> {
  const { bavail, bsize } = statfsSync(DATA)
  const free = (bavail * bsize) / 2 ** 30
  const holder = await whoHolds(DATA)
  return { part: 'DATA', words: `${DATA}  ${free.toFixed(1)} GB free${holder ? `  in use by process ${holder}` : ''}` }
}

async function port({ HOST, PORT, DATA, DATABASE_URL }: Config): Promise<Finding> {
  const found = { part: 'PORT', words: `${HOST}:${PORT}` }
  const holder = await holderOf(DATA)
  if (holder === null) {
    const taken = await checkPort(HOST, PORT).catch((error: unknown) => error)
    if (!taken) return found
    if (!(await isOurs(HOST, PORT))) throw taken
    // Several processes over one database hold no folder.
    if (!DATABASE_URL) throw face.portOfOther(HOST, PORT, DATA)
    return { ...found, words: `${found.words}  回音在这里运行 / the product answers here` }
  }
  const runsAt = holder.url && new URL(holder.url).port
  if (!runsAt || runsAt === String(PORT) || PORT === 0) return found
  return {
    ...found,
    remark: true,
    words: `${found.words}  这个 DATA 的产品运行在 ${holder.url}，命令前写上 PORT=${runsAt} / the product on this DATA runs at ${holder.url}: say PORT=${runsAt} before the command`,
  }
}

/** Whether it is a product of ours that has taken the port. */
const isOurs = (host: string, port: number): Promise<boolean> =>
  fetch(`http://${host.replace('0.0.0.0', '127.0.0.1').replace(/^::$/, '[::1]')}:${port}/api/welcome`, {
    signal: AbortSignal.timeout(3_000),
  })
    .then(async reply => identity.welcome.reply.safeParse(await reply.json()).success)
    .catch(() => false)

async function embedded(config: Config): Promise<Finding> {
  const account = databaseAccount(join(config.DATA, 'postgres/cluster'))
  const { version } = findBinaries(account)
  const database = await joinDatabase(config, { info: () => {}, warn: () => {} })
  try {
    const found = await checkDatabase(database.controlUrl)
    const shm = roomyShm() ? '' : '  /dev/shm is small: files are used instead'
    return {
      part: 'PostgreSQL',
      words: `embedded ${found} (${version})${account ? ` as ${account.name}` : ''}, ${await migrations(database.controlUrl)}${shm}`,
    }
  } finally {
    await database.stop()
  }
}

async function external(url: string): Promise<Finding> {
  return { part: 'PostgreSQL', words: `${await checkDatabase(url)}, ${await migrations(url)}` }
}

async function migrations(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ there: boolean }>(`select to_regclass('public.huiyin_migration') is not null as there`)
    if (!rows[0]?.there) return 'empty'
    const { rows: done } = await client.query<{ count: number }>('select count(*)::int as count from public.huiyin_migration')
    return `${done[0]?.count ?? 0} migrations applied`
  } finally {
    await client.end()
  }
}
