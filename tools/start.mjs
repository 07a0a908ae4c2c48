import { onNode24 } from './node24.mjs'

// npm start: the console built when its sources are newer, then the product in this very process.
if (onNode24(import.meta.url)) await start()

async function start() {
  const began = performance.now()
  const { enableCompileCache, flushCompileCache } = await import('node:module')
  const { join, resolve } = await import('node:path')
  enableCompileCache(join(resolve(process.env.DATA || 'data'), 'cache', 'code'))
  const { isStale, buildApart } = await import('./build.ts')
  const { serve } = await import('../server/cli.ts')
  await serve({ began, before: async say => (isStale() ? buildApart(say) : undefined) })
  setTimeout(flushCompileCache, 3000).unref()
}
