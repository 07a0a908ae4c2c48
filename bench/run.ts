// npm run bench -- start intake …   One JSON line per figure on stdout, a table for people on stderr.
import { intake } from './intake.ts'
import type { Figure } from './product.ts'
import { start } from './start.ts'

const benches: Record<string, (say: (words: string) => void) => Promise<Figure[]>> = { start, intake }
const asked = process.argv.slice(2).filter(a => !a.startsWith('-'))
const names = asked.length > 0 ? asked : Object.keys(benches)
const say = (words: string) => void process.stderr.write(`${words}\n`)

for (const name of names) {
  const bench = benches[name]
  if (!bench) {
    say(`no bench "${name}"; there are: ${Object.keys(benches).join(', ')}`)
    process.exit(2)
  }
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
