import * as z from 'zod'
import type { Actor } from '#kernel/access.ts'
import type { House } from '#kernel/house.ts'
import { asSystem } from '#kernel/react.ts'
import { type Ctx, work } from '#kernel/work.ts'
import { watchSilence } from './actions/silence.ts'
import { maySee } from './queries.ts'
import { goneMinutes, isOver } from './rules.ts'

const Typing = z.object({ conversationId: z.uuid() })
/** One sign of typing per sender in so long; the reader shows it a little longer. */
const typingMs = 1_500

/** What clients say over the socket, who may watch a conversation, and who is there. */
export function lendLive(house: House): void {
  const lastTyped = new Map<string, number>()
  house.live.guard('conversation', maySee)

  house.live.on('typing', async (_house, actor, payload) => {
    const said = Typing.safeParse(payload)
    if (!said.success || (actor.kind !== 'user' && actor.kind !== 'visitor')) return
    const now = house.clock().getTime()
    if (now - (lastTyped.get(actor.id) ?? 0) < typingMs) return
    if (lastTyped.size > 20_000) lastTyped.clear()
    lastTyped.set(actor.id, now)
    await work(house, actor, ctx => relayTyping(ctx, actor, said.data.conversationId))
  })

  // The widget gives a sign of life, so that a connection lost without a word is noticed.
  house.live.on('here', (_house, actor) =>
    actor.kind === 'visitor' ? asSystem(house, actor.tenantId, ctx => visitorSeen(ctx, actor.id, true)) : undefined,
  )

  house.live.onPresence(async (_house, actor, online) => {
    if (actor.kind !== 'visitor') return
    // Another tab of the same browser may be connected to another process.
    if (!online && (await house.live.watchers(actor.tenantId, `visitor:${actor.id}`)) > 0) return
    await asSystem(house, actor.tenantId, ctx => visitorSeen(ctx, actor.id, online))
  })
}

async function relayTyping(ctx: Ctx, actor: Extract<Actor, { kind: 'user' | 'visitor' }>, conversationId: string): Promise<void> {
  const c = await ctx.db
    .selectFrom('messaging.conversation')
    .select(['id', 'visitorId', 'agentId', 'state'])
    .where('id', '=', conversationId)
    .executeTakeFirst()
  if (!c || isOver(c.state)) return
  if (actor.kind === 'visitor' && c.visitorId === actor.id) ctx.tell(`conversation:${c.id}`, 'typing', { conversationId, by: 'customer' })
  if (actor.kind === 'user' && c.agentId === actor.id && c.visitorId)
    ctx.tell(`visitor:${c.visitorId}`, 'typing', { conversationId, by: 'agent' })
}

/** Comes, goes, or is still there. Whoever goes may be gone for good: the silence is watched from now. */
export async function visitorSeen(ctx: Ctx, id: string, online: boolean): Promise<void> {
  const before = await ctx.db
    .selectFrom('messaging.visitor')
    .select(['online', 'conversationId'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!before) return
  await ctx.db.updateTable('messaging.visitor').set({ online, seenAt: ctx.now }).where('id', '=', id).execute()
  if (before.online === online || !before.conversationId) return
  const c = await ctx.db.selectFrom('messaging.conversation').selectAll().where('id', '=', before.conversationId).executeTakeFirst()
  if (!c || isOver(c.state)) return
  const payload = { conversationId: c.id, online }
  ctx.tell(`conversation:${c.id}`, 'customer.online', payload)
  if (c.agentId) ctx.tell(`user:${c.agentId}`, 'customer.online', payload)
  if (online) return
  const minutes = c.state === 'active' ? goneMinutes.active : c.state === 'waiting' ? goneMinutes.waiting : null
  if (minutes !== null) await watchSilence(ctx, c, new Date(ctx.now.getTime() + minutes * 60_000))
}
