#!/usr/bin/env node
import { keepCompiled, onNode24 } from './node24.mjs'

if (onNode24(import.meta.url)) {
  const writeDown = await keepCompiled()
  const { run } = await import('../server/cli.ts')
  await run(process.argv.slice(2))
  writeDown()
}
