import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Binaries } from './binaries.ts'
import { codeOf, face, writeFailure } from './faces.ts'
import { type Account, canReach } from './roles.ts'

const run = promisify(execFile)
export const superuser = 'huiyin'

/** Where everything of the embedded database lies. `home` belongs to us, `cluster` to the account that runs it. */
export type Place = { home: string; cluster: string; sockets: string; log: string; port: string }

/**
 * `<data>/postgres`. The account must be able to go there: a data folder of ours is opened for passing through (what is in it stays closed);
 * when a folder above it is closed (below /root, say), it is a link to a folder under /var/lib/huiyin.
 */
export function openPlace(data: string, account: Account, cluster = 'cluster'): Place {
  const home = join(data, 'postgres')
  try {
    if (!canReach(home, account) && canReach(data, account)) chmodSync(data, statSync(data).mode | 0o111)
    if (!existsSync(home)) {
      rmSync(home, { force: true })
      if (canReach(home, account)) mkdirSync(home)
      else symlinkSync(elsewhere(data), home)
    }
    const real = realpathSync(home)
    chmodSync(real, 0o711)
    if (!canReach(join(real, cluster), account)) throw face.dataNotWritable(real, `${account?.name ?? ''} EACCES`)
    const sockets = join(real, 'run')
    mkdirSync(sockets, { recursive: true })
    chmodSync(sockets, 0o700)
    if (account) chownSync(sockets, account.uid, account.gid)
    return { home: real, cluster: join(real, cluster), sockets, log: join(real, 'server.log'), port: join(real, 'port') }
  } catch (error) {
    throw codeOf(error) === 'EPERM' && account ? face.cannotDropRoot(account.name) : writeFailure(error, home)
  }
}

function elsewhere(data: string) {
  const folder = `/var/lib/huiyin/${realpathSync(data).replaceAll('/', '-').slice(1)}-${randomBytes(4).toString('hex')}`
  mkdirSync(folder, { recursive: true })
  chmodSync(dirname(folder), 0o711)
  return folder
}

/** Made beside its place and moved there when whole: a start that was interrupted leaves nothing half made. */
export async function makeCluster(place: Place, binaries: Binaries, account: Account): Promise<void> {
  const making = join(place.home, 'cluster.making')
  const secret = join(place.home, 'password.making')
  rmSync(making, { recursive: true, force: true })
  try {
    mkdirSync(making, { mode: 0o700 })
    writeFileSync(secret, password(place), { mode: 0o600 })
    if (account) for (const path of [making, secret]) chownSync(path, account.uid, account.gid)
    const common = ['-D', making, '-U', superuser, '--auth=scram-sha-256', `--pwfile=${secret}`, '--encoding=UTF8', '--locale=C']
    const shm = roomyShm() ? [] : ['--set=dynamic_shared_memory_type=mmap']
    const byIcu = ['--locale-provider=icu', '--icu-locale=und']
    const options = { ...account, env: quietEnvironment(), cwd: place.home, timeout: 60_000 }
    await run(binaries.initdb, [...common, ...shm, ...byIcu], options).catch(error => {
      if (!/ICU/i.test(String(error.stderr))) throw error
      return run(binaries.initdb, [...common, ...shm, '--locale-provider=builtin', '--builtin-locale=C.UTF-8'], options)
    })
    renameSync(making, place.cluster)
  } catch (error) {
    rmSync(making, { recursive: true, force: true })
    throw startFault(error, place, account)
  } finally {
    rmSync(secret, { force: true })
  }
}

/** The major version that wrote a cluster. */
export const versionOf = (place: Place): string => readFileSync(join(place.cluster, 'PG_VERSION'), 'utf8').trim()

/** A whole cluster that waits to take the place of an older one. */
export const upgraded = (place: Place): string => `${place.cluster}.upgraded`

/** The older one was put aside and the new one did not come to its place any more: it does now. */
export function finishUpgrade(place: Place): void {
  if (!existsSync(place.cluster) && existsSync(upgraded(place))) renameSync(upgraded(place), place.cluster)
}

/** Kept beside the cluster, for nobody but us. */
export function password(place: Place): string {
  const file = join(place.home, 'password')
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 })
  return readFileSync(file, 'utf8')
}

