import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { removeData } from './removeData.ts'

/** For the tests of starting: the real command in a process of its own, so that what can go wrong really does. */
const root = fileURLToPath(new URL('../..', import.meta.url))
export const huiyin = join(root, 'tools/huiyin.mjs')

export type Ended = { code: number | null; said: string }
type Way = { env?: Record<string, string>; through?: string[]; node?: string[]; script?: string; uid?: number }

export function begin(args: string[], { env = {}, through = [], node = [], script = huiyin, uid }: Way = {}) {
  const [program = '', ...rest] = [...through, process.execPath, ...node, script, ...args]
  const child = spawn(program, rest, {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: tmpdir(), LOG_LEVEL: 'warn', SAMPLE: 'off', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (said += String(chunk)))
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => resolve({ code, said }))
  })
  return { child, ended, said: () => said, heard: (words: RegExp) => heard(child, () => said, words) }
}

export const ending = async (args: string[], way?: Way) => {
  const { child, ended } = begin(args, way)
  const timer = setTimeout(() => child.kill('SIGKILL'), 30_000)
  const result = await ended
  clearTimeout(timer)
  return result
}

async function heard(child: ChildProcess, said: () => string, words: RegExp): Promise<string> {
  for (;;) {
    const found = words.exec(said())
    if (found) return found[1] ?? found[0]
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`ended before it said ${words}:\n${said()}`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

export function ownFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'huiyin-boot-'))
  return { path, remove: () => removeData(path) }
}

export const isRoot = process.getuid?.() === 0
export const onPath = (program: string) =>
  (process.env.PATH ?? '').split(delimiter).some(folder => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
