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
/** `turn:user:password@host:port`: browsers want the three apart. */
function readIce(text: string): { urls: string; username?: string; credential?: string } {
  const [, scheme = '', username, credential, host = ''] = /^(\w+):(?:([^:@]+):([^@]+)@)?(.+)$/.exec(text) ?? []
  return username === undefined || credential === undefined
    ? { urls: `${scheme}:${host}` }
    : { urls: `${scheme}:${host}`, username, credential }
}
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
  TRUSTED_PROXIES: setting(
    z
      .string()
      .default('loopback')
      .transform(text => text.split(',').map(each => each.trim()))
      .pipe(z.array(z.union([z.enum(['loopback', 'linklocal', 'uniquelocal']), z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])).min(1)),
    'proxies whose word is taken for the address of a visitor and for TLS; others may say what they like',
    'loopback | uniquelocal | 10.0.0.0/8 | …',
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
  PRIVATE_HOSTS: setting(
    z
      .string()
      .regex(/^[\w.:*-]*(\s*,\s*[\w.:*-]+)*$/)
      .default('')
      .transform(text => text.split(',').flatMap(host => host.trim() || [])),
    'mail servers and gateways of your own network that messages may go through; all others must have public addresses',
    'mail.internal,10.0.0.5 | *',
  ),
  PRACTICE_LINE: setting(
    z
      .enum(['on', 'off'])
      .default('on')
      .transform(text => text === 'on'),
    'telephones between two browsers of this installation, to try and to train; off: nobody plays a customer here',
    'on | off',
  ),
  ASTERISK_DIR: setting(
    z
      .string()
      .min(1)
      .transform(folder => resolve(folder))
      .optional(),
    'an unpacked Asterisk that we start and end ourselves (tools/asterisk/install.sh DIR); without one there is the practice line alone',
    '/opt/huiyin/asterisk',
  ),
  ASTERISK_ARI_URL: setting(
    z
      .string()
      .transform(text => text.split(',').map(each => each.trim()))
      .pipe(z.array(url('https?').refine(address => new URL(address).username !== '' && new URL(address).password !== '')).max(20))
      .default([]),
    'Asterisk nodes of yours, by their REST interface; a call stays on one of them',
    'http://user:password@10.0.0.5:8088,…',
    true,
  ),
  ASTERISK_SIP: setting(
    z
      .string()
      .regex(/^\d{1,3}(\.\d{1,3}){3}:\d{2,5}$/)
      .default('127.0.0.1:5060'),
    'where the Asterisk we start listens for trunks; carriers reach it only at an address of a network they reach',
    '0.0.0.0:5060',
  ),
  ASTERISK_RTP: setting(
    z
      .string()
      .regex(/^\d{4,5}-\d{4,5}$/)
      .default('20000-29999'),
    'UDP ports of the sound, two to a leg; the firewall lets them through to browsers and carriers',
    '20000-29999',
  ),
  ASTERISK_EXTERNAL: setting(
    z.ipv4().optional(),
    'the public address of the Asterisk we start, when it stands behind an address translation',
    '203.0.113.7',
  ),
  ICE_SERVERS: setting(
    z
      .string()
      .regex(/^((stun|turns?):([^\s:@,]+:[^\s@,]+@)?[^\s@,]+)(\s*,\s*(stun|turns?):([^\s:@,]+:[^\s@,]+@)?[^\s@,]+)*$/)
      .transform(text => text.split(',').map(each => readIce(each.trim())))
      .default([]),
    'how phones in browsers find a way through other networks; none is needed within one',
    'stun:stun.example.com:3478,turn:user:password@turn.example.com:3478',
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
    const text = typeof value === 'boolean' ? (value ? 'on' : 'off') : said(value)
    const shown = note?.secret && value !== undefined ? hidden(text) : text
    return { name, value: shown, set: Boolean(env[name]), why: note?.why ?? '', like: note?.like ?? '' }
  })
}

const shape: Record<string, z.ZodType> = Settings.shape
const noteOf = (name: string) => {
  const schema = shape[name]
  return schema && notes.get(schema)
}

/** Of several, each as it is; what has no text of its own is hidden. */
const said = (value: unknown): string =>
  Array.isArray(value) ? value.map(each => (typeof each === 'object' ? '…' : String(each))).join() || '—' : String(value ?? '—')
const hidden = (value: string) => (value === '—' ? value : value.includes('://') ? value.replace(/\/\/[^@/,]*@/g, '//…@') : '…')

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

/** Where the installation keeps its own key when none is given. */
export const keyFile = (folder: string): string => join(folder, 'secret.key')

function keptSecret(folder: string): string {
  const file = keyFile(folder)
  try {
    // Two processes may start at once: only one of them creates the file, both read it.
    writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw writeFailure(error, folder)
  }
  return readFileSync(file, 'utf8').trim()
}
