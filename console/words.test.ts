import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '..')
const textOf = (pattern: string, not = /\.test\.ts/) =>
  globSync(pattern, { cwd: root })
    .filter(file => !not.test(file))
    .map(file => readFileSync(path.join(root, file), 'utf8'))

/** Every code the server can refuse with, as its source says them. */
function codes(): string[] {
  const found = new Set<string>()
  for (const text of textOf('server/**/*.ts', /\.test\.ts|server\/(boot|testing)\//)) {
    for (const call of text.matchAll(/new Refusal\(([^{]*?)(?:\{|\)\s)/g))
      for (const code of call[1]?.matchAll(/'([a-z_]+\.[a-z_]+)'/g) ?? []) found.add(code[1] ?? '')
    for (const noun of text.matchAll(/\bfound\([\s\S]{1,500}?,\s*'([a-z_]+)',\s*[\w.]+(?: \?\? [\w.]+)?,?\s*\)/g))
      found.add(`${noun[1]}.not_found`)
  }
  return [...found].sort()
}

test('every refusal has words in both languages', () => {
  const words = textOf('console/**/words.ts').join('\n')
  // A pair per code: the type of the table makes a single language an error.
  expect(codes().filter(code => !words.includes(`'${code}'`))).toEqual([])
})

test('whatever is said in Chinese is said in English beside it', () => {
  const alone = globSync(['console/**/*.tsx', 'console/**/*.ts'], { cwd: root })
    .filter(file => !/words\.ts$|\.test\.tsx?$/.test(file))
    .flatMap(file => {
      const text = readFileSync(path.join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
      return text
        .split('\n')
        .filter(line => /[\u4e00-\u9fff]/.test(line.replace(/\[[^\]]*\]|回音/g, '')) && !/(zh|'zh') \?/.test(line))
        .map(line => `${file}: ${line.trim()}`)
    })
  expect(alone).toEqual([])
})

test('what a reaction makes true is said in both languages', () => {
  const said = textOf('console/operations/sentences.words.ts').join('')
  const sentences = textOf('server/**/reactions.ts').flatMap(text =>
    [...text.matchAll(/\b(?:when|outward|every)\(\s*(?:\w+|'[^']+'),\s*'([^']+)'/g)].map(match => match[1] ?? ''),
  )
  expect(sentences.length).toBeGreaterThan(10)
  expect(sentences.filter(sentence => !said.includes(`'${sentence}'`))).toEqual([])
})

test('no key is written with a sign that a machine may lack', () => {
  const signs = globSync(['console/**/*.tsx', 'console/**/*.ts', 'portal/**/*.ts*'], { cwd: root })
    .filter(file => !/\.test\.tsx?$/.test(file))
    .filter(file => /[\u21b5\u23ce\u21e7\u2325\u232b\u21b9]/.test(readFileSync(path.join(root, file), 'utf8')))
  expect(signs).toEqual([])
})
