import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '..')
/** Who may call whose door. Anyone may hear anyone's events, in reactions.ts; anyone may join anyone's `fact_` views. */
const arrows: Record<string, readonly string[]> = {
  identity: [],
  tasks: ['identity'],
  customers: ['identity', 'tasks'],
  interactions: ['customers', 'identity'],
  routing: ['identity', 'interactions', 'customers'],
  messaging: ['routing', 'interactions', 'customers', 'identity'],
  voice: ['messaging', 'routing', 'interactions', 'customers', 'identity', 'tasks'],
  tickets: ['customers', 'tasks', 'identity'],
  sales: ['customers', 'identity'],
  needs: ['customers', 'messaging', 'identity'],
  surveys: ['customers', 'interactions', 'identity', 'tasks', 'messaging', 'tickets'],
  insight: ['identity', 'interactions'],
  automation: ['identity'],
  documents: ['identity', 'insight'],
  improvement: ['identity', 'tasks', 'insight'],
  notifications: ['identity', 'messaging'],
  views: ['identity'],
  // The maker of sample centres plays every domain's public verbs.
  sample: [
    'identity',
    'automation',
    'customers',
    'interactions',
    'routing',
    'messaging',
    'tickets',
    'tasks',
    'surveys',
    'insight',
    'improvement',
    'documents',
    'views',
    'voice',
    'sales',
  ],
}

function* files(folder: string): Generator<string> {
  for (const name of readdirSync(path.join(root, folder)).sort()) {
    const file = path.join(folder, name)
    if (statSync(path.join(root, file)).isDirectory()) yield* files(file)
    else if (/\.tsx?$/.test(name)) yield file
  }
}
const text = (file: string) => readFileSync(path.join(root, file), 'utf8')
const imports = (file: string) => [...text(file).matchAll(/(?<![\w':])(?:from|import)\s*\(?\s*'([^']+)'/g)].map(m => m[1] ?? '')
const domainOf = (file: string) => /^server\/domains\/([a-z]+)\//.exec(file)?.[1]

test('every domain calls only the doors of its arrows', () => {
  const wrong: string[] = []
  for (const file of files('server/domains')) {
    const domain = domainOf(file) ?? ''
    expect(Object.keys(arrows), `${file}: a domain without arrows`).toContain(domain)
    if (file.endsWith('.test.ts')) continue
    for (const target of imports(file)) {
      const [, other, room] = /^#domains\/([a-z]+)\/(.+)$/.exec(target) ?? []
      if (other === undefined || other === domain) {
        if (target.includes('domains/') && other === undefined) wrong.push(`${file} reaches ${target} past the names`)
        continue
      }
      const isDoor = room === 'index.ts' && arrows[domain]?.includes(other)
      const hears = room === 'events.ts' && /reactions(\.ts|\/)/.test(file)
      if (!isDoor && !hears) wrong.push(`${file} → ${target}`)
    }
  }
  expect(wrong).toEqual([])
})

test('no arrow runs in a circle', () => {
  const seen = new Set<string>()
  const walk = (domain: string, trail: readonly string[]) => {
    expect(trail, [...trail, domain].join(' → ')).not.toContain(domain)
    if (seen.has(domain)) return
    for (const next of arrows[domain] ?? []) walk(next, [...trail, domain])
    seen.add(domain)
  }
  for (const domain of Object.keys(arrows)) walk(domain, [])
})

test('SQL names a foreign schema only through its fact_ views', () => {
  const wrong: string[] = []
  const schemas = Object.keys(arrows).join('|')
  for (const file of files('server/domains')) {
    const domain = domainOf(file)
    // The sample centre is filled by COPY, past every verb, by the migrations' owner.
    if (file.endsWith('.test.ts') || domain === 'sample') continue
    for (const [, clause, schema, table] of text(file).matchAll(
      /\b(from|join|into|update|delete from|selectFrom\('|innerJoin\('|leftJoin\('|insertInto\('|updateTable\('|deleteFrom\(')\s*([a-z]+)\.([a-z_]+)/gi,
    ))
      if (schema && new RegExp(`^(${schemas})$`).test(schema) && schema !== domain && !/^fact(_|[A-Z])/.test(table ?? ''))
        wrong.push(`${file}: ${clause} ${schema}.${table}`)
  }
  expect(wrong).toEqual([])
})

test('the kernel knows no domain, the contract knows only itself and zod', () => {
  const wrong: string[] = []
  for (const file of files('server/kernel'))
    if (!file.endsWith('.test.ts')) for (const target of imports(file)) if (target.includes('domains')) wrong.push(`${file} → ${target}`)
  for (const file of files('contract'))
    for (const target of imports(file))
      if (target !== 'zod' && !target.startsWith('./') && !file.endsWith('.test.ts')) wrong.push(`${file} → ${target}`)
  expect(wrong).toEqual([])
})

test('only main and the clock of a test read the time', () => {
  const wrong = [...files('server/domains')].filter(f => !f.endsWith('.test.ts') && /new Date\(\)|Date\.now\(\)/.test(text(f)))
  expect(wrong).toEqual([])
})
