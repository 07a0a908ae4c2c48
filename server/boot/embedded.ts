import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { type Binaries, findBinaries } from './binaries.ts'
import {
  finishUpgrade,
  hasSocket,
  isOurServer,
  lastWords,
  makeCluster,
  openPlace,
  type Place,
  password,
  quietEnvironment,
  readPid,
  removePid,
  roomyShm,
  settings,
  startFault,
  superuser,
  tail,
  versionOf,
  wasStartedBy,
} from './cluster.ts'
import { codeOf, face } from './faces.ts'
import { lockFolder } from './lock.ts'
import { type Account, databaseAccount } from './roles.ts'

type Log = { info(words: string): void; warn(words: string): void }
type Exit = { code: number | null; signal: string | null }
type Options = {
  /** The data folder of the product; the database keeps to `<folder>/postgres`. */
  folder: string
  log: Log
  port?: number
  /** Off only for tests: nothing is synced to the disk. */
  durable?: boolean
  /** Other programs, or another cluster of that folder, than the product's own: while data moves to a newer PostgreSQL. */
  binaries?: Binaries
  cluster?: string
}

export type Embedded = {
  url: string
  readonly pid: number
  /** Ends the server in good order and gives up the folder. */
  stop(): Promise<void>
  /** Called each time the server dies unasked; it is started again by itself. */
  onExit(hear: (exit: Exit) => void): void
}

type Running = { pid: number; over: Promise<Exit> }

