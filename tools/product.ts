import { type ChildProcess, spawn } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import path from 'node:path'
import { endOrphan } from '../server/boot/asterisk.ts'

const root = path.resolve(import.meta.dirname, '..')
const patienceMs = 180_000
export type Product = { url: string; pid: number; folder: string; readyMs: number; stop: () => Promise<void> }

/**
 * The product as `npm start` runs it, in a process of its own, until its log-in page and its API answer. It takes the port that the system gives it and says
 * which one that is: a port looked up beforehand may be somebody else's by then. `port`: one it had before. PRODUCT_LOG names a file for what it writes.
 */
export async function startProduct(folder: string, env: Record<string, string> = {}, port = 0): Promise<Product> {
  const began = performance.now()
  const child = spawn(path.join(root, 'node_modules/.bin/node'), [path.join(root, 'tools/start.mjs')], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    // An exchange is for those who ask for one. As npm's child it ends when we are no more, however we ended.
    env: {
      ...process.env,
      ASTERISK_DIR: undefined,
      LOG_LEVEL: 'error',
      npm_lifecycle_event: 'test',
      ...env,
      PORT: String(port),
      DATA: folder,
    },
  })
  const stop = async () => {
    await end(child)
    // One that was killed leaves its exchange to a successor; here there is none.
    await endOrphan(folder)
  }
  const url = await addressOf(child).catch(error => stop().then(() => Promise.reject(error)))
  const pages = await Promise.all([fetch(`${url}/login`), fetch(`${url}/api/welcome`)])
  if (!pages.every(page => page.ok)) throw new Error(`the product answers with ${pages.map(page => page.status).join(' and ')}`)
  return { url, pid: child.pid ?? 0, folder, readyMs: performance.now() - began, stop }
}

/** What it greets with. */
function addressOf(child: ChildProcess): Promise<string> {
  let said = ''
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the product does not start:\n${said}`)), patienceMs)
    child.once('exit', code => reject(new Error(`the product ended with code ${code}:\n${said}`)))
    child.once('error', reject)
    // Read to the end of its life: a full pipe would hold it up.
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (process.env.PRODUCT_LOG) appendFileSync(process.env.PRODUCT_LOG, text)
      if (said.length < 100_000) said += text
      const address = /回音 Huiyin {2}(http:\S+)/.exec(said)?.[1]
      if (!address) return
      clearTimeout(late)
      resolve(address)
    })
  })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const ended = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  const killer = setTimeout(() => child.kill('SIGKILL'), 20_000)
  await ended
  clearTimeout(killer)
}
