import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StartFailure } from '../server/boot/faces.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
const stamp = join(dist, 'built')
const sources = ['console', 'portal', 'contract', 'package-lock.json', 'tsconfig.json', 'vite.config.ts', 'vite.portal.config.ts']
const parts = [
  { name: 'console', config: 'vite.config.ts', assets: 'assets' },
  { name: 'portal', config: 'vite.portal.config.ts', assets: 'portal-assets' },
]

/** Whether the built pages are missing or older than what they are built from. Costs a few milliseconds. */
export const isStale = () => !existsSync(stamp) || readFileSync(stamp, 'utf8') !== fingerprint()

/** Builds in a process of its own, so that the server does not carry the bundler's memory. */
export const buildApart = (say: (words: string) => void) =>
  new Promise<void>((resolve, reject) => {
    if (!existsSync(join(root, 'node_modules/vite'))) return reject(noTools())
    say('构建页面… / building the pages…')
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url)], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += String(chunk)))
    child.on('error', reject)
    child.on('exit', code => (code === 0 ? resolve() : reject(new Error(`the pages could not be built:\n${output}`))))
  })

/** Installed for running only (`npm ci --omit=dev`, or NODE_ENV=production), and the pages are missing or older than their sources. */
const noTools = () =>
  new StartFailure(
    'build.no_tools',
    '页面还没有构建，而构建工具没有安装。运行 npm ci --include=dev 后再启动；页面已构建好的安装用 npx huiyin serve 启动。',
    'The pages are not built and the tools for it are not installed. Run npm ci --include=dev and start again; where the pages are built, start with npx huiyin serve.',
  )

async function build() {
  // Whoever starts it: pages built for tests would have one id for everything, and React's slow half.
  process.env.NODE_ENV = 'production'
  const { build: bundle } = await import('vite')
  const made = fingerprint()
  for (const { name, config, assets } of parts) {
    if (!existsSync(join(root, config))) continue
    const making = join(dist, `.${name}-${process.pid}`)
    await bundle({ configFile: join(root, config), build: { outDir: making, emptyOutDir: true } })
    keepLast(making, join(dist, name), assets)
    exchange(making, join(dist, name))
  }
  writeFileSync(stamp, made)
}

/** A page opened before this build asks later for parts of the build it came from: those of the last build stay beside the new ones. */
function keepLast(made: string, place: string, assets: string) {
  const names = readdirSync(join(made, assets))
  writeFileSync(join(made, 'own.json'), JSON.stringify(names))
  const list = join(place, 'own.json')
  if (!existsSync(list)) return
  const last: unknown = JSON.parse(readFileSync(list, 'utf8'))
  if (!Array.isArray(last)) return
  for (const name of last) {
    const [from, to] = [join(place, assets, String(name)), join(made, assets, String(name))]
    if (existsSync(from) && !existsSync(to)) cpSync(from, to, { preserveTimestamps: true })
  }
}

/** A server that is running keeps finding whole pages: the new folder takes the place of the old one in one step. */
function exchange(made: string, place: string) {
  const old = `${place}.old-${process.pid}`
  if (existsSync(place)) renameSync(place, old)
  renameSync(made, place)
  rmSync(old, { recursive: true, force: true })
}

function fingerprint(): string {
  const hash = createHash('sha256')
  const add = (path: string) => {
    const found = statSync(join(root, path), { throwIfNoEntry: false })
    if (!found) return
    if (found.isDirectory()) for (const name of readdirSync(join(root, path)).sort()) add(join(path, name))
    else if (!path.includes('.test.')) hash.update(`${path}:${found.mtimeMs}:${found.size}\n`)
  }
  sources.forEach(add)
  return hash.digest('hex')
}

if (import.meta.main) {
  mkdirSync(dist, { recursive: true })
  await build()
}
