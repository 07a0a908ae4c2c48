import { readFileSync } from 'node:fs'

export type Instruction = { name: string; rest: string; line: number }
export type Stage = { name: string | null; base: string; steps: Instruction[] }

/** As much of the language as our Dockerfile speaks: no heredocs, no escapes but the line's end. */
export function readDockerfile(file: string): { args: Record<string, string>; stages: Stage[] } {
  const args: Record<string, string> = {}
  const stages: Stage[] = []
  for (const step of instructions(readFileSync(file, 'utf8'))) {
    if (step.name === 'FROM') {
      const [, base = '', name] = /^(\S+)(?:\s+AS\s+(\S+))?$/i.exec(step.rest) ?? []
      stages.push({ base: base.replaceAll(/\$\{(\w+)\}/g, (_, arg: string) => args[arg] ?? ''), name: name ?? null, steps: [] })
      continue
    }
    const stage = stages.at(-1)
    if (stage) stage.steps.push(step)
    else if (step.name === 'ARG') {
      const [name = '', value = ''] = step.rest.split('=')
      args[name] = value
    } else throw new Error(`line ${step.line}: ${step.name} before FROM`)
  }
  return { args, stages }
}

function instructions(text: string): Instruction[] {
  const found: Instruction[] = []
  let held = ''
  for (const [n, line] of text.split('\n').entries()) {
    if (held === '' && /^\s*(#|$)/.test(line)) continue
    held += line
    if (held.endsWith('\\')) {
      held = held.slice(0, -1)
      continue
    }
    const [, name = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(held.trim()) ?? []
    if (name === '') throw new Error(`line ${n + 1} is no instruction: ${held}`)
    found.push({ name, rest, line: n + 1 })
    held = ''
  }
  return found
}

/** `COPY [--from=STAGE] FROM… TO` */
export function copied(step: Instruction): { stage: string | null; from: string[]; to: string } {
  const words = step.rest.split(/\s+/)
  const stage = words[0]?.startsWith('--from=') ? (words.shift()?.slice('--from='.length) ?? null) : null
  return { stage, from: words.slice(0, -1), to: words.at(-1) ?? '' }
}

/** `ENV A=1 B=2` */
export const environmentOf = (step: Instruction): Record<string, string> =>
  Object.fromEntries(step.rest.split(/\s+/).map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]))

/** What a .dockerignore lets through: the last line that fits decides. Whole names and ** in front are all ours uses. */
export function ignores(file: string): (path: string) => boolean {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'))
  const rules = lines.map(line => ({ keeps: line.startsWith('!'), fits: fits(line.replace(/^!/, '')) }))
  return path => rules.findLast(rule => rule.fits(path))?.keeps === false
}

function fits(pattern: string): (path: string) => boolean {
  if (pattern === '**') return () => true
  if (pattern.startsWith('**/*')) return path => path.endsWith(pattern.slice('**/*'.length))
  return path => path === pattern || path.startsWith(`${pattern}/`)
}
