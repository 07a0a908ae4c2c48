import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const npm = join(root, 'node_modules')
// Biome's plain package leaves the lock incomplete, so its program is called by itself. It comes for Linux only: elsewhere lint is left to those who have it.
const biome = join(npm, `@biomejs/cli-${process.platform}-${process.arch}/biome`)

type Step = { name: string; command: string[]; env?: Record<string, string> }
type Result = { name: string; well: boolean; seconds: number; output: string }

/** What must hold before anything is landed, in the order in which people want to know it. */
const steps: Step[] = [
  // Each checker learns zod, Kysely and antd anew: no more of them than there are cores. The compiler lives for seconds, so it collects nothing until it is large.
  {
    name: 'types',
    command: [process.execPath, join(npm, 'typescript/bin/tsc'), '--checkers', String(Math.min(4, availableParallelism()))],
    env: { GOGC: 'off', GOMEMLIMIT: String(Math.round(Math.min(3 * 2 ** 30, totalmem() / 3))) },
  },
  ...(existsSync(biome)
    ? [{ name: 'lint and format', command: [biome, 'check', '--max-diagnostics=40', '--diagnostic-level=error'] }]
    : []),
  { name: 'floor plan', command: vitest(['server/floorplan.test.ts']), env: { TEST_DATABASE_URL: 'none' } },
  { name: 'words', command: vitest(['console/words.test.ts']), env: { TEST_DATABASE_URL: 'none' } },
]

if (!existsSync(biome)) process.stdout.write(`– lint and format: no Biome for ${process.platform}-${process.arch}\n`)
const results = await Promise.all(steps.map(run))
for (const { well, name, output } of results) if (!well) process.stdout.write(`\n── ${name}\n${output.trim()}\n`)
process.stdout.write('\n')
for (const { well, name, seconds } of results) process.stdout.write(`${well ? '✓' : '✗'} ${name.padEnd(18)}${seconds.toFixed(1)} s\n`)
process.exitCode = results.every(({ well }) => well) ? 0 : 1

function run({ name, command: [program = '', ...args], env }: Step): Promise<Result> {
  const began = performance.now()
  const done = (well: boolean, output: string) => ({ name, well, output, seconds: (performance.now() - began) / 1000 })
  return new Promise(resolve => {
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, FORCE_COLOR: process.stdout.isTTY ? '1' : '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += String(chunk)))
    child.on('error', error => resolve(done(false, error.message)))
    child.on('exit', code => resolve(done(code === 0, output)))
  })
}

function vitest(files: string[]): string[] {
  return [process.execPath, join(npm, 'vitest/vitest.mjs'), 'run', ...files]
}
