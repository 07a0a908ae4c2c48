// npm run prove [-- faults | properties | sizes …] [--brief]   What takes longer than a test may: every part says what it proved.
import { spawn } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { helpAsked, helped, mistyped } from './options.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const vitest = [process.execPath, path.join(root, 'node_modules/vitest/vitest.mjs'), 'run']
/** Tests that go on for longer when they are asked to prove. */
const atLength = globSync('server/**/*.test.ts', { cwd: root }).filter(file =>
  readFileSync(path.join(root, file), 'utf8').includes('process.env.PROVE'),
)

const parts: Record<string, { says: string; command: string[]; env?: Record<string, string> }> = {
  faults: {
    says: 'server and database killed under load, several servers, full disk, broken connections',
    command: [...vitest, '--project', 'faults', '--no-file-parallelism'],
    env: { FAULTS: '1' },
  },
  properties: { says: 'properties of the router and the figures at length', command: [...vitest, '--project', 'server', ...atLength] },
  sizes: {
    says: 'lists, desk, search and dashboards over a million contacts; tables of a million rows',
    command: [process.execPath, path.join(root, 'bench/run.ts'), 'list', 'desk', 'search', 'dashboard', 'import'],
  },
}
const usage = `npm run prove [-- PART …] [--brief]   ${Object.keys(parts).join(', ')}; --brief: a few rounds of each instead of all`
if (helpAsked()) helped(usage)
const words = process.argv.slice(2)
const brief = words.includes('--brief')
const asked = words.filter(word => word !== '--brief')
const unknown = asked.find(word => !Object.hasOwn(parts, word))
if (unknown !== undefined) mistyped(`no part "${unknown}"`, usage)

let failed = 0
for (const [name, { says, command, env }] of Object.entries(parts)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  process.stdout.write(`\n── ${name}: ${says}\n`)
  const [program = '', ...args] = command
  const code = await new Promise(resolve =>
    spawn(program, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...(brief ? {} : { PROVE: '1' }), ...env } }).on(
      'exit',
      resolve,
    ),
  )
  if (code !== 0) failed++
}
process.exit(failed === 0 ? 0 : 1)
