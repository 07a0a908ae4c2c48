import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { removeData } from '../server/boot/removeData.ts'

export type Figure = { metric: string; value: number; unit: string; goal: string | null; met: boolean | null }
export const round = (value: number, digits = 1): number => Number(value.toFixed(digits))

export const root = path.resolve(import.meta.dirname, '..')
export const freshFolder = (): string => mkdtempSync(path.join(tmpdir(), 'huiyin-bench-'))
export const dropFolder = removeData

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
