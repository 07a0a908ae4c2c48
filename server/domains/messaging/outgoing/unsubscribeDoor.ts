import { readToken } from '#kernel/access.ts'
import { newLimit } from '#kernel/limits.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Door } from '#kernel/serve.ts'
import { work } from '#kernel/work.ts'
import { authenticateReader, decide } from './unsubscribing.ts'

/** Where mail programs say that their reader wants no more (RFC 8058): one post, no cookie, no question. A person who opens the address gets the page. */
export function unsubscribeRoutes({ app, house }: Pick<Door, 'app' | 'house'>): void {
  const calls = newLimit({ burst: 300, perSecond: 30, code: 'unsubscribe.too_many' })
  void app.register(async scope => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(
      ['application/x-www-form-urlencoded', 'multipart/form-data'],
      { parseAs: 'string', bodyLimit: 10_000 },
      (_request, body, done) => done(null, body),
    )
    scope.post<{ Querystring: { t?: string }; Body: unknown }>('/unsubscribe', async (request, reply) => {
      await calls(house, request.ip, house.clock())
      const token = readToken(typeof request.query.t === 'string' ? request.query.t : undefined)
      if (token?.kind !== 'l') throw nobody()
      if (!/List-Unsubscribe.{0,40}One-Click/s.test(String(request.body))) throw new Refusal('invalid', 'unsubscribe.nonsense')
      await work(house, { kind: 'system', tenantId: token.tenantId }, async ctx => {
        const actor = await authenticateReader(ctx, token.secret)
        if (!actor) throw nobody()
        ctx.actor = actor
        await decide(ctx, false, 'oneClick')
      })
      return reply.type('text/plain').send('ok')
    })
  })
}
const nobody = () => new Refusal('unauthenticated', 'access.link_invalid')
