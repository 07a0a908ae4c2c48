import { keepCompiled, onNode24 } from './node24.mjs'

// npm start: the console built when its sources are newer, then the product in this very process.
if (onNode24(import.meta.url)) {
  const began = performance.now()
  endWithNpm()
  const writeDown = await keepCompiled()
  const { isStale, buildApart } = await import('./build.ts')
  const { serve } = await import('../server/cli.ts')
  await serve({ began, before: say => (isStale() ? buildApart(say) : undefined) })
  writeDown()
}

/** npm that is told to end kills its shell and says nothing to us: whoever lost the parent has been stopped. */
function endWithNpm() {
  if (!process.env.npm_lifecycle_event) return
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, 300).unref()
}
