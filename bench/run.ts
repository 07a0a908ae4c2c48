// npm run bench -- start intake …   One JSON line per figure on stdout, a table for people on stderr.
import { helpAsked, helped, mistyped } from '../tools/options.ts'
import { dashboard } from './dashboard.ts'
import { desk } from './desk.ts'
import { exports } from './export.ts'
import { find } from './find.ts'
import { imports } from './import.ts'
import { intake } from './intake.ts'
import { list } from './list.ts'
import { live } from './live.ts'
import type { Figure } from './measure.ts'
import { notice } from './notice.ts'
import { routing } from './routing.ts'
import { search } from './search.ts'
import { start } from './start.ts'
import { voice } from './voice.ts'

const benches: Record<string, (say: (words: string) => void) => Promise<Figure[]>> = {
  start,
  intake,
  routing,
  list,
  desk,
  search,
  find,
  live,
  dashboard,
  import: imports,
  export: exports,
  voice,
  notice,
}
const asked = process.argv.slice(2)
const names = asked.length > 0 ? asked : Object.keys(benches)
const say = (words: string) => void process.stderr.write(`${words}\n`)
const usage = `npm run bench [-- NAME …]   ${Object.keys(benches).join(', ')}`
if (helpAsked()) helped(usage)
const unknown = asked.find(name => !Object.hasOwn(benches, name))
if (unknown !== undefined) mistyped(`no bench "${unknown}"`, usage)

for (const name of names) {
  const bench = benches[name]
  if (!bench) continue
  say(`\n${name}`)
  for (const figure of await bench(say)) {
    process.stdout.write(`${JSON.stringify({ bench: name, ...figure })}\n`)
    const goal = figure.goal === null ? '' : `goal ${figure.goal}`
    say(
      `  ${figure.metric.padEnd(44)} ${String(figure.value).padStart(10)} ${figure.unit.padEnd(8)} ${goal.padEnd(14)} ${figure.met === null ? '' : figure.met ? 'met' : 'MISSED'}`,
    )
  }
}
process.exit(0)