/** Starts the embedded PostgreSQL on its folder, or takes over the one a crashed process of ours left behind, and keeps it alive. */
export async function startEmbedded({
  folder,
  log,
  port: wantedPort,
  durable = true,
  binaries: others,
  cluster,
}: Options): Promise<Embedded> {
  const lock = await lockFolder(folder)
  try {
    const account = databaseAccount(join(folder, 'postgres/cluster'))
    const binaries = others ?? findBinaries(account)
    const place = openPlace(folder, account, cluster)
    if (cluster === undefined) finishUpgrade(place)
    const isNew = !existsSync(join(place.cluster, 'PG_VERSION'))
    if (isNew) await makeCluster(place, binaries, account)
    checkVersion(place, binaries)
    if (!roomyShm()) log.info('/dev/shm is small: PostgreSQL keeps its dynamic shared memory in files')

    const port = wantedPort ?? (await rememberedPort(place, await orphanPort(place)))
    const given = ['-D', place.cluster, ...settings(place, port, durable)]
    const url = urlOf(place, port)
    const start = () => launch(place, binaries, account, given)
    let running = (await adopt(place, binaries, given, url, log)) ?? (await start())
    if (isNew) await createDatabase(url)

    const hearers: ((exit: Exit) => void)[] = []
    let stopping = false
    const supervise = async () => {
      for (let failures = 0; ; ) {
        const since = Date.now()
        const exit = await running.over
        if (stopping) return
        log.warn(`PostgreSQL ended (${exit.signal ?? exit.code ?? 'unknown'}): starting it again`)
        for (const hear of hearers) hear(exit)
        // Whoever ran was sound; only a server that dies as it starts is waited for longer and longer.
        if (Date.now() - since > 1_000) failures = 0
        for (let restarted = false; !restarted && !stopping; ) {
          await wait(Math.min(10_000, failures === 0 ? 0 : 100 * 2 ** failures))
          failures += 1
          await reap(place)
          if (stopping) return
          await start().then(
            next => {
              running = next
              restarted = true
            },
            (error: Error) => log.warn(`PostgreSQL does not start: ${error.message}`),
          )
        }
      }
    }
    const supervised = supervise()
    const lastAct = () => signal(running.pid, 'SIGINT')
    process.once('exit', lastAct)

    return {
      url,
      get pid() {
        return running.pid
      },
      onExit: hear => void hearers.push(hear),
      async stop() {
        if (stopping) return
        stopping = true
        process.off('exit', lastAct)
        await end(running.pid, running.over)
        await supervised
        await lock.release()
      },
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}

/** The address of the embedded database of a folder that another process of ours is running now. */
export function addressOfRunning(folder: string): string | null {
  const account = databaseAccount(join(folder, 'postgres/cluster'))
  if (!existsSync(join(folder, 'postgres/cluster'))) return null
  const place = openPlace(folder, account)
  return readPid(place)?.ready ? urlOf(place, Number(readFileSync(place.port, 'utf8'))) : null
}

async function launch(place: Place, binaries: Binaries, account: Account, given: string[]): Promise<Running> {
  if (existsSync(place.log) && statSync(place.log).size > 10 * 2 ** 20) renameSync(place.log, `${place.log}.1`)
  const log = openSync(place.log, 'a', 0o600)
  try {
    // Detached: Ctrl-C in the terminal ends us first, and we end the database in good order.
    const child = spawn(binaries.postgres, given, {
      ...account,
      cwd: place.home,
      env: quietEnvironment(),
      detached: true,
      stdio: ['ignore', log, log],
      windowsHide: true,
    })
    const over = new Promise<Exit>((resolve, reject) => {
      child.once('exit', (code, signalName) => resolve({ code, signal: signalName }))
      child.once('error', reject)
    })
    await Promise.race([ready(place, child), over.then(() => Promise.reject(face.databaseBroken(place.log, lastWords(tail(place.log)))))])
    child.unref()
    return { pid: child.pid ?? 0, over }
  } catch (error) {
    throw startFault(error, place, account)
  } finally {
    closeSync(log)
  }
}

async function ready(place: Place, child: ChildProcess) {
  for (;;) {
    await wait(5)
    const found = readPid(place)
    if (found?.ready && found.pid === child.pid) return
    if (child.exitCode !== null || child.signalCode !== null) return
  }
}

/** A server left behind by a process of ours that was killed: taken over when it runs as we would run it, else ended. */
async function adopt(place: Place, binaries: Binaries, given: string[], url: string, log: Log): Promise<Running | null> {
  const found = readPid(place)
  if (found === null) return null
  if (!(await isOurServer(found.pid, place))) {
    removePid(place)
    return null
  }
  if (wasStartedBy(place, binaries.postgres, given) && (await answers(url))) {
    log.info(`PostgreSQL (process ${found.pid}) was still running: taken over`)
    return { pid: found.pid, over: gone(found.pid, place) }
  }
  log.info(`PostgreSQL (process ${found.pid}) was still running otherwise than wanted: ended`)
  await end(found.pid, gone(found.pid, place))
  return null
}

/** Ends whatever is left of a server before the next one starts on the same cluster. */
async function reap(place: Place) {
  const found = readPid(place)
  if (found === null) return
  if (await isOurServer(found.pid, place)) await end(found.pid, gone(found.pid, place))
  else removePid(place)
}

/** A process that is not our child. One that ended but was not collected by its parent counts as gone. */
async function gone(pid: number, place: Place): Promise<Exit> {
  while (await isOurServer(pid, place)) await wait(50, undefined, { ref: false })
  return { code: null, signal: null }
}

/** Fast, then immediate, then by force: nothing acknowledged is lost in any of them. */
async function end(pid: number, over: Promise<Exit>) {
  for (const [name, patience] of [
    ['SIGINT', 20_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    signal(pid, name)
    const timer = new AbortController()
    const ended = await Promise.race([over.then(() => true), wait(patience, false, { signal: timer.signal }).catch(() => false)])
    timer.abort()
    if (ended) return
  }
}

const signal = (pid: number, name: NodeJS.Signals | 0) => {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: databaseUrl(url, 'postgres'), connectionTimeoutMillis: 3000 })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

async function createDatabase(url: string) {
  const client = new pg.Client({ connectionString: databaseUrl(url, 'postgres') })
  await client.connect()
  await client.query('create database huiyin')
  await client.end()
}

function urlOf(place: Place, port: number) {
  const host = hasSocket(place) ? encodeURIComponent(place.sockets) : '127.0.0.1'
  return `postgres://${superuser}:${password(place)}@${host}:${port}/huiyin`
}

const databaseUrl = (url: string, name: string) => url.replace(/\/[^/]*$/, `/${name}`)

function checkVersion(place: Place, binaries: Binaries) {
  const written = versionOf(place)
  if (written === binaries.major) return
  throw Number(written) < Number(binaries.major)
    ? face.olderVersion(place.home, written, binaries.major)
    : face.newerVersion(place.home, written, binaries.major)
}

const orphanPort = async (place: Place) => {
  const found = readPid(place)
  return found !== null && (await isOurServer(found.pid, place))
}

/** The same port as last time, unless somebody else has it by now. */
async function rememberedPort(place: Place, isOurs: boolean): Promise<number> {
  const last = existsSync(place.port) ? Number(readFileSync(place.port, 'utf8')) : 0
  if (isOurs && last > 0) return last
  const port = await freePort(last).catch(error => {
    if (codeOf(error) !== 'EADDRINUSE') throw error
    return freePort(0)
  })
  if (port !== last) writeFileSync(place.port, String(port))
  return port
}

const freePort = (port: number) =>
  new Promise<number>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen({ port, host: '127.0.0.1' }, () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port))
    })
  })
