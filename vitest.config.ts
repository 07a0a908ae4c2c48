import { defineConfig } from 'vitest/config'

const database = './tools/test-database.ts'
const project = (name: string, include: string[], more: { globalSetup?: string; testTimeout?: number; exclude?: string[] } = {}) => ({
  test: {
    name,
    include,
    exclude: ['node_modules/**', ...(more.exclude ?? [])],
    pool: 'forks' as const,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    ...more,
  },
})

export default defineConfig({
  test: {
    // Two files at a time: the machines this runs on have few cores, and PostgreSQL wants one.
    maxWorkers: 2,
    globalSetup: database,
    projects: [
      project('server', ['server/**/*.test.ts', 'contract/**/*.test.ts', 'tools/**/*.test.ts']),
      project('console', ['console/**/*.test.{ts,tsx}', 'portal/**/*.test.ts']),
      project('journeys', ['journeys/**/*.test.ts'], { exclude: ['journeys/browser/**'], testTimeout: 60_000 }),
      project('browser', ['journeys/browser/**/*.test.ts'], { testTimeout: 120_000 }),
    ],
  },
})
