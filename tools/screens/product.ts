import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const patience = 180_000
export type Product = { base: string; stop: () => Promise<void> }

/** The product on a data folder of its own, which is gone afterwards. */
export async function startProduct(env: Record<string, string>): Promise<Product> {
  const data = mkdtempSync(join(tmpdir(), 'huiyin-screens-'))
  const port = await freePort()
  const child = spawn(process.execPath, [join(root, 'tools/start.mjs')], {
    cwd: root,
    env: { ...process.env, PORT: String(port), DATA: data, LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += String(chunk)))
  const stop = async () => {
    await ended(child)
    rmSync(data, { recursive: true, force: true })
  }
  const base = `http://127.0.0.1:${port}`
  for (const until = Date.now() + patience; ; await new Promise(r => setTimeout(r, 200))) {
    if (child.exitCode !== null || Date.now() > until) {
      await stop()
      throw new Error(`the product did not start:\n${output}`)
    }
    const reply = await fetch(`${base}/api/welcome`).catch(() => undefined)
    if (reply?.ok) return { base, stop }
  }
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise(resolve => {
    const hard = setTimeout(() => child.kill('SIGKILL'), 20_000)
    child.on('exit', () => {
      clearTimeout(hard)
      resolve()
    })
    child.kill('SIGTERM')
  })
}

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
