import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Embedded, startEmbedded } from './embedded.ts'
import { removeData } from './removeData.ts'
import { canReach } from './roles.ts'
import { begin, isRoot, ownFolder } from './testing.ts'

vi.setConfig({ testTimeout: 60_000 })

let folder: ReturnType<typeof ownFolder>
let words: string[]
let running: Embedded[]
beforeEach(() => {
  folder = ownFolder()
  words = []
  running = []
})
afterEach(async () => {
  for (const each of running) await each.stop()
  folder.remove()
})

const log = { info: (line: string) => void words.push(line), warn: (line: string) => void words.push(line) }
async function start(where = folder.path) {
  const started = await startEmbedded({ folder: where, log })
  running.push(started)
  return started
}
async function ask(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  const { rows } = await client.query({ text: statement, rowMode: 'array' })
  await client.end()
  return rows.flat()
}
async function until<T>(fn: () => Promise<T>): Promise<T> {
  for (const ends = Date.now() + 15_000; ; ) {
    try {
      return await fn()
    } catch (error) {
      if (Date.now() > ends) throw error
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
}

describe('the embedded PostgreSQL', () => {
  test('is UTF-8, sorts Chinese, syncs to the disk and listens on this machine only', async () => {
    const { url } = await start()
    expect(await ask(url, `select pg_encoding_to_char(encoding) from pg_database where datname = 'huiyin'`)).toEqual(['UTF8'])
    expect(await ask(url, `select name from (values ('重庆'), ('安庆'), ('北京')) t(name) order by name collate "zh-x-icu"`)).toEqual([
      '安庆',
      '北京',
      '重庆',
    ])
    expect(
      await ask(url, `select current_setting('fsync'), current_setting('synchronous_commit'), current_setting('listen_addresses')`),
    ).toEqual(['on', 'on', '127.0.0.1'])
    expect(await ask(url, `select current_setting('password_encryption')`)).toEqual(['scram-sha-256'])
  })

  test('lets nobody in without the password, which only its owner reads', async () => {
    const { url } = await start()
    await expect(ask(url.replace(/:[^:@]+@/, ':guess@'), 'select 1')).rejects.toThrow('password authentication failed')
    const port = readFileSync(join(folder.path, 'postgres/port'), 'utf8')
    await expect(ask(`postgres://huiyin@127.0.0.1:${port}/huiyin`, 'select 1')).rejects.toThrow()
    expect(statSync(join(folder.path, 'postgres/password')).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder.path, 'postgres/cluster')).mode & 0o777).toBe(0o700)
  })

  test('keeps its rows and its address over a stop', async () => {
    const first = await start()
    await ask(first.url, 'create table kept as select 7 as n')
    await first.stop()
    const second = await start()
    expect(second.url).toBe(first.url)
    expect(await ask(second.url, 'select n from kept')).toEqual([7])
  })

  test('comes back by itself when it is killed, with every acknowledged row', async () => {
    const server = await start()
    const deaths: unknown[] = []
    server.onExit(exit => deaths.push(exit))
    await ask(server.url, 'create table kept as select 1 as n')
    const before = server.pid
    process.kill(before, 'SIGKILL')
    expect(await until(() => ask(server.url, 'select n from kept'))).toEqual([1])
    expect(server.pid).not.toBe(before)
    expect(deaths).toEqual([{ code: null, signal: 'SIGKILL' }])
  })

  test('is taken over when our process was killed and it was not', async () => {
    const product = begin(['serve'], { env: { DATA: folder.path } })
    await product.heard(/http:\/\/[\d.:]+/)
    const pid = Number(readFileSync(join(folder.path, 'postgres/cluster/postmaster.pid'), 'utf8').split('\n')[0])
    product.child.kill('SIGKILL')
    await product.ended
    const server = await start()
    expect(server.pid).toBe(pid)
    expect(words.join()).toContain('taken over')
    expect(await ask(server.url, 'select count(*)::int > 0 from public.huiyin_migration')).toEqual([true])
    process.kill(pid, 'SIGKILL')
    expect(await until(() => ask(server.url, 'select 1'))).toEqual([1])
    expect(server.pid).not.toBe(pid)
  })

  test('is not fooled by a number that another program has by now', async () => {
    const server = await start()
    await server.stop()
    writeFileSync(
      join(folder.path, 'postgres/cluster/postmaster.pid'),
      `${process.pid}\n${folder.path}/postgres/cluster\n1\n1\n\n\n\nready   \n`,
    )
    const next = await start()
    expect(next.pid).not.toBe(process.pid)
    expect(await ask(next.url, 'select 1')).toEqual([1])
  })

  test('finishes what an interrupted first start had begun', async () => {
    mkdirSync(join(folder.path, 'postgres/cluster.making'), { recursive: true })
    writeFileSync(join(folder.path, 'postgres/cluster.making/PG_VERSION'), '18')
    expect(await ask((await start()).url, 'select 1')).toEqual([1])
  })

  test.each(['回音 data', 'a,b', 'x'.repeat(100)])('runs in a folder called %s', async name => {
    const data = join(folder.path, name)
    mkdirSync(data)
    expect(await ask((await start(data)).url, 'select 1')).toEqual([1])
  })

  test.runIf(isRoot)('runs below a folder that its account cannot enter', async () => {
    const home = mkdtempSync(join(homedir(), '.huiyin-boot-'))
    try {
      chmodSync(home, 0o700)
      const { url, stop } = await start(home)
      expect(await ask(url, 'select 1')).toEqual([1])
      await stop()
      const real = realpathSync(join(home, 'postgres'))
      const nobody = { uid: 65534, gid: 65534, name: 'nobody' }
      expect(real.startsWith('/var/lib/huiyin/')).toBe(!canReach(homedir(), nobody) || !canReach(join(homedir(), 'x'), nobody))
      removeData(home)
      expect([existsSync(real), existsSync(home)]).toEqual([false, false])
    } finally {
      removeData(home)
    }
  })
})
