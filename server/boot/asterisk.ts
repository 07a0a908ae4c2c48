import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Config } from '../config.ts'
import { StartFailure } from './faces.ts'

type Log = { info(words: string): void; warn(words: string): void }
export type Node = { name: string; url: string; own: boolean }
type Running = { pid: number; over: Promise<void> }

const scripts = join(import.meta.dirname, '../../tools/asterisk')
/** What nobody fetched in so long, nobody will. */
const recordingDays = 7

/** Every telephone switch that is configured: the one we start is started by the process that plays `voice`. */
export async function openTelephones(config: Config, plays: boolean, log: Log): Promise<{ nodes: Node[]; stop: () => Promise<void> }> {
  const others = config.ASTERISK_ARI_URL.map(url => ({ name: new URL(url).host.slice(0, 40), url, own: false }))
  if (!config.ASTERISK_DIR) {
    if (plays) await endOrphan(config.DATA)
    return { nodes: others, stop: async () => {} }
  }
  checkInstall(config.ASTERISK_DIR)
  const place = await openPlace(config)
  const nodes = [{ name: 'asterisk', url: place.url, own: true }, ...others]
  return { nodes, stop: plays ? await keepRunning(place, log) : async () => {} }
}

/** A folder that holds no Asterisk is told at the start, with what brings one. */
export function checkInstall(folder: string): void {
  if (existsSync(join(folder, 'usr/sbin/asterisk')) && existsSync(join(folder, '.stamp'))) return
  throw new StartFailure(
    'asterisk.not_there',
    `ASTERISK_DIR 所指的 ${folder} 里没有 Asterisk。先运行一次 tools/asterisk/install.sh ${folder}，或去掉这个设置（只用练习线路）。`,
    `There is no Asterisk in ASTERISK_DIR ${folder}. Run tools/asterisk/install.sh ${folder} once, or leave the setting out: the practice line needs none.`,
  )
}

type Place = Awaited<ReturnType<typeof openPlace>>
/** Its own folder, port and password: kept, so that a process of ours that comes back finds its calls. */
async function openPlace(config: Config) {
  const home = homeIn(config.DATA)
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const password = kept(join(home, 'ari.secret'), () => randomBytes(24).toString('base64url'))
  const orphan = orphanOf(home)
  const lastPort = kept(join(home, 'port'), () => '0')
  const port = orphan !== null && lastPort !== '0' ? lastPort : String(await freePort(Number(lastPort)))
  writeFileSync(join(home, 'port'), port)
  const [sipHost = '', sipPort = ''] = config.ASTERISK_SIP.split(':')
  const [rtpStart = '', rtpEnd = ''] = config.ASTERISK_RTP.split('-')
  const env = {
    ...{ ARI_HOST: '127.0.0.1', ARI_PORT: port, ARI_USER: 'huiyin', ARI_PASSWORD: password },
    ...{ SIP_HOST: sipHost, SIP_PORT: sipPort, RTP_START: rtpStart, RTP_END: rtpEnd, EXTERNAL_ADDRESS: config.ASTERISK_EXTERNAL ?? '' },
  }
  return {
    home,
    run: join(home, 'run'),
    log: join(home, 'asterisk.log'),
    root: config.ASTERISK_DIR ?? '',
    env,
    given: JSON.stringify([config.ASTERISK_DIR, env]),
    url: `http://huiyin:${password}@127.0.0.1:${port}`,
    orphan,
  }
}

/** Starts it, or takes over the one that a crashed process of ours left with its calls, and keeps it alive: until we end, or a successor has taken it over. */
async function keepRunning(place: Place, log: Log): Promise<() => Promise<void>> {
  const [ownerFile, me] = [join(place.home, 'owner'), randomUUID()]
  writeFileSync(ownerFile, me)
  const isMine = () => existsSync(ownerFile) && readFileSync(ownerFile, 'utf8') === me
  forgetOld(join(place.run, 'spool/recording'))
  let stopping = false
  let running = (await adopt(place, log)) ?? launch(place)
  const wake = new AbortController()
  const supervised = (async () => {
    for (let failures = 0; ; ) {
      const since = Date.now()
      await running.over
      if (stopping || !isMine()) return
      // Whoever ran was sound; only one that dies as it starts is waited for longer and longer.
      failures = Date.now() - since > 10_000 ? 0 : failures + 1
      log.warn(`Asterisk ended: starting it again; its log is ${place.log}`)
      await wait(failures === 0 ? 0 : Math.min(30_000, 250 * 2 ** failures), undefined, { signal: wake.signal }).catch(() => {})
      if (stopping || !isMine()) return
      running = launch(place)
    }
  })()
  const lastAct = () => {
    if (isMine()) signal(running.pid, 'SIGTERM')
  }
  process.once('exit', lastAct)
  return async () => {
    stopping = true
    wake.abort()
    process.off('exit', lastAct)
    if (!isMine()) return
    await end(running)
    await supervised
    rmSync(pidFileIn(place.home), { force: true })
  }
}

