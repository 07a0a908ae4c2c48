import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

test.each(['journeys/story/play.ts', 'tools/simulate.ts', 'bench/run.ts', 'tools/screens.ts'])('%s says how it is used', file => {
  const ran = (option: string) => spawnSync('node', [file, option], { cwd: root, encoding: 'utf8', timeout: 20_000 })
  const helped = ran('--help')
  expect([helped.status, helped.stderr]).toEqual([0, ''])
  expect(helped.stdout).toContain('npm run ')
  const wrong = ran('--mistyped')
  expect([wrong.status, wrong.stdout]).toEqual([2, ''])
  expect(wrong.stderr).toMatch(/^[^\n]*--mistyped[^\n]*\n\nnpm run /)
  expect(wrong.stderr).not.toContain('    at ')
})
