import { defineConfig } from 'vitest/config'

const database = './tools/test-database.ts'
const project = (name: string, include: string[], testTimeout: number, exclude: string[] = []) => ({
  test: {
    name,
    include,
    exclude: ['node_modules/**', ...exclude],
    pool: 'forks' as const,
    testTimeout,
    hookTimeout: 60_000,
    // A page on a busy machine needs longer than the one second that is the default.
    expect: { poll: { timeout: 30_000 } },
  },
})

export default defineConfig({
  test: {
    // Two files at a time: the machines this runs on have few cores, and PostgreSQL wants one.
    maxWorkers: 2,
    globalSetup: database,
    projects: [
      project('server', ['server/**/*.test.ts', 'contract/**/*.test.ts', 'tools/**/*.test.ts'], 40_000, [
        'server/adapters/asterisk/live/**',
        'server/boot/asterisk.test.ts',
      ]),
      project('console', ['console/**/*.test.{ts,tsx}', 'portal/**/*.test.ts'], 20_000),
      project('journeys', ['journeys/**/*.test.ts'], 60_000, [
        'journeys/browser/**',
        'journeys/voice/**',
        'journeys/faults/*.test.ts',
        'journeys/image.test.ts',
      ]),
      project('browser', ['journeys/browser/**/*.test.ts'], 180_000),
      // With an Asterisk of their own where ASTERISK_DIR names one (tools/asterisk/install.sh) and SIPp is there; the rest of them anywhere.
      project('voice', ['journeys/voice/**/*.test.ts', 'server/adapters/asterisk/live/*.test.ts', 'server/boot/asterisk.test.ts'], 120_000),
      // Installs and builds everything once more: CI asks for it.
      ...(process.env.IMAGE ? [project('image', ['journeys/image.test.ts'], 60_000)] : []),
      // Long and hard on the machine: `npm run prove` asks for it.
      ...(process.env.FAULTS ? [project('faults', ['journeys/faults/**/*.test.ts'], 120_000)] : []),
    ],
  },
})
