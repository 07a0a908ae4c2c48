import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tickets } from '#contract/tickets.ts'
import { findBinaries, findOlder } from '../server/boot/binaries.ts'
import { startEmbedded } from '../server/boot/embedded.ts'
import { removeData } from '../server/boot/removeData.ts'
import { databaseAccount } from '../server/boot/roles.ts'
import { copied, environmentOf, ignores, readDockerfile } from '../tools/dockerfile.ts'
import { newClient, signIn, until } from './story/client.ts'

// The image without Docker: what its Dockerfile says is done in a folder, and what comes out runs as a stranger on a tree it cannot write,
// twice for browsers and once for work, on a PostgreSQL and a Redis of their own, behind nginx with the configuration we ship.
const root = path.resolve(import.meta.dirname, '..')
const there = (program: string, ...args: string[]) => spawnSync(program, args, { stdio: 'ignore' }).status === 0
const missing = [
  ...(process.platform === 'linux' && process.getuid?.() === 0 ? [] : ['root on Linux']),
  ...(there('nginx', '-v') ? [] : ['nginx']),
  ...(there('redis-server', '--version') ? [] : ['redis-server']),
]
if (missing.length > 0) console.warn(`the image is not tried here: ${missing.join(', ')} missing`)

const stranger = 10_001
const password = 'Behind-the-proxy-2026'
const redisPassword = 'only-for-this-test'
const rest: (() => Promise<unknown> | unknown)[] = []
let folder: string
let image: string
let proxy: string
let token: string
let environment: Record<string, string>
const servers: { child: ChildProcess; url: string; said: () => string }[] = []
afterAll(async () => {
  for (const end of rest.splice(0).reverse()) await end()
}, 180_000)

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}
function shell(command: string, cwd: string, env: NodeJS.ProcessEnv) {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { cwd, env, encoding: 'utf8', timeout: 240_000 })
  if (status !== 0) throw new Error(`${command}: ${status}\n${stdout.slice(-3_000)}${stderr.slice(-3_000)}`)
}
const end = (child: ChildProcess) =>
  new Promise<void>(resolve => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
    setTimeout(() => child.kill('SIGKILL'), 20_000).unref()
  })

