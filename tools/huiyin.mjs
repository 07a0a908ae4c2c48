#!/usr/bin/env node
import { onNode24 } from './node24.mjs'

if (onNode24(import.meta.url)) {
  const { run } = await import('../server/cli.ts')
  await run(process.argv.slice(2))
}
