import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { describeConfig, readConfig } from '../config.ts'
import { StartFailure } from './faces.ts'
import { canReach } from './roles.ts'
import { begin, type Ended, ending, huiyin, isRoot, onPath, ownFolder } from './testing.ts'

// Each of these starts real processes; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000 })

let folder: ReturnType<typeof ownFolder>
beforeEach(() => {
  folder = ownFolder()
})
afterEach(() => folder.remove())

/** One line in either language, exit code 1, no stack. */
function expectFace({ code, said }: Ended, zh: string, en: string) {
  const lines = said.trim().split('\n')
  expect(lines, said).toHaveLength(2)
  expect(lines[0]).toContain(`无法启动 · `)
  expect(lines[0]).toContain(zh)
  expect(lines[1]).toContain('Cannot start · ')
  expect(lines[1]).toContain(en)
  expect(code).toBe(1)
}
const serve = (env: Record<string, string> = {}, way: Parameters<typeof ending>[1] = {}) =>
  ending(['serve'], { ...way, env: { DATA: folder.path, ...env } })
const failureOf = (fn: () => unknown): StartFailure => {
  try {
    fn()
  } catch (error) {
    if (error instanceof StartFailure) return error
  }
  throw new Error('nothing failed')
}
const listening = (server: Server) =>
  new Promise<number>(resolve => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : 0)
    })
  })

describe('settings', () => {
  test('a wrong one stops the start', async () => {
    expectFace(await serve({ PORT: 'eighty' }), '环境变量 PORT 的值「eighty」不可用', 'PORT is "eighty"; expected: 0 … 65535')
  })
  test.each([
    ['PORT', '70000'],
    ['SAMPLE', 'maybe'],
    ['DATABASE_URL', 'mysql://x'],
    ['HUIYIN_ROLES', 'web,cook'],
    ['PUBLIC_URL', 'example'],
    ['SECRET_KEY', 'short'],
  ])('%s=%s is refused with what it should be', (name, value) => {
    const failure = failureOf(() => readConfig({ DATA: folder.path, [name]: value }))
    expect(failure.message).toContain(`${name} is "`)
    expect(failure.message.includes(value)).toBe(!['SECRET_KEY', 'DATABASE_URL'].includes(name))
  })
  test('the secret key is made once and kept for nobody else', () => {
    const first = readConfig({ DATA: folder.path })
    expect(first.SECRET_KEY.length).toBeGreaterThanOrEqual(32)
    expect(readConfig({ DATA: folder.path }).SECRET_KEY).toBe(first.SECRET_KEY)
    expect(statSync(join(folder.path, 'secret.key')).mode & 0o777).toBe(0o600)
    expect(JSON.stringify(describeConfig(first))).not.toContain(first.SECRET_KEY)
  })
})

describe('port', () => {
  test('taken by another program', async () => {
    const other = createServer()
    const port = await listening(other)
    expectFace(await serve({ PORT: String(port) }), `端口 127.0.0.1:${port} 已被别的程序占用`, `PORT=${port + 1} npm start`)
    other.close()
  })
  test('an address that is not of this machine', async () => {
    expectFace(await serve({ HOST: '192.0.2.1', PORT: '8200' }), '不能在 192.0.2.1:8200 上监听', 'Cannot listen on 192.0.2.1:8200')
  })
})

describe('data folder', () => {
  test('cannot be made', async () => {
    expectFace(await serve({ DATA: '/proc/huiyin' }), '数据目录 /proc/huiyin 不能写', 'cannot be written (ENOENT)')
  })
  test('is a file', async () => {
    const file = join(folder.path, 'file')
    writeFileSync(file, '')
    expectFace(await serve({ DATA: join(file, 'data') }), '不能写', 'cannot be written (ENOTDIR)')
  })
  test.runIf(canReach(huiyin, isRoot ? { uid: 65534, gid: 65534, name: 'nobody' } : null))('belongs to somebody else', async () => {
    chmodSync(folder.path, 0o555)
    expectFace(await serve({}, isRoot ? { uid: 65534 } : {}), '不能写', 'cannot be written (EACCES)')
    chmodSync(folder.path, 0o755)
  })
  test('is used by another instance', async () => {
    const first = begin(['serve'], { env: { DATA: folder.path } })
    const port = await first.heard(/http:\/\/[\d.]+:(\d+)/)
    const second = await serve()
    expectFace(second, `进程 ${first.child.pid}`, `(process ${first.child.pid}) is using the data folder ${folder.path}`)
    // Whoever looks at it with another port is told its own; whoever looks at another folder, that a copy has the port.
    const doctor = async (DATA: string, PORT: string) => (await ending(['doctor'], { env: { DATA, PORT } })).said
    expect(await doctor(folder.path, port)).toContain(`✓ PORT          127.0.0.1:${port}\n`)
    expect(await doctor(folder.path, '1')).toContain(`runs at http://127.0.0.1:${port}: say PORT=${port} before the command`)
    const other = ownFolder()
    expect(await doctor(other.path, port)).toContain(
      `Another copy of the product listens on 127.0.0.1:${port}; its data is not in ${other.path}`,
    )
    other.remove()
    first.child.kill('SIGTERM')
    expect((await first.ended).code).toBe(0)
  })
  test('was written by another PostgreSQL', async () => {
    mkdirSync(join(folder.path, 'postgres/cluster'), { recursive: true })
    writeFileSync(join(folder.path, 'postgres/cluster/PG_VERSION'), '12\n')
    expectFace(await serve(), '由 PostgreSQL 12 写成', 'was written by PostgreSQL 12')
  })
  test.runIf(mayMount())('is on a full disk', async () => {
    const through = ['unshare', '-m', 'sh', '-c', `mount -t tmpfs -o size=8m,mode=755 none ${folder.path} && exec "$@"`, 'sh']
    expectFace(await serve({}, { through }), '磁盘已满', 'is full. Free at least 500 MB')
  })
})

