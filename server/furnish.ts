import type { FastifyInstance } from 'fastify'
import type { Endpoint } from '#contract/endpoint.ts'
import { lendLive as lendCustomers } from '#domains/customers/live.ts'
import { routes as customerRoutes } from '#domains/customers/routes.ts'
import { authenticate, authenticateKey } from '#domains/identity/index.ts'
import { reactions as identityReactions } from '#domains/identity/reactions.ts'
import { routes as identityRoutes } from '#domains/identity/routes.ts'
import { lendLive as lendWallboard, startWallboards } from '#domains/insight/live.ts'
import { reactions as insightReactions } from '#domains/insight/reactions.ts'
import { routes as insightRoutes } from '#domains/insight/routes.ts'
import { routes as interactionRoutes } from '#domains/interactions/routes.ts'
import { authenticateVisitor, chatContacts, lendLive } from '#domains/messaging/index.ts'
import { reactions as messagingReactions } from '#domains/messaging/reactions.ts'
import { routes as messagingRoutes } from '#domains/messaging/routes.ts'
import { registerContacts, startRouting } from '#domains/routing/index.ts'
import { reactions as routingReactions } from '#domains/routing/reactions.ts'
import { routes as routingRoutes } from '#domains/routing/routes.ts'
import { routes as sampleRoutes } from '#domains/sample/routes.ts'
import { reactions as surveyReactions } from '#domains/surveys/reactions.ts'
import { routes as surveyRoutes } from '#domains/surveys/routes.ts'
import { reactions as taskReactions } from '#domains/tasks/reactions.ts'
import { routes as taskRoutes } from '#domains/tasks/routes.ts'
import { authenticateLink } from '#domains/tickets/index.ts'
import { reactions as ticketReactions } from '#domains/tickets/reactions.ts'
import { routes as ticketRoutes } from '#domains/tickets/routes.ts'
import type { House } from '#kernel/house.ts'
import { newApp } from '#kernel/http.ts'
import type { Reaction } from '#kernel/react.ts'
import { reactions as kernelReactions } from '#kernel/reactions.ts'
import type { Door } from '#kernel/serve.ts'
import { type Reactions, registerReactions } from '#kernel/worker.ts'
import { routes as operationRoutes } from './operations.ts'

/** One domain as the house sees it: routes hung on the door, reactions to what is announced. Each domain's lines stand together below. */
export type Room = {
  routes?: (door: Door) => void | Promise<void>
  reactions?: Reaction[] /** Token kinds, socket guards, contact handlers: what a domain lends to the kernel or to another's mechanism. */
  lend?: (house: House) => void /** A loop that runs while the product does; tests turn it by hand. */
  loop?: (house: House) => { stop: () => Promise<void> }
}

/** Who lives here. The order is that of the floor plan. */
const rooms: Room[] = [
  {
    routes: identityRoutes,
    reactions: identityReactions,
    lend: house => {
      house.authenticate.s = authenticate
      house.authenticate.k = authenticateKey
    },
  },
  { routes: customerRoutes, lend: lendCustomers },
  { routes: interactionRoutes },
  { routes: routingRoutes, reactions: routingReactions, loop: startRouting },
  {
    routes: messagingRoutes,
    reactions: messagingReactions,
    lend: house => {
      house.authenticate.v = authenticateVisitor
      registerContacts(chatContacts)
      lendLive(house)
    },
  },
  { routes: taskRoutes, reactions: taskReactions },
  {
    routes: ticketRoutes,
    reactions: ticketReactions,
    lend: house => {
      house.authenticate.l = authenticateLink
    },
  },
  { routes: surveyRoutes, reactions: surveyReactions },
  { routes: insightRoutes, reactions: insightReactions, lend: lendWallboard, loop: startWallboards },
  { routes: sampleRoutes },
  { routes: operationRoutes, reactions: kernelReactions },
]

/** Puts every domain into the house: the same for the product and for every test. */
export async function furnish(house: House): Promise<{
  app: FastifyInstance
  endpoints: Endpoint[]
  reactions: Reactions
  startLoops: () => { stop: () => Promise<void> }
  stop: () => Promise<void>
}> {
  const app = await newApp(house)
  const door: Door = { app, house, endpoints: [] }
  for (const room of rooms) {
    room.lend?.(house)
    await room.routes?.(door)
  }
  await house.live.attach(house, app.server)
  const reactions = registerReactions(rooms.flatMap(r => r.reactions ?? []))
  house.cares = reactions.cares
  return {
    app,
    endpoints: door.endpoints,
    reactions,
    startLoops: () => {
      const loops = rooms.flatMap(r => (r.loop ? [r.loop(house)] : []))
      return {
        stop: async () => {
          await Promise.all(loops.map(l => l.stop()))
        },
      }
    },
    stop: () => house.live.stop(),
  }
}