function launch(place: Place): Running {
  if (existsSync(place.log) && statSync(place.log).size > 10 * 2 ** 20) renameSync(place.log, `${place.log}.1`)
  writeFileSync(join(place.home, 'given'), place.given, { mode: 0o600 })
  const log = openSync(place.log, 'a', 0o600)
  try {
    // Detached: whoever kills us does not end the calls; the next process of ours takes them over.
    const child: ChildProcess = spawn('bash', [join(scripts, 'run.sh'), place.root, place.run], {
      cwd: place.home,
      // It writes down itself which process it is: we may be killed any time.
      env: { PATH: process.env.PATH ?? '', PID_FILE: pidFileIn(place.home), ...place.env },
      detached: true,
      stdio: ['ignore', log, log],
    })
    const over = new Promise<void>(resolve => {
      child.once('exit', () => resolve())
      child.once('error', () => resolve())
    })
    child.unref()
    return { pid: child.pid ?? 0, over }
  } finally {
    closeSync(log)
  }
}

async function adopt(place: Place, log: Log): Promise<Running | null> {
  if (place.orphan === null) return null
  const running = { pid: place.orphan, over: gone(place.orphan, place.home) }
  if (kept(join(place.home, 'given'), () => '') === place.given) {
    log.info(`Asterisk (process ${running.pid}) was still running: taken over with its calls`)
    return running
  }
  log.info(`Asterisk (process ${running.pid}) was still running otherwise than wanted: ended`)
  await end(running)
  return null
}

const homeIn = (data: string) => join(data, 'asterisk')
const pidFileIn = (home: string) => join(home, 'pid')

/** The Asterisk of this data folder ends, whoever left it. */
export async function endOrphan(data: string): Promise<void> {
  const home = homeIn(data)
  const pid = orphanOf(home)
  if (pid !== null) await end({ pid, over: gone(pid, home) })
}

/** The process that was written down, if it still is what runs with our files: a number may be somebody else's by now. */
function orphanOf(home: string): number | null {
  const file = pidFileIn(home)
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0
  return pid > 0 && isOurs(pid, home) ? pid : null
}
function isOurs(pid: number, home: string): boolean {
  const run = join(home, 'run')
  try {
    // As run.sh, and as Asterisk, which it becomes.
    const given = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return given.includes(run) || given.includes(join(run, 'etc/asterisk.conf'))
  } catch {
    return false
  }
}
async function gone(pid: number, home: string): Promise<void> {
  while (isOurs(pid, home)) await wait(100, undefined, { ref: false })
}

async function end({ pid, over }: Running): Promise<void> {
  for (const [name, patience] of [
    ['SIGTERM', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    signal(pid, name)
    const timer = new AbortController()
    const ended = await Promise.race([over.then(() => true), wait(patience, false, { signal: timer.signal }).catch(() => false)])
    timer.abort()
    if (ended) return
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    if (pid > 0) process.kill(pid, name)
  } catch {
    // Gone already.
  }
}

function kept(file: string, make: () => string): string {
  if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o600 })
  return readFileSync(file, 'utf8').trim()
}

function forgetOld(folder: string): void {
  if (!existsSync(folder)) return
  const before = Date.now() - recordingDays * 86_400_000
  for (const name of readdirSync(folder)) if (statSync(join(folder, name)).mtimeMs < before) rmSync(join(folder, name), { force: true })
}

/** The same as last time, unless somebody else has it by now. */
const freePort = (wanted: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', error => (wanted === 0 ? reject(error) : resolve(freePort(0))))
    probe.listen({ port: wanted, host: '127.0.0.1', exclusive: true }, () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : wanted))
    })
  })
