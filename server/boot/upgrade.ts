import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import type { Config } from '../config.ts'
import { version } from '../version.ts'
import { backUp } from './backup/backup.ts'
import { keyOf } from './backup/commands.ts'
import { restore } from './backup/restore.ts'
import { findBinaries, findOlder, howToGet } from './binaries.ts'
import { finishUpgrade, openPlace, type Place, upgraded, versionOf } from './cluster.ts'
import { startEmbedded } from './embedded.ts'
import { face, StartFailure } from './faces.ts'
import { lockFolder, whoHolds } from './lock.ts'
import { databaseAccount } from './roles.ts'

type Say = (words: string) => void
const quiet = { info: () => {}, warn: (words: string) => void process.stderr.write(`${words}\n`) }
const making = 'cluster.upgrading'

/**
 * `huiyin upgrade [--binaries=FOLDER]`: the data of an embedded cluster that an older PostgreSQL wrote moves into one of today's. The old programs read, ours
 * write, and what stands between them is a backup. Until the new cluster is whole nothing of the old one is touched, and afterwards it is kept beside it.
 */
export async function upgradeAsTold(config: Config, args: string[], say: Say): Promise<void> {
  const { values } = parseArgs({ args, options: { binaries: { type: 'string' } } })
  const folder = config.DATA
  const account = databaseAccount(join(folder, 'postgres/cluster'))
  const ours = findBinaries(account)
  if (config.DATABASE_URL || !existsSync(join(folder, 'postgres'))) return say(nothingToDo(ours.major))
  const holder = await whoHolds(folder)
  if (holder !== null) throw face.anotherInstance(folder, holder)
  const place = openPlace(folder, account)
  finishUpgrade(place)
  if (!existsSync(place.cluster)) return say(nothingToDo(ours.major))
  const major = versionOf(place)
  if (Number(major) > Number(ours.major)) throw face.newerVersion(place.home, major, ours.major)
  if (major === ours.major) return say(nothingToDo(ours.major))
  const older = findOlder(major, account, values.binaries)
  if (older === null) throw face.noOlderBinaries(major, howToGet(major))

  const alone = await lockFolder(place.home)
  const file = join(place.home, 'upgrade.huiyin')
  try {
    // What an upgrade that was broken off left behind; the old cluster may have gone on since.
    for (const left of [join(place.home, making), upgraded(place), file, `${file}.part`]) rmSync(left, { recursive: true, force: true })
    say(`PostgreSQL ${older.version} → ${ours.version}`)
    const there = await readOut(config, older, file)
    say(there === null ? '  没有数据 / no data' : `  读出 ${there} 行 / ${there} rows read`)
    await fillNew(config, there === null ? null : file)
    const kept = takeItsPlace(place, major)
    say(
      `  完成：现在可以启动。旧数据保留在 ${kept}，确认无误后可以删除。\n  Done: start the product. The old data is kept in ${kept}; remove it when all is well.`,
    )
  } finally {
    for (const left of [join(place.home, making), file]) rmSync(left, { recursive: true, force: true })
    await alone.release()
  }
}

const nothingToDo = (major: string) =>
  `数据目录已是 PostgreSQL ${major} 的，没有可做的 / the data folder is of PostgreSQL ${major} already: nothing to do`

/** Everything into a backup; the contents of files stay where they are. Null when nobody has ever worked here. */
async function readOut(config: Config, older: ReturnType<typeof findBinaries>, file: string): Promise<number | null> {
  const old = await startEmbedded({ folder: config.DATA, log: quiet, binaries: older })
  try {
    if (!(await isSetUp(old.url))) return null
    const source = { controlUrl: old.url, filesFolder: null, key: keyOf(config), keptKey: null, product: version, now: new Date() }
    const { ending } = await backUp(source, file)
    return Object.values(ending.rows).reduce((sum, n) => sum + n, 0)
  } catch (error) {
    if (error instanceof StartFailure && error.code === 'backup.nothing') return null
    throw error
  } finally {
    await old.stop()
  }
}

async function isSetUp(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(`select 1 where to_regclass('public.huiyin_migration') is not null`)).rows.length > 0
  } finally {
    await client.end()
  }
}

async function fillNew(config: Config, file: string | null) {
  const next = await startEmbedded({ folder: config.DATA, log: quiet, cluster: making })
  try {
    const target = { controlUrl: next.url, filesFolder: join(config.DATA, 'files'), key: keyOf(config), keepKey: null }
    if (file !== null) await restore(target, file)
  } finally {
    await next.stop()
  }
}

/** Three renames: broken off before the second, the old cluster is still in its place; after it, the next start does the third. */
function takeItsPlace(place: Place, major: string): string {
  let kept = `${place.cluster}-${major}`
  for (let n = 2; existsSync(kept); n++) kept = `${place.cluster}-${major}-${n}`
  renameSync(join(place.home, making), upgraded(place))
  renameSync(place.cluster, kept)
  finishUpgrade(place)
  return kept
}
