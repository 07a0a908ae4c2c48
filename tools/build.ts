import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
const stamp = join(dist, 'built')
const sources = ['console', 'portal', 'contract', 'package-lock.json', 'tsconfig.json', 'vite.config.ts', 'vite.portal.config.ts']
const parts = [
  { name: 'console', config: 'vite.config.ts' },
  { name: 'portal', config: 'vite.portal.config.ts' },
]

/** Whether the built pages are missing or older than what they are built from. Costs a few milliseconds. */
export const isStale = () => !existsSync(stamp) || readFileSync(stamp, 'utf8') !== fingerprint()

/** Builds in a process of its own, so that the server does not carry the bundler's memory. */
export const buildApart = (say: (words: string) => void) =>
  new Promise<void>((resolve, reject) => {
    say('构建页面… / building the pages…')
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url)], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += String(chunk)))
    child.on('error', reject)
    child.on('exit', code => (code === 0 ? resolve() : reject(new Error(`the pages could not be built:\n${output}`))))
  })

async function build() {
  const { build: bundle } = await import('vite')
  const made = fingerprint()
  for (const { name, config } of parts) {
    if (!existsSync(join(root, config))) continue
    const making = join(dist, `.${name}-${process.pid}`)
    await bundle({ configFile: join(root, config), build: { outDir: making, emptyOutDir: true } })
    exchange(making, join(dist, name))
  }
  writeFileSync(stamp, made)
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
