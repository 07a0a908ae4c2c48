import { defineConfig } from 'vitest/config'

const database = './tools/test-database.ts'
const project = (name: string, include: string[], testTimeout: number, exclude: string[] = []) => ({
  test: { name, include, exclude: ['node_modules/**', ...exclude], pool: 'forks' as const, testTimeout, hookTimeout: 60_000 },
})

export default defineConfig({
  test: {
    // Two files at a time: the machines this runs on have few cores, and PostgreSQL wants one.
    maxWorkers: 2,
    globalSetup: database,
    projects: [
      project('server', ['server/**/*.test.ts', 'contract/**/*.test.ts', 'tools/**/*.test.ts'], 20_000),
      project('console', ['console/**/*.test.{ts,tsx}', 'portal/**/*.test.ts'], 20_000),
      project('journeys', ['journeys/**/*.test.ts'], 60_000, ['journeys/browser/**', 'journeys/faults/*.test.ts']),
      project('browser', ['journeys/browser/**/*.test.ts'], 120_000),
      // Long and hard on the machine: `npm run prove` asks for it.
      ...(process.env.FAULTS ? [project('faults', ['journeys/faults/**/*.test.ts'], 120_000)] : []),
    ],
  },
})
