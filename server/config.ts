import { randomBytes } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import * as z from 'zod'
import { codeOf, face, writeFailure } from './boot/faces.ts'

/** What stands beside each setting: why it exists, what a right value looks like, and whether it may be printed. */
type Note = { why: string; like: string; secret?: boolean }
const notes = z.registry<Note>()
const setting = <S extends z.ZodType>(schema: S, why: string, like: string, secret = false): S => {
  notes.add(schema, { why, like, secret })
  return schema
}
const roles = ['web', 'worker', 'voice'] as const
const url = (...schemes: string[]) => z.url({ protocol: new RegExp(`^(${schemes.join('|')})$`) })

/** Every setting of the product. The names are the environment's; nothing else is configured anywhere else. */
const Settings = z.object({
  PORT: setting(
    z
      .string()
      .regex(/^\d{1,5}$/)
      .transform(Number)
      .pipe(z.int().max(65535))
      .default(8200),
    'where browsers find the product; 0 takes any free port',
    '0 … 65535',
  ),
  HOST: setting(
    z
      .string()
      .regex(/^[\w.:-]+$/)
      .default('127.0.0.1'),
    'address to listen on: this machine only, unless you say 0.0.0.0',
    '127.0.0.1 | 0.0.0.0 | …',
  ),
  PUBLIC_URL: setting(url('https?').optional(), 'the address customers and colleagues use; goes into links and the widget', 'https://…'),
  DATA: setting(
    z
      .string()
      .min(1)
      .default('./data')
      .transform(path => resolve(path)),
    'folder of the embedded database, files, and the secret key',
    './data',
  ),
  DATABASE_URL: setting(
    url('postgres', 'postgresql').optional(),
    'a PostgreSQL 15 or newer of yours; without it the embedded one is used',
    'postgres://user:password@host:5432/database',
    true,
  ),
  DATABASE_CONTROL_URL: setting(
    url('postgres', 'postgresql').optional(),
    'jobs, LISTEN and migrations, when DATABASE_URL points at a pooler or a distributed database',
    'postgres://user:password@host:5432/database',
    true,
  ),
  REDIS_URL: setting(
    url('rediss?').optional(),
    'fan-out of live updates and shared rate limits between several processes',
    'redis://host:6379',
    true,
  ),
  SAMPLE: setting(
    z
      .enum(['on', 'off'])
      .default('on')
      .transform(text => text === 'on'),
    'an empty database is filled with the sample centre; off shows the set-up page instead',
    'on | off',
  ),
  SAMPLE_SIZE: setting(
    z.enum(['S', 'M', 'L']).default('S'),
    'a year of history: 10 thousand, 1 million or 10 million interactions',
    'S | M | L',
  ),
  SAMPLE_LANGUAGE: setting(z.enum(['zh', 'en']).default('zh'), 'language of the names and texts in the sample centre', 'zh | en'),
  HUIYIN_ROLES: setting(
    z
      .string()
      .default(roles.join())
      .transform(text => text.split(',').map(role => role.trim()))
      .pipe(z.array(z.enum(roles)).min(1)),
    'which parts this process plays',
    roles.join(),
  ),
  SECRET_KEY: setting(
    z.string().min(32).optional(),
    'encrypts stored secrets and signs links; made once and kept in the data folder when unset',
    '≥ 32 × a-z 0-9',
    true,
  ),
  METRICS: setting(
    z.enum(['local', 'open']).default('local'),
    'who may read /metrics: this machine only, or whoever reaches the port',
    'local | open',
  ),
  LOG_LEVEL: setting(
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    'how much is logged',
    'fatal | error | warn | info | debug | trace | silent',
  ),
})

export type Config = z.output<typeof Settings> & { SECRET_KEY: string }

/** Reads the environment; a wrong value or an unusable data folder stops the start with one clear line. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const named = Object.fromEntries(Object.keys(Settings.shape).map(name => [name, env[name] || undefined]))
  const parsed = Settings.safeParse(named)
  if (!parsed.success) {
    const name = String(parsed.error.issues[0]?.path[0] ?? '')
    const note = noteOf(name)
    throw face.badSetting(name, note?.secret ? '…' : (env[name] ?? ''), note?.like ?? 'right')
  }
  openDataFolder(parsed.data.DATA)
  return { ...parsed.data, SECRET_KEY: parsed.data.SECRET_KEY ?? keptSecret(parsed.data.DATA) }
}

/** Every setting for people: what it is, where it came from, and why it exists. Secrets keep to themselves. */
export function describeConfig(config: Config, env: NodeJS.ProcessEnv = process.env) {
  return Object.entries(config).map(([name, value]) => {
    const note = noteOf(name)
    const text = typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value ?? '—')
    const shown = note?.secret && value !== undefined ? hidden(text) : text
    return { name, value: shown, set: Boolean(env[name]), why: note?.why ?? '', like: note?.like ?? '' }
  })
}

const shape: Record<string, z.ZodType> = Settings.shape
const noteOf = (name: string) => {
  const schema = shape[name]
  return schema && notes.get(schema)
}

const hidden = (value: string) => (value.includes('://') ? value.replace(/\/\/[^@/]*@/, '//…@') : '…')

function openDataFolder(folder: string) {
  try {
    make(folder)
    accessSync(folder, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw writeFailure(error, folder)
  }
}

/** `mkdir` with `recursive` never comes back where a file system answers ENOENT to every name, as /proc does. */
function make(folder: string) {
  if (existsSync(folder)) return
  make(dirname(folder))
  mkdirSync(folder)
}

function keptSecret(folder: string): string {
  const file = join(folder, 'secret.key')
  try {
    // Two processes may start at once: only one of them creates the file, both read it.
    writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw writeFailure(error, folder)
  }
  return readFileSync(file, 'utf8').trim()
}
