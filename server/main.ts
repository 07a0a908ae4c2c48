import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import pino from 'pino'
import { sampleAtStart } from '#domains/sample/index.ts'
import { hasten, newPool } from '#kernel/db.ts'
import { noHeeds } from '#kernel/heeds.ts'
import type { House } from '#kernel/house.ts'
import { servePages } from '#kernel/http.ts'
import { newLive } from '#kernel/live.ts'
import { newMetrics } from '#kernel/metrics.ts'
import { migrate } from '#kernel/migrate.ts'
import { openRedis } from '#kernel/redis.ts'
import { startWorker } from '#kernel/worker.ts'
import { openTelephones } from './boot/asterisk.ts'
import { type Database, openDatabase } from './boot/database.ts'
import { bar } from './boot/progress.ts'
import { readConfig } from './config.ts'
import { furnish } from './furnish.ts'
import { version } from './version.ts'

/** Starts the product. Returns when log-in is possible; `stop` ends it in good order. `opening`: the database, when its start was begun before. */
export async function serveHouse(
  env: NodeJS.ProcessEnv = process.env,
  opening?: Promise<Database>,
): Promise<{ url: string; house: House; stop: () => Promise<void> }> {
  const config = readConfig(env)
  const log = pino({ level: config.LOG_LEVEL })
  // A promise of a library that nobody waited for is a bug to be read about, not a reason to hang up on everyone.
  const unheard = (error: unknown) => log.error({ err: error }, 'a failure that nobody waited for')
  process.on('unhandledRejection', unheard)
  const {
    dataUrl,
    controlUrl,
    stop: closeDatabase,
  } = await (opening ?? openDatabase(config, { info: text => log.debug(text), warn: text => log.warn(text) }))
  await migrate(controlUrl)

  const data = newPool(dataUrl, 24, 'huiyin')
  const control = newPool(controlUrl, 16, 'huiyin control')
  control.on('connect', client => void hasten(client))
  const filesFolder = path.join(config.DATA, 'files')
  mkdirSync(filesFolder, { recursive: true })
  const roles = (['web', 'worker', 'voice'] as const).filter(role => config.HUIYIN_ROLES.includes(role))
  const telephones = await openTelephones(config, roles.includes('voice'), log)
  const house: House = {
    data: () => data,
    control,
    clock: () => new Date(),
    log,
    live: newLive(),
    redis: config.REDIS_URL ? await openRedis(config.REDIS_URL, log) : null,
    metrics: newMetrics(),
    key: createHash('sha256').update(config.SECRET_KEY).digest(),
    settings: {
      publicUrl: config.PUBLIC_URL ?? null,
      filesFolder,
      sample: config.SAMPLE,
      version,
      openMetrics: config.METRICS === 'open',
      privateHosts: config.PRIVATE_HOSTS,
      practiceLine: config.PRACTICE_LINE,
      telephones: telephones.nodes,
      iceServers: config.ICE_SERVERS,
      trustedProxies: config.TRUSTED_PROXIES,
    },
    authenticate: {},
    hearers: () => null,
    heeds: noHeeds(),
    runs: new Map(),
    standIn: async () => null,
    wakeRelay: () => {},
    background: new Set(),
  }
  const { app, endpoints, reactions, startLoops, stop: unfurnish } = await furnish(house)
  if (config.SAMPLE)
    await sampleAtStart(house, controlUrl, { size: config.SAMPLE_SIZE, language: config.SAMPLE_LANGUAGE, now: house.clock(), tell: bar() })
  await servePages({ app, house, endpoints })
  const url = await app.listen({ port: config.PORT, host: config.HOST })
  const worker = roles.includes('worker') ? await startWorker(house, reactions) : null
  const loops = startLoops(roles)

  return {
    url,
    house,
    stop: async () => {
      await unfurnish()
      await app.close()
      await loops.stop()
      await telephones.stop()
      await worker?.stop()
      await Promise.all(house.background)
      await data.end()
      await control.end()
      house.redis?.destroy()
      await closeDatabase()
      process.off('unhandledRejection', unheard)
    },
  }
}