/** Stage after stage, as the Dockerfile says. `WORKDIR` is a folder of the stage's; images below it are this machine's Node. */
function build(): { home: string; env: Record<string, string> } {
  const context = path.join(root, 'deploy/container/Dockerfile')
  const ignored = ignores(`${context}.dockerignore`)
  const kept = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
    .stdout.split('\n')
    .filter(file => file !== '' && !ignored(file) && statSync(path.join(root, file), { throwIfNoEntry: false })?.isFile())
  const homes: Record<string, string> = {}
  let last = { home: '', env: {} as Record<string, string> }
  for (const [n, stage] of readDockerfile(context).stages.entries()) {
    const home = path.join(folder, stage.name ?? `stage-${n}`, 'app')
    mkdirSync(home, { recursive: true })
    const env: Record<string, string> = {}
    for (const step of stage.steps) {
      if (step.name === 'ENV') Object.assign(env, environmentOf(step))
      if (step.name === 'RUN' && !step.rest.includes('/data'))
        shell(step.rest, home, { ...process.env, PATH: `${folder}/bin:${process.env.PATH}` })
      if (step.name !== 'COPY') continue
      const { stage: source, from, to } = copied(step)
      for (const each of from) {
        if (source)
          cpSync(path.join(homes[source] ?? '', each.replace(/^\/app\//, '')), place(home, each, to), {
            recursive: true,
            verbatimSymlinks: true,
          })
        else
          for (const file of kept.filter(name => each === '.' || name === each))
            cpSync(path.join(root, file), path.join(home, file), { preserveTimestamps: true })
      }
    }
    if (stage.name) homes[stage.name] = home
    last = { home, env }
  }
  return last
}
const place = (home: string, from: string, to: string) => path.join(home, to, to.endsWith('/') ? path.basename(from) : '')

function run(args: string[], env: Record<string, string>) {
  const child = spawn(path.join(folder, 'bin/node'), ['tools/huiyin.mjs', ...args], {
    cwd: image,
    uid: stranger,
    gid: stranger,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: `${folder}/bin:/usr/bin:/bin`, HOME: '/nonexistent', ...env },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (said += String(chunk)))
  return { child, said: () => said, ended: new Promise<number | null>(resolve => child.once('exit', resolve)) }
}

beforeAll(async () => {
  if (missing.length > 0) return
  folder = mkdtempSync(path.join(tmpdir(), 'huiyin-image-'))
  rest.push(() => removeData(folder))
  chmodSync(folder, 0o755)
  mkdirSync(path.join(folder, 'bin'))
  copyFileSync(process.execPath, path.join(folder, 'bin/node'))
  const account = databaseAccount('')
  const built = build()
  const binaries = findOlder('15', account) ?? findBinaries(account)
  const database = await startEmbedded({ folder: makeFolder('database'), log: { info: () => {}, warn: () => {} }, binaries })
  rest.push(() => database.stop())
  image = built.home
  const size = Number(spawnSync('du', ['-sm', image], { encoding: 'utf8' }).stdout.split('\t')[0])
  const modules = Number(spawnSync('du', ['-sm', path.join(image, 'node_modules')], { encoding: 'utf8' }).stdout.split('\t')[0])
  process.stderr.write(`  the image holds ${size} MB beside Node, ${modules} MB of them node_modules\n`)
  shell('chmod -R a-w,a+rX .', image, process.env)
  // Past the proxy of nothing but words: over TCP, as from another machine.
  const databaseUrl = database.url.replace(/@[^/]+:(\d+)\//, '@127.0.0.1:$1/')

  const redisPort = await freePort()
  const redis = spawn('redis-server', ['--port', `${redisPort}`, '--bind', '127.0.0.1', '--requirepass', redisPassword, '--save', ''], {
    stdio: 'ignore',
    cwd: folder,
  })
  rest.push(() => end(redis))
  const data = makeFolder('data', stranger)
  const env = {
    ...built.env,
    DATA: data,
    DATABASE_URL: databaseUrl,
    REDIS_URL: `redis://:${redisPassword}@127.0.0.1:${redisPort}`,
    SECRET_KEY: 'one key for every process of them all',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'error',
  }
  environment = env
  const migrated = run(['migrate'], env)
  expect(await migrated.ended, migrated.said()).toBe(0)
  for (const roles of ['web', 'worker', 'web']) {
    const port = await freePort()
    const server = run(['serve'], { ...env, HUIYIN_ROLES: roles, PORT: `${port}` })
    rest.push(() => end(server.child))
    servers.push({ ...server, url: `http://127.0.0.1:${port}` })
  }
  for (const { url, child, said } of servers)
    await until(
      `${url} ready`,
      async () => {
        if (child.exitCode !== null) throw new Error(said())
        return isUp(`${url}/readyz`)
      },
      60_000,
    )
  proxy = await startNginx([servers[0]?.url ?? '', servers[2]?.url ?? ''])
}, 600_000)

function makeFolder(name: string, owner = 0): string {
  const made = path.join(folder, name)
  mkdirSync(made)
  spawnSync('chown', [`${owner}:${owner}`, made])
  return made
}

const isUp = (url: string) =>
  fetch(url).then(
    reply => reply.ok,
    () => false,
  )

/** The shipped template, filled as the nginx image does it, in nginx's own frame. */
async function startNginx(urls: string[]): Promise<string> {
  const port = await freePort()
  const given: Record<string, string> = {
    HUIYIN_LISTEN: `listen 127.0.0.1:${port};`,
    HUIYIN_SERVERS: urls.map(url => `server ${new URL(url).host} max_fails=0;`).join(' '),
  }
  const site = readFileSync(path.join(root, 'deploy/proxy/nginx.conf.template'), 'utf8').replaceAll(
    /\$\{(HUIYIN_\w+)\}/g,
    (_, name: string) => given[name] ?? '',
  )
  const home = makeFolder('nginx')
  writeFileSync(path.join(home, 'site.conf'), site)
  writeFileSync(
    path.join(home, 'nginx.conf'),
    `worker_processes 1; daemon off; pid ${home}/pid; error_log ${home}/error.log; events { worker_connections 256; }
     http { include /etc/nginx/mime.types; access_log off; ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(kind => `${kind}_temp_path ${home}/${kind};`).join(' ')} include ${home}/site.conf; }`,
  )
  shell(`nginx -t -q -c ${home}/nginx.conf`, home, process.env)
  const nginx = spawn('nginx', ['-c', path.join(home, 'nginx.conf')], { stdio: 'ignore' })
  rest.push(() => end(nginx))
  const url = `http://127.0.0.1:${port}`
  await until('nginx', () => isUp(`${url}/healthz`), 15_000)
  return url
}

test.skipIf(missing.length > 0)(
  'the image sets up, signs in and speaks over sockets through the proxy',
  async () => {
    for (const address of ['/', '/login', '/api/openapi.json', '/api']) {
      const reply = await fetch(proxy + address)
      expect([address, reply.status]).toEqual([address, 200])
    }
    const page = await (await fetch(`${proxy}/login`)).text()
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(page)?.[1] ?? ''
    const asset = await fetch(proxy + script)
    expect([asset.status, asset.headers.get('content-encoding')]).toEqual([200, 'gzip'])
    expect((await fetch(`${proxy}/metrics`)).status).toBe(404)

    const setUp = await fetch(`${proxy}/api/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: '代理之后', slug: 'behind', adminName: '管理员', login: 'admin', password }),
    })
    expect(setUp.status).toBeLessThan(300)
    const lead = await signIn(proxy, 'admin', password, 'behind')
    token = lead.token ?? ''
    const live = await lead.live()
    const ask = async (address: string, body: unknown): Promise<string> => {
      const reply = await fetch(`${proxy}/api${address}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${lead.token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      expect(reply.status, address).toBeLessThan(300)
      return ((await reply.json()) as { id: string }).id
    }
    const kindId = await ask('/ticket-kinds', { name: '报修', code: 'BX', targetMinutes: 240 })
    const departmentId = await ask('/departments', { name: '抢修一队' })
    const id = await ask('/tickets', { kindId, departmentId, title: '水压不足', clientId: 'behind-1', text: '三楼没有水。' })
    expect(await live.watch(id)).toEqual([id])
    // Said at either process, heard at once through the proxy.
    for (const { url } of [servers[0], servers[2]].filter(server => server !== undefined)) {
      const before = live.pushed.length
      await newClient(url, lead.token).call(tickets.comment, { params: { id }, body: { text: '现场已到', public: false } })
      await until('the comment over the socket', async () => live.pushed.slice(before).some(pushed => pushed.topic === id), 10_000)
    }
    live.close()
  },
  60_000,
)

test.skipIf(missing.length > 0)(
  'an upload as large as the product takes passes the proxy, a larger one is refused',
  async () => {
    const upload = (megabytes: number) => {
      const form = new FormData()
      form.append('file', new Blob(['%PDF-1.4\n', new Uint8Array(megabytes * 2 ** 20)], { type: 'application/pdf' }), 'plan.pdf')
      return fetch(`${proxy}/api/files`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: form })
    }
    expect((await upload(19)).status).toBeLessThan(300)
    expect((await upload(26)).status).toBe(413)
    // What a visitor sends in vain costs nobody else a process.
    const hopeless = () =>
      fetch(`${proxy}/api/session`, { method: 'POST', body: new Uint8Array(20 * 2 ** 20), headers: { 'content-type': 'application/json' } })
    for (let n = 0; n < 3; n++) expect((await hopeless()).status).toBeGreaterThanOrEqual(400)
    expect((await fetch(`${proxy}/api/welcome`)).status).toBe(200)
  },
  60_000,
)

test.skipIf(missing.length > 0)(
  'one process may go at any time',
  async () => {
    const [first] = servers
    if (!first) return
    await end(first.child)
    const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(`${proxy}/api/welcome`).then(reply => reply.status)))
    expect(new Set(answers)).toEqual(new Set([200]))
    // Nothing of the image was written, by anybody.
    const written = spawnSync('find', [image, '-newer', path.join(folder, 'nginx/nginx.conf'), '-type', 'f'], { encoding: 'utf8' })
    expect(written.stdout).toBe('')
  },
  60_000,
)

test.skipIf(missing.length > 0)(
  'the doctor of the image finds everything well',
  async () => {
    const asked = run(['doctor'], { ...environment, PUBLIC_URL: proxy, PORT: `${await freePort()}`, HUIYIN_ROLES: 'web' })
    expect(await asked.ended, asked.said()).toBe(0)
    for (const words of [/✓ PostgreSQL/, /✓ HUIYIN_ROLES.*1 working now/, /✓ Redis +\d/, /✓ PUBLIC_URL.*websocket/])
      expect(asked.said()).toMatch(words)
    const locked = run(['doctor'], {
      ...environment,
      REDIS_URL: environment.REDIS_URL?.replace(redisPassword, 'wrong') ?? '',
      PORT: `${await freePort()}`,
    })
    expect(await locked.ended).toBe(1)
    expect(locked.said()).toContain('（password）')
  },
  60_000,
)
