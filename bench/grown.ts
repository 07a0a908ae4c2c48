import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { openDatabase } from '../server/boot/database.ts'
import { dropFolder, root } from './measure.ts'
import { addNeighbour } from './neighbour.ts'

export type Size = 'S' | 'M' | 'L'

/**
 * A data folder with the sample centre of that size, and a neighbour with a twentieth of it. Kept and used again for as long as migrations and generator are the same.
 * BENCH_CACHE says where (~/.cache/huiyin); BENCH_DATA_M (or S, L) names a folder to be used as it is.
 */
export async function grown(size: Size, say: (words: string) => void): Promise<string> {
  const given = process.env[`BENCH_DATA_${size}`]
  if (given) return given
  return kept(size, stamp(), say, async folder => {
    await command(['sample', `--size=${size}`], folder)
    await withDatabase(folder, addNeighbour)
  })
}

/** A folder made once under a name, and again when what it was made by has changed. */
export async function kept(
  size: string,
  stamped: string,
  say: (words: string) => void,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const cache = process.env.BENCH_CACHE || path.join(homedir(), '.cache', 'huiyin')
  const folder = path.join(cache, `${size}-${stamped}`)
  if (existsSync(path.join(folder, 'whole'))) return folder
  mkdirSync(cache, { recursive: true })
  for (const name of readdirSync(cache)) if (name.startsWith(`${size}-`)) dropFolder(path.join(cache, name))
  say(`  growing the sample centre to ${size}, kept in ${cache}`)
  const began = performance.now()
  await make(folder)
  writeFileSync(path.join(folder, 'whole'), '')
  say(`  ${size} stands after ${Math.round((performance.now() - began) / 1000)} s`)
  return folder
}

/** The database of a folder whose product does not run, with the rights of its owner. */
export async function withDatabase<T>(folder: string, fn: (client: pg.Client, url: string) => Promise<T>): Promise<T> {
  const database = await openDatabase({ DATA: folder }, { info: () => {}, warn: () => {} })
  const client = new pg.Client({ connectionString: database.controlUrl })
  try {
    await client.connect()
    return await fn(client, database.controlUrl)
  } finally {
    await client.end()
    await database.stop()
  }
}

export function stamp(): string {
  const hash = createHash('sha256')
  for (const folder of ['migrations', 'server/domains/sample'])
    for (const name of readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).sort())
      if (/\.(sql|ts)$/.test(name) && !name.endsWith('.test.ts'))
        hash.update(`${name}\n`).update(readFileSync(path.join(root, folder, name)))
  return hash.digest('hex').slice(0, 12)
}

export const command = (args: string[], folder: string) =>
  new Promise<void>((resolve, reject) => {
    const child = spawn(path.join(root, 'node_modules/.bin/node'), [path.join(root, 'tools/huiyin.mjs'), ...args], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DATA: folder },
    })
    child.on('error', reject)
    child.on('exit', code => (code === 0 ? resolve() : reject(new Error(`huiyin ${args.join(' ')} ended with code ${code}`))))
  })