/** What it runs with. One machine, many short transactions, a few tables that change all the time. */
export function settings(place: Place, port: number, durable: boolean): string[] {
  const cpus = availableParallelism()
  const megabytes = Math.floor(memoryBytes() / 2 ** 20)
  // Taken as it is used, but for Windows, where it counts from the start.
  const mostShared = process.platform === 'win32' ? 256 : 4096
  const wanted: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: hasSocket(place) ? place.sockets : '',
    unix_socket_permissions: '0700',
    max_connections: 200,
    shared_buffers: `${Math.min(mostShared, Math.max(32, Math.floor(megabytes / 8)))}MB`,
    effective_cache_size: `${Math.max(128, Math.floor(megabytes / 2))}MB`,
    maintenance_work_mem: '128MB',
    work_mem: '8MB',
    wal_compression: 'on',
    min_wal_size: '128MB',
    max_wal_size: '2GB',
    checkpoint_timeout: '15min',
    random_page_cost: 1.1,
    jit: 'off',
    max_parallel_workers_per_gather: Math.min(2, Math.floor(cpus / 2)),
    dynamic_shared_memory_type: roomyShm() ? 'posix' : 'mmap',
    autovacuum_naptime: '10s',
    autovacuum_vacuum_cost_delay: 0,
    autovacuum_vacuum_insert_scale_factor: 0.1,
    log_timezone: 'UTC',
    timezone: 'UTC',
    log_checkpoints: 'off',
    log_parameter_max_length: 0,
    log_parameter_max_length_on_error: 0,
    // Thrown away after a few minutes: what the planner knows comes from what a test analyses, never from when autovacuum came by.
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'off' }),
  }
  if (process.platform === 'win32') for (const name of ['dynamic_shared_memory_type', 'unix_socket_permissions']) delete wanted[name]
  return Object.entries(wanted).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/** Of the machine, or of the container when that has less. */
function memoryBytes(): number {
  const given = process.constrainedMemory()
  return given > 0 ? Math.min(given, totalmem()) : totalmem()
}

/** The name of a Unix socket holds 107 bytes, and the setting is a list parted by commas: other folders use 127.0.0.1 instead. */
export const hasSocket = (place: Place) =>
  process.platform !== 'win32' && !/[,"]/.test(place.sockets) && Buffer.byteLength(`${place.sockets}/.s.PGSQL.65535`) < 104

/** Containers often have 64 MB of /dev/shm, less than parallel queries may ask for: then segments are files of the cluster. */
export function roomyShm(): boolean {
  if (process.platform !== 'linux') return true
  try {
    const { bsize, blocks } = statfsSync('/dev/shm')
    return bsize * blocks >= 256 * 2 ** 20
  } catch {
    return false
  }
}

/** postmaster.pid as the server writes it; `ready` once it takes connections. */
export function readPid(place: Place): { pid: number; ready: boolean } | null {
  try {
    const lines = readFileSync(join(place.cluster, 'postmaster.pid'), 'utf8').split('\n')
    return { pid: Math.abs(Number(lines[0])), ready: lines[7]?.trim() === 'ready' }
  } catch {
    return null
  }
}

export const removePid = (place: Place) => rmSync(join(place.cluster, 'postmaster.pid'), { force: true })

/** After a crash of the machine the number may belong to another program. */
export async function isOurServer(pid: number, place: Place): Promise<boolean> {
  try {
    process.kill(pid, 0)
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(place.cluster)
    if (process.platform === 'win32') return true
    return (await run('ps', ['-o', 'command=', '-p', String(pid)])).stdout.includes(place.cluster)
  } catch {
    return false
  }
}

/** Whether it was started by this very command, as it recorded it. */
export function wasStartedBy(place: Place, program: string, given: string[]): boolean {
  try {
    return readFileSync(join(place.cluster, 'postmaster.opts'), 'utf8').trim() === [program, ...given.map(each => `"${each}"`)].join(' ')
  } catch {
    return false
  }
}

export const quietEnvironment = () => ({
  PATH: process.env.PATH ?? '',
  LC_ALL: 'C',
  TZ: 'UTC',
  ...(process.env.SystemRoot ? { SystemRoot: process.env.SystemRoot } : {}),
})

export function startFault(error: unknown, place: Place, account: Account): unknown {
  const code = codeOf(error)
  if (code === 'EPERM' && account) return face.cannotDropRoot(account.name)
  if (code === 'ENOSPC' || /No space left/.test(String(error))) return face.diskFull(place.home)
  return error instanceof Error && 'stderr' in error ? face.databaseBroken(place.log, lastWords(String(error.stderr))) : error
}

export const lastWords = (text: string) =>
  text
    .split('\n')
    .filter(line => /FATAL|PANIC|error/i.test(line))
    .at(-1)
    ?.replace(/^.*?(FATAL|PANIC|error):\s*/i, '') ??
  (text.trim().split('\n').at(-1) || 'it ended without a word')

export function tail(file: string): string {
  if (!existsSync(file)) return ''
  const size = statSync(file).size
  const chunk = Buffer.alloc(Math.min(size, 4000))
  const handle = openSync(file, 'r')
  readSync(handle, chunk, 0, chunk.length, size - chunk.length)
  closeSync(handle)
  return chunk.toString()
}
