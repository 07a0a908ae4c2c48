import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import pino from 'pino'
import * as z from 'zod'
import { Slug } from '#contract/identity.ts'
import { Language, Login, Password } from '#contract/people.ts'
import { createTenantWithAdmin } from '#domains/identity/index.ts'
import { newPool } from '#kernel/db.ts'
import { noHeeds } from '#kernel/heeds.ts'
import type { House } from '#kernel/house.ts'
import { newId } from '#kernel/ids.ts'
import { newLive } from '#kernel/live.ts'
import { newMetrics } from '#kernel/metrics.ts'
import { migrate } from '#kernel/migrate.ts'
import { asSystem } from '#kernel/react.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Config } from '../config.ts'
import { joinDatabase } from './database.ts'
import { StartFailure } from './faces.ts'

const Wanted = z.object({
  slug: Slug,
  name: z.string().trim().min(1),
  admin: z.string().trim().min(1),
  login: Login,
  password: Password,
  timezone: z.string(),
  language: Language,
})

/** `huiyin tenant create SLUG --name=…`: a password that was not given is made and shown once. */
export async function createTenantAsTold(config: Config, args: string[], say: (words: string) => void) {
  const wanted = read(args)
  const database = await joinDatabase(config, { info: () => {}, warn: say })
  try {
    await migrate(database.controlUrl)
    await withHouse(config, database, house =>
      asSystem(house, newId(), async ctx => {
        const { slug, name, timezone, language, admin, login, password } = wanted
        await createTenantWithAdmin(ctx, { slug, name, timezone, language }, { name: admin, login, password })
      }),
    )
    say(`${wanted.slug}  ${wanted.login}  ${wanted.password}`)
  } catch (error) {
    if (error instanceof Refusal)
      throw new StartFailure(error.code, `${error.code} ${JSON.stringify(error.facts)}`, `${error.code} ${JSON.stringify(error.facts)}`)
    throw error
  } finally {
    await database.stop()
  }
}

function read(args: string[]) {
  const text = { type: 'string' } as const
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { name: text, admin: text, login: text, password: text, timezone: text, language: text },
  })
  const found = Wanted.safeParse({
    admin: '管理员',
    login: 'admin',
    password: randomBytes(9).toString('base64url'),
    timezone: 'Asia/Shanghai',
    language: 'zh',
    ...values,
    slug: positionals[0],
  })
  if (found.success) return found.data
  const wrong = found.error.issues.map(issue => issue.path.join('.')).join(', ')
  throw new StartFailure('options.invalid', `这些参数不对或缺少：${wrong}`, `These options are missing or wrong: ${wrong}`)
}

/** A house for a command: the data, and nobody at the door. */
export async function withHouse(
  config: Config,
  { dataUrl, controlUrl }: { dataUrl: string; controlUrl: string },
  fn: (house: House) => Promise<void>,
) {
  const data = newPool(dataUrl, 2, 'huiyin command')
  const control = newPool(controlUrl, 2, 'huiyin command')
  try {
    await fn({
      data: () => data,
      control,
      clock: () => new Date(),
      log: pino({ level: 'silent' }),
      live: newLive(),
      redis: null,
      metrics: newMetrics(),
      key: createHash('sha256').update(config.SECRET_KEY).digest(),
      settings: { publicUrl: config.PUBLIC_URL ?? null, filesFolder: join(config.DATA, 'files'), sample: false, version: '' },
      authenticate: {},
      hearers: () => null,
      heeds: noHeeds(),
      runs: new Map(),
      standIn: async () => null,
      wakeRelay: () => {},
      background: new Set(),
    })
  } finally {
    await data.end()
    await control.end()
  }
}
