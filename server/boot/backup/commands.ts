import { createHash } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { type Config, keyFile } from '../../config.ts'
import { version } from '../../version.ts'
import { joinDatabase, openDatabase } from '../database.ts'
import { StartFailure } from '../faces.ts'
import { whoHolds } from '../lock.ts'
import { backUp } from './backup.ts'
import { restore } from './restore.ts'

type Say = (words: string) => void
const warn: Say = words => void process.stderr.write(`${words}\n`)
export const keyOf = (config: Config): Buffer => createHash('sha256').update(config.SECRET_KEY).digest()

/** `huiyin backup FILE [--tenant=SLUG] [--without-key]`: beside a running product or without it. */
export async function backUpAsTold(config: Config, args: string[], say: Say): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { tenant: { type: 'string' }, 'without-key': { type: 'boolean' } },
  })
  const file = fileOf(positionals, 'huiyin backup FILE [--tenant=SLUG] [--without-key]')
  const database = await joinDatabase(config, { info: () => {}, warn })
  try {
    const kept = values['without-key'] || process.env.SECRET_KEY ? null : await readFile(keyFile(config.DATA), 'utf8').catch(() => null)
    const source = {
      controlUrl: database.controlUrl,
      filesFolder: path.join(config.DATA, 'files'),
      key: keyOf(config),
      keptKey: kept,
      product: version,
      now: new Date(),
    }
    const { manifest, ending } = await backUp(source, file, values.tenant === undefined ? {} : { tenant: values.tenant })
    const rows = Object.values(ending.rows).reduce((sum, n) => sum + n, 0)
    const slugs = manifest.tenants.map(t => t.slug).join(', ')
    say(`${file}：${slugs}，${rows} 行，${ending.files} 个文件 / ${slugs}, ${rows} rows, ${ending.files} files`)
    if (ending.missing.length > 0)
      say(`  ${ending.missing.length} 个文件的内容已不在磁盘上 / the contents of ${ending.missing.length} files were gone from the disk`)
    if (manifest.whole)
      say(
        kept === null
          ? '  不含密钥：请另外保管 SECRET_KEY / without the key: keep SECRET_KEY elsewhere'
          : '  含密钥，请像保管数据库一样保管这个文件 / holds the key: keep this file as safe as the database',
      )
  } finally {
    await database.stop()
  }
}

/** `huiyin restore FILE`: the product must not run. */
export async function restoreAsTold(config: Config, args: string[], say: Say): Promise<void> {
  const { positionals } = parseArgs({ args, allowPositionals: true, options: {} })
  const file = fileOf(positionals, 'huiyin restore FILE')
  if (!config.DATABASE_URL && (await whoHolds(config.DATA)) !== null) throw running()
  const database = await openDatabase(config, { info: () => {}, warn })
  try {
    if (await isServed(database.controlUrl)) throw running()
    const key = keyFile(config.DATA)
    const { manifest, ending, secretsReadable } = await restore(
      {
        controlUrl: database.controlUrl,
        filesFolder: path.join(config.DATA, 'files'),
        key: keyOf(config),
        keepKey: process.env.SECRET_KEY
          ? null
          : async text => {
              await writeFile(`${key}.new`, text, { mode: 0o600 })
              await rename(`${key}.new`, key)
            },
      },
      file,
    )
    const rows = Object.values(ending.rows).reduce((sum, n) => sum + n, 0)
    const slugs = manifest.tenants.map(t => t.slug).join(', ')
    say(`${slugs}，${manifest.at}：${rows} 行，${ending.files} 个文件 / ${slugs} as of ${manifest.at}: ${rows} rows, ${ending.files} files`)
    if (!secretsReadable)
      say(
        '  密钥与备份时不同：第二因素和网站签名密钥须重新设置 / another key than the backup’s: second factors and site signatures must be set up anew',
      )
  } finally {
    await database.stop()
  }
}

const running = () => new StartFailure('restore.running', '产品正在运行，先停止它再恢复', 'The product is running: stop it, then restore')

async function isServed(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url })
  try {
    await client.connect()
    const { rows } = await client.query(
      `select 1 from pg_stat_activity where datname = current_database() and application_name in ('huiyin', 'huiyin control') limit 1`,
    )
    return rows.length > 0
  } finally {
    await client.end()
  }
}

function fileOf(positionals: readonly string[], usage: string): string {
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0) throw new StartFailure('options.invalid', `用法：${usage}`, `Usage: ${usage}`)
  return path.resolve(file)
}
