import { practice } from '#contract/practiceLine.ts'
import { madeUpCallers } from '#domains/customers/index.ts'
import { numbersToDial } from '#domains/voice/practice.ts'
import { asUser, writeToken } from '#kernel/access.ts'
import { newLimit } from '#kernel/limits.ts'
import { Refusal } from '#kernel/refusal.ts'
import { type Door, serve } from '#kernel/serve.ts'
import type { Ctx } from '#kernel/work.ts'
import { newPhone, plainNumber } from './passes.ts'

const opened = newLimit({ burst: 20, perSecond: 0.1, code: 'practice.too_many' })
const mayPlay = ({ house }: Ctx) => {
  if (house.settings.practiceLine === false) throw new Refusal('not_found', 'practice.off')
}

/** Telephones of the practice line are switched on here; what they do goes over the socket. */
export function routes(door: Door): void {
  serve(door, practice, {
    open: async (ctx, { body: { from } }) => {
      mayPlay(ctx)
      await opened(ctx.house, asUser(ctx.actor).id, ctx.now)
      const { id, secret } = newPhone(ctx.house.key, ctx.tenantId, from, ctx.now)
      ctx.tell(`dialled:${plainNumber(from)}`, 'phone', { kind: 'elsewhere', phone: id })
      return {
        phone: id,
        token: writeToken({ kind: 'c', tenantId: ctx.tenantId, secret }),
        from,
        iceServers: [...(ctx.house.settings.iceServers ?? [])],
      }
    },
    numbers: async ctx => {
      mayPlay(ctx)
      return { numbers: await numbersToDial(ctx), callers: await freeFirst(ctx, await madeUpCallers(ctx)) }
    },
  })
}

/** A telephone that is new begins as somebody whose telephone is off. */
async function freeFirst<Caller extends { number: string }>(ctx: Ctx, callers: readonly Caller[]): Promise<Caller[]> {
  const on = await Promise.all(callers.map(c => ctx.house.live.watchers(ctx.tenantId, `dialled:${plainNumber(c.number)}`)))
  return [...callers.filter((_, n) => on[n] === 0), ...callers.filter((_, n) => on[n] !== 0)]
}
