import { keepCompiled, onNode24 } from './node24.mjs'

// npm start: the console built when its sources are newer, then the product in this very process.
if (onNode24(import.meta.url)) {
  const began = performance.now()
  const writeDown = await keepCompiled()
  const { isStale, buildApart } = await import('./build.ts')
  const { serve } = await import('../server/cli.ts')
  await serve({ began, before: say => (isStale() ? buildApart(say) : undefined) })
  writeDown()
}
