import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

export type Figure = { metric: string; value: number; unit: string; goal: string | null; met: boolean | null }
export const round = (value: number, digits = 1): number => Number(value.toFixed(digits))

export const root = path.resolve(import.meta.dirname, '..')
export const freshFolder = (): string => mkdtempSync(path.join(tmpdir(), 'huiyin-bench-'))
export const dropFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true })

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}

export type Product = { url: string; pid: number; readyMs: number; stop: () => Promise<void> }

/** The product as `npm start` runs it, in a process of its own, until its log-in page and its API answer. */
export async function startProduct(folder: string, env: Record<string, string> = {}, port?: number): Promise<Product> {
  port ??= await freePort()
  const began = performance.now()
  const child = spawn(path.join(root, 'node_modules/.bin/node'), [path.join(root, 'tools/start.mjs')], {
    cwd: root,
    stdio: ['ignore', process.env.PRODUCT_LOG ? openSync(process.env.PRODUCT_LOG, 'a') : 'ignore', 'inherit'],
    env: { ...process.env, PORT: String(port), DATA: folder, LOG_LEVEL: 'error', ...env },
  })
  const url = `http://127.0.0.1:${port}`
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the product ended with code ${child.exitCode}`)
    const pages = await Promise.all([fetch(`${url}/login`), fetch(`${url}/api/welcome`)]).catch(() => null)
    if (pages?.every(p => p.ok)) break
    if (performance.now() - began > 120_000) throw new Error('the product does not start')
    await wait(10)
  }
  return { url, pid: child.pid ?? 0, readyMs: performance.now() - began, stop: () => end(child) }
}

async function end(child: ChildProcess) {
  child.kill('SIGTERM')
  const killer = setTimeout(() => child.kill('SIGKILL'), 15_000)
  if (child.exitCode === null) await new Promise(resolve => child.on('exit', resolve))
  clearTimeout(killer)
}

/** Resident memory in MB. */
export const memoryOf = (pid: number): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024

const statOf = (pid: number) => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return {
      parent: Number(fields[1]),
      cpuMs: (Number(fields[11]) + Number(fields[12])) * 10,
      deadChildrenMs: (Number(fields[13]) + Number(fields[14])) * 10,
    }
  } catch {
    return null
  }
}

/** CPU used so far, in ms: by the process, and by everything below the process of that name (the embedded PostgreSQL). */
export function cpuOf(pid: number): number {
  return statOf(pid)?.cpuMs ?? 0
}
export function cpuOfPostgres(folder: string): number {
  const postmaster = Number(readFileSync(findPidFile(folder), 'utf8').split('\n')[0])
  let sum = 0
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : null
    if (stat && (stat.parent === postmaster || Number(name) === postmaster))
      sum += stat.cpuMs + (Number(name) === postmaster ? stat.deadChildrenMs : 0)
  }
  return sum
}
function findPidFile(folder: string): string {
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find(f => f.endsWith('postmaster.pid'))
  if (!found) throw new Error(`no database runs on ${folder}`)
  return path.join(folder, found)
}

export function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
}
