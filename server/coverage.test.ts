import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '..')
const text = (file: string) => readFileSync(path.join(root, file), 'utf8')
const rows = text('docs/coverage.md')
  .split('\n')
  .filter(line => /^\| [A-Z]\d+ \|/.test(line))
  .map(line => line.split('|').map(cell => cell.trim()))
  .map(([, id = '', , endpoints = '', pages = '', proof = '']) => ({
    id,
    endpoints: ticked(endpoints),
    pages: ticked(pages),
    proof: ticked(proof),
  }))
function ticked(cell: string) {
  return [...cell.matchAll(/`([^`]+)`/g)].map(m => m[1] ?? '')
}

/** How many there are of each: customers, contacts, work orders … , and last the instruments they share. */
const counts: Record<string, number> = { C: 10, T: 9, W: 8, P: 7, S: 8, O: 7, R: 5, K: 4, Q: 3, H: 8, I: 7, E: 6, G: 5, A: 7 }

async function endpoints(): Promise<Set<string>> {
  const known = new Set<string>()
  for (const file of readdirSync(path.join(root, 'contract')).filter(f => f.endsWith('.ts') && !f.includes('.test.'))) {
    const contract: Record<string, unknown> = await import(path.join(root, 'contract', file))
    for (const group of Object.values(contract))
      if (typeof group === 'object' && group !== null)
        for (const endpoint of Object.values(group))
          if (typeof endpoint === 'object' && endpoint !== null && 'method' in endpoint && 'path' in endpoint)
            known.add(`${endpoint.method} ${endpoint.path}`)
  }
  return known
}

test('every endpoint, page and proof named in docs/coverage.md is there', async () => {
  const known = await endpoints()
  const pages = new Set(['/login', '/setup', '/set-password'])
  for (const domain of readdirSync(path.join(root, 'console'))) {
    const routes = path.join('console', domain, 'routes.tsx')
    if (existsSync(path.join(root, routes))) for (const [, page] of text(routes).matchAll(/path: '([^']+)'/g)) if (page) pages.add(page)
  }
  const missing: string[] = []
  for (const row of rows) {
    for (const endpoint of row.endpoints) if (!known.has(endpoint)) missing.push(`${row.id}: endpoint ${endpoint}`)
    for (const page of row.pages)
      if (!(page.startsWith('/') ? pages.has(page) : existsSync(path.join(root, page)))) missing.push(`${row.id}: page ${page}`)
    for (const proof of row.proof) if (!existsSync(path.join(root, proof))) missing.push(`${row.id}: proof ${proof}`)
  }
  expect(missing).toEqual([])
})

test('every endpoint is named in docs/coverage.md, by itself or with the list it belongs to', async () => {
  const named = new Set(rows.flatMap(r => r.endpoints))
  const listed = (said: string) => {
    const [, list] = /^(?:POST|PATCH|PUT) (.+?)(?:\/:id(?:\/retired)?)?$/.exec(said) ?? []
    return list !== undefined && named.has(`GET ${list}`)
  }
  expect([...(await endpoints())].filter(e => !named.has(e) && !listed(e))).toEqual([])
})

test('every row of docs/coverage.md bears the id of a requirement', () => {
  const odd = rows.map(r => r.id).filter(id => Number(id.slice(1)) < 1 || Number(id.slice(1)) > (counts[id[0] ?? ''] ?? 0))
  expect(odd).toEqual([])
})

test('every requirement of the main job has a door, a page and a proof', () => {
  const wanted = ['G1', 'G4', 'H7', 'C1', 'C2', 'C3', 'T1', 'T5', 'T6', 'T7', 'W1', 'W2', 'W6', 'S1', 'S6', 'I1']
  const whole = rows.filter(r => r.endpoints.length > 0 && r.pages.length > 0 && r.proof.length > 0).map(r => r.id)
  expect(wanted.filter(id => !whole.includes(id))).toEqual([])
})
