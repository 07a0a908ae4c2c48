import { findTenant } from '#kernel/directory.ts'
import { contentPolicy } from '#kernel/http.ts'
import { asSystem } from '#kernel/react.ts'
import type { Door } from '#kernel/serve.ts'
import { framers } from './sites.ts'

/** The widget's page tells the browser which sites may frame it. */
export function boundFrames({ app, house }: Door): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/widget/?')) return
    const key = new URL(request.url, 'http://widget').searchParams.get('key') ?? ''
    const tenantId = await findTenant(house.control, 'widget', key)
    if (tenantId === null) return
    const widget = await asSystem(house, tenantId, ctx =>
      ctx.db.selectFrom('messaging.widget').select('sites').where('key', '=', key).executeTakeFirst(),
    )
    const allowed = framers(widget?.sites ?? [])
    if (allowed !== null) reply.header('content-security-policy', contentPolicy(allowed))
  })
}