describe('machine', () => {
  test('has an old Node and no newer one from npm', async () => {
    const apart = join(folder.path, 'tools')
    mkdirSync(apart)
    for (const name of ['node24.mjs', 'huiyin.mjs']) cpSync(join(dirname(huiyin), name), join(apart, name))
    const old = `data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.1.0'}})`
    expectFace(
      await ending(['serve'], { script: join(apart, 'huiyin.mjs'), node: ['--import', old] }),
      '需要 Node 24',
      'Node 24 or newer is needed',
    )
  })
  test('has no PostgreSQL from npm', async () => {
    const other = `data:text/javascript,Object.defineProperty(process,'arch',{value:'riscv64'})`
    expectFace(
      await serve({}, { node: ['--import', other] }),
      '没有适用于 linux-riscv64 的内置数据库',
      'Set DATABASE_URL to a PostgreSQL 15 or newer',
    )
  })
  test.runIf(isRoot && onPath('setpriv'))('does not let root become somebody else', async () => {
    const through = ['setpriv', '--bounding-set=-setuid,-setgid,-chown', '--inh-caps=-all', '--']
    expectFace(
      await serve({}, { through }),
      '数据库不能以 root 运行',
      'Start as an ordinary user (containers: --user 1000) or set DATABASE_URL',
    )
  })
  test.runIf(mayMount())('has little shared memory: files take its place', async () => {
    const through = ['unshare', '-m', 'sh', '-c', 'mount -t tmpfs -o size=1m none /dev/shm && exec "$@"', 'sh']
    const product = begin(['serve'], { env: { DATA: folder.path }, through })
    await product.heard(/http:\/\/[\d.:]+/)
    expect(readFileSync(join(folder.path, 'postgres/cluster/postmaster.opts'), 'utf8')).toContain('dynamic_shared_memory_type=mmap')
    product.child.kill('SIGTERM')
    expect((await product.ended).code).toBe(0)
  })
})

describe('DATABASE_URL', () => {
  test('nobody listens there', async () => {
    const ended = await serve({ DATABASE_URL: 'postgres://me:hush@127.0.0.1:1/huiyin' })
    expectFace(ended, '连不上 DATABASE_URL 所指的数据库 127.0.0.1:1/huiyin（ECONNREFUSED）', 'cannot be reached (ECONNREFUSED)')
    expect(ended.said).not.toContain('hush')
  })
  test('is older than 15', async () => {
    const old = postgresThatSays('12.22', '120022')
    const port = await listening(old)
    expectFace(await serve({ DATABASE_URL: `postgres://me@127.0.0.1:${port}/huiyin` }), '是 12.22', 'is 12.22; 15 or newer is needed')
    old.close()
  })
  test('may not make roles', async () => {
    const poor = postgresThatSays('15.1', '150001')
    const port = await listening(poor)
    expectFace(await serve({ DATABASE_URL: `postgres://me@127.0.0.1:${port}/huiyin` }), '权限不足', 'CREATEROLE')
    poor.close()
  })
})

function mayMount() {
  return isRoot && onPath('unshare') && spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0
}

/** As much of the protocol as it takes to be asked for the version: no old server is at hand. */
function postgresThatSays(version: string, number: string): Server {
  const message = (kind: string, ...parts: (Buffer | string)[]) => {
    const body = Buffer.concat(parts.map(part => Buffer.from(part)))
    const head = Buffer.alloc(5, kind)
    head.writeInt32BE(body.length + 4, 1)
    return Buffer.concat([head, body])
  }
  const int16 = (value: number) => Buffer.from([value >> 8, value & 255])
  const ready = message('Z', 'I')
  const names = ['version', 'number', 'makes', 'ready']
  const fields = names.map(name =>
    Buffer.concat([
      Buffer.from(`${name}\0`),
      Buffer.alloc(6),
      Buffer.from([0, 0, 0, 25]),
      Buffer.from([255, 255]),
      Buffer.from([255, 255, 255, 255]),
      int16(0),
    ]),
  )
  const cell = (text: string) => Buffer.concat([Buffer.from([0, 0, 0, text.length]), Buffer.from(text)])
  const answer = [
    message('T', int16(names.length), ...fields),
    message('D', int16(names.length), cell(version), cell(number), Buffer.from([255, 255, 255, 255]), Buffer.from([255, 255, 255, 255])),
    message('C', 'SELECT 1\0'),
    ready,
  ]
  return createServer(socket => {
    socket.on('error', () => {})
    socket.once('data', () => socket.write(Buffer.concat([message('R', Buffer.alloc(4)), ready])))
    socket.on('data', chunk => void (String(chunk).startsWith('Q') && socket.write(Buffer.concat(answer))))
  })
}
