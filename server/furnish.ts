import type { FastifyInstance } from 'fastify'
import { asteriskRoom } from '#adapters/asterisk/room.ts'
import { carriers } from '#adapters/carriers.ts'
import { practiceRoom } from '#adapters/practiceLine/room.ts'
import { spokenByHttp } from '#adapters/speech/openai.ts'
import type { Endpoint } from '#contract/endpoint.ts'
import { automation as ownAutomation } from '#domains/automation/automation.ts'
import { exports as automationExports } from '#domains/automation/exports.ts'
import { holdings as ruleHoldings } from '#domains/automation/holdings.ts'
import { registerOffers } from '#domains/automation/index.ts'
import { lists as ruleLists } from '#domains/automation/lists.ts'
import { notices as ruleNotices } from '#domains/automation/notifications.ts'
import { ruleReactions } from '#domains/automation/reactions.ts'
import { routes as automationRoutes } from '#domains/automation/routes.ts'
import { accounts } from '#domains/customers/accounts.ts'
import { automation as customerAutomation } from '#domains/customers/automation.ts'
import { documentSources as customerDocuments } from '#domains/customers/documentSources.ts'
import { reactions as duplicateReactions } from '#domains/customers/duplicates/reactions.ts'
import { exports as customerExports } from '#domains/customers/exports.ts'
import { findingReactions } from '#domains/customers/finding/rebuild.ts'
import { holdings as customerHoldings } from '#domains/customers/holdings.ts'
import { customerImport } from '#domains/customers/imports.ts'
import { lists as customerLists } from '#domains/customers/lists.ts'
import { lendLive as lendCustomers } from '#domains/customers/live.ts'
import { erasing } from '#domains/customers/privacy/erasure.ts'
import { packing } from '#domains/customers/privacy/package.ts'
import { privacyReactions } from '#domains/customers/privacy/reactions.ts'
import { privacyRoutes } from '#domains/customers/privacy/routes.ts'
import { sweeping } from '#domains/customers/privacy/sweep.ts'
import { routes as customerRoutes } from '#domains/customers/routes.ts'
import { ladderRun } from '#domains/customers/segments/applying.ts'
import { reactions as segmentReactions } from '#domains/customers/segments/reactions.ts'
import { routes as segmentRoutes } from '#domains/customers/segments/routes.ts'
import { exports as documentExports } from '#domains/documents/exports.ts'
import { holdings as documentHoldings } from '#domains/documents/holdings.ts'
import { lists as documentLists } from '#domains/documents/lists.ts'
import { making } from '#domains/documents/making.ts'
import { notices as documentNotices } from '#domains/documents/notifications.ts'
import { reactions as documentReactions } from '#domains/documents/reactions.ts'
import { routes as documentRoutes } from '#domains/documents/routes.ts'
import { timeline as documentTimeline } from '#domains/documents/timeline.ts'
import { exports as identityExports } from '#domains/identity/exports.ts'
import { holdings as identityHoldings } from '#domains/identity/holdings.ts'
import { peopleImport } from '#domains/identity/importing.ts'
import { authenticate, authenticateKey, standIn } from '#domains/identity/index.ts'
import { lists as identityLists } from '#domains/identity/lists.ts'
import { notices as identityNotices } from '#domains/identity/notifications.ts'
import { reactions as identityReactions } from '#domains/identity/reactions.ts'
import { routes as identityRoutes } from '#domains/identity/routes.ts'
import { documentSources as improvementDocuments } from '#domains/improvement/documentSources.ts'
import { exports as improvementExports } from '#domains/improvement/exports.ts'
import { holdings as improvementHoldings } from '#domains/improvement/holdings.ts'
import { lists as improvementLists } from '#domains/improvement/lists.ts'
import { notices as improvementNotices } from '#domains/improvement/notifications.ts'
import { reactions as improvementReactions } from '#domains/improvement/reactions.ts'
import { routes as improvementRoutes } from '#domains/improvement/routes.ts'
import { documentSources as insightDocuments } from '#domains/insight/documentSources.ts'
import { exports as insightExports } from '#domains/insight/exports.ts'
import { holdings as insightHoldings } from '#domains/insight/holdings.ts'
import { lendLive as lendWallboard, startWallboards } from '#domains/insight/live.ts'
import { reactions as insightReactions } from '#domains/insight/reactions.ts'
import { routes as insightRoutes } from '#domains/insight/routes.ts'
import { exports as interactionExports } from '#domains/interactions/exports.ts'
import { holdings as interactionHoldings } from '#domains/interactions/holdings.ts'
import { lists as interactionLists } from '#domains/interactions/lists.ts'
import { outlook as interactionOutlook } from '#domains/interactions/outlook.ts'
import { routes as interactionRoutes } from '#domains/interactions/routes.ts'
import { timeline as interactionTimeline } from '#domains/interactions/timeline.ts'
import { automation as messagingAutomation } from '#domains/messaging/automation.ts'
import { exports as messagingExports } from '#domains/messaging/exports.ts'
import { holdings as messagingHoldings } from '#domains/messaging/holdings.ts'
import { authenticateReader, authenticateVisitor, chatContacts, lendCarriers, lendLive, startSender } from '#domains/messaging/index.ts'
import { lists as messagingLists } from '#domains/messaging/lists.ts'
import { notices as messagingNotices } from '#domains/messaging/notifications.ts'
import { reactions as messagingReactions } from '#domains/messaging/reactions.ts'
import { routes as messagingRoutes } from '#domains/messaging/routes.ts'
import { timeline as messagingTimeline } from '#domains/messaging/timeline.ts'
import { exports as needExports } from '#domains/needs/exports.ts'
import { holdings as needHoldings } from '#domains/needs/holdings.ts'
import { lists as needLists } from '#domains/needs/lists.ts'
import { notices as needNotices } from '#domains/needs/notifications.ts'
import { reactions as needReactions } from '#domains/needs/reactions.ts'
import { routes as needRoutes } from '#domains/needs/routes.ts'
import { timeline as needTimeline } from '#domains/needs/timeline.ts'
import { holdings as notificationHoldings } from '#domains/notifications/holdings.ts'
import { bellReactions } from '#domains/notifications/reactions.ts'
import { routes as notificationRoutes } from '#domains/notifications/routes.ts'
import { holdings as routingHoldings } from '#domains/routing/holdings.ts'
import { registerContacts, startConsoles, startRouting } from '#domains/routing/index.ts'
import { reactions as routingReactions } from '#domains/routing/reactions.ts'
import { routes as routingRoutes } from '#domains/routing/routes.ts'
import { exports as salesExports } from '#domains/sales/exports.ts'
import { holdings as salesHoldings } from '#domains/sales/holdings.ts'
import { lists as salesLists } from '#domains/sales/lists.ts'
import { reactions as salesReactions } from '#domains/sales/reactions.ts'
import { routes as salesRoutes } from '#domains/sales/routes.ts'
import { routes as sampleRoutes } from '#domains/sample/routes.ts'
import { automation as surveyAutomation } from '#domains/surveys/automation.ts'
import { exports as surveyExports } from '#domains/surveys/exports.ts'
import { holdings as surveyHoldings } from '#domains/surveys/holdings.ts'
import { authenticateInvited } from '#domains/surveys/index.ts'
import { lists as surveyLists } from '#domains/surveys/lists.ts'
import { reactions as surveyReactions } from '#domains/surveys/reactions.ts'
import { routes as surveyRoutes } from '#domains/surveys/routes.ts'
import { automation as taskAutomation } from '#domains/tasks/automation.ts'
import { exports as taskExports } from '#domains/tasks/exports.ts'
import { holdings as taskHoldings } from '#domains/tasks/holdings.ts'
import { lists as taskLists } from '#domains/tasks/lists.ts'
import { notices as taskNotices } from '#domains/tasks/notifications.ts'
import { reactions as taskReactions } from '#domains/tasks/reactions.ts'
import { routes as taskRoutes } from '#domains/tasks/routes.ts'
import { timeline as taskTimeline } from '#domains/tasks/timeline.ts'
import { automation as ticketAutomation } from '#domains/tickets/automation.ts'
import { callLookups as ticketLookups } from '#domains/tickets/callLookups.ts'
import { documentSources as ticketDocuments } from '#domains/tickets/documentSources.ts'
import { exports as ticketExports } from '#domains/tickets/exports.ts'
import { holdings as ticketHoldings } from '#domains/tickets/holdings.ts'
import { authenticateLink } from '#domains/tickets/index.ts'
import { lists as ticketLists } from '#domains/tickets/lists.ts'
import { notices as ticketNotices } from '#domains/tickets/notifications.ts'
import { outlook as ticketOutlook } from '#domains/tickets/outlook.ts'
import { reactions as ticketReactions } from '#domains/tickets/reactions.ts'
import { routes as ticketRoutes } from '#domains/tickets/routes.ts'
import { timeline as ticketTimeline } from '#domains/tickets/timeline.ts'
import { holdings as viewHoldings } from '#domains/views/holdings.ts'
import { registerLists, startCounting } from '#domains/views/index.ts'
import { reactions as viewReactions } from '#domains/views/reactions.ts'
import { routes as viewRoutes } from '#domains/views/routes.ts'
import { exports as voiceExports } from '#domains/voice/exports.ts'
import { holdings as voiceHoldings } from '#domains/voice/holdings.ts'
import { callContacts, haveLinesElsewhere, lendSpeech, startLines } from '#domains/voice/index.ts'
import { lists as voiceLists } from '#domains/voice/lists.ts'
import { notices as callNotices } from '#domains/voice/notifications.ts'
import { reactions as callReactions } from '#domains/voice/reactions.ts'
import { recordingReactions } from '#domains/voice/recordings/reactions.ts'
import { routes as voiceRoutes } from '#domains/voice/routes.ts'
import { speechReactions } from '#domains/voice/speakingFlows.ts'
import type { AutomationOffer } from '#kernel/automation.ts'
import { type CallLookup, registerCallLookups } from '#kernel/callLookups.ts'
import { startFollowing } from '#kernel/changes.ts'
import { type DocumentSource, registerDocumentSources } from '#kernel/documentSources.ts'
import type { ListExport } from '#kernel/exports.ts'
import { heeds, startHeeding } from '#kernel/heeds.ts'
import { kernelHoldings } from '#kernel/holdings.own.ts'
import { type Holdings, registerHoldings } from '#kernel/holdings.ts'
import type { House } from '#kernel/house.ts'
import { newApp } from '#kernel/http.ts'
import type { ListImport } from '#kernel/imports.ts'
import type { SavedList } from '#kernel/lists.ts'
import type { Telling } from '#kernel/notices.ts'
import { type OutlookGiver, registerOutlooks } from '#kernel/outlook.ts'
import type { Reaction } from '#kernel/react.ts'
import { reactions as kernelReactions } from '#kernel/reactions.ts'
import { type RunKind, registerRuns } from '#kernel/runs.ts'
import type { Door } from '#kernel/serve.ts'
import { registerTimelineFinders, type TimelineFinder } from '#kernel/timeline.ts'
import { type Reactions, registerReactions } from '#kernel/worker.ts'
import { exports as operationExports } from './operations.exports.ts'
import { notices as operationNotices } from './operations.notices.ts'
import { routes as operationRoutes } from './operations.ts'

type Loop = (house: House) => { stop: () => Promise<void> }
/** One domain as the house sees it: routes hung on the door, reactions to what is announced. Each domain's lines stand together below. */
export type Room = {
  routes?: (door: Door) => void | Promise<void>
  reactions?: Reaction[]
  /** What the bell tells people of its events. */
  notices?: Telling[]
  /** Lists of which people keep views. */
  lists?: SavedList[]
  /** What it offers to rules: triggers, fields, actions. */
  automation?: AutomationOffer
  /** Where letters and reports take their data from. */
  documentSources?: readonly DocumentSource[]
  /** Kinds of long work. */
  runs?: RunKind[]
  /** Lists that can be taken along. */
  exports?: ListExport[]
  /** Nouns that come from tables. */
  imports?: ListImport[] /** Token kinds, socket guards, contact handlers: what a domain lends to the kernel or to another's mechanism. */
  lend?: (house: House) => void /** A loop that runs while the product does; tests turn it by hand. */
  loop?: Loop /** The same for every process that browsers are connected to. */
  face?: Loop
  /** The same for the process that has the telephone's switches. */
  line?: Loop
  /** What a call may look up of this domain's matters. */
  callLookups?: CallLookup[]
  /** How words are found among a customer's matters. */
  timeline?: TimelineFinder
  /** What it knows of how it stands with a customer. */
  outlook?: OutlookGiver
}

/** Counts where there is work to do, and knows there, too, what is followed. */
const startViews: Loop = house => {
  const loops = [startFollowing(house), startCounting(house)]
  return { stop: async () => void (await Promise.all(loops.map(l => l.stop()))) }
}

/** What each keeps of customers. */
const kept: Holdings[] = [
  kernelHoldings,
  identityHoldings,
  interactionHoldings,
  routingHoldings,
  messagingHoldings,
  voiceHoldings,
  taskHoldings,
  ticketHoldings,
  surveyHoldings,
  salesHoldings,
  needHoldings,
  insightHoldings,
  notificationHoldings,
  documentHoldings,
  improvementHoldings,
  ruleHoldings,
  viewHoldings,
  customerHoldings,
]

/** Who lives here. The order is that of the floor plan. */
const rooms: Room[] = [
  {
    routes: identityRoutes,
    exports: identityExports,
    imports: [peopleImport],
    lists: identityLists,
    reactions: identityReactions,
    notices: identityNotices,
    lend: house => {
      house.authenticate.s = authenticate
      house.authenticate.k = authenticateKey
      house.standIn = standIn
    },
  },
  {
    routes: customerRoutes,
    automation: customerAutomation,
    documentSources: customerDocuments,
    exports: customerExports,
    imports: [customerImport],
    lists: customerLists,
    reactions: [...duplicateReactions, ...findingReactions],
    lend: lendCustomers,
  },
  accounts,
  { routes: segmentRoutes, reactions: segmentReactions, runs: [ladderRun] },
  { routes: privacyRoutes, reactions: privacyReactions, runs: [erasing, sweeping, packing] },
  {
    routes: interactionRoutes,
    timeline: interactionTimeline,
    outlook: interactionOutlook,
    exports: interactionExports,
    lists: interactionLists,
  },
  { routes: routingRoutes, reactions: routingReactions, loop: startRouting, face: startConsoles },
  {
    routes: messagingRoutes,
    timeline: messagingTimeline,
    exports: messagingExports,
    reactions: messagingReactions,
    notices: messagingNotices,
    automation: messagingAutomation,
    lists: messagingLists,
    lend: house => {
      house.authenticate.v = authenticateVisitor
      registerContacts(chatContacts)
      lendLive(house)
      lendCarriers(carriers)
    },
    loop: startSender,
  },
  {
    routes: voiceRoutes,
    exports: voiceExports,
    lists: voiceLists,
    notices: callNotices,
    reactions: [...recordingReactions, ...callReactions, ...speechReactions],
    lend: house => {
      registerContacts(callContacts)
      lendSpeech(house, spokenByHttp)
    },
    line: startLines,
  },
  practiceRoom,
  asteriskRoom,
  {
    routes: taskRoutes,
    timeline: taskTimeline,
    automation: taskAutomation,
    exports: taskExports,
    lists: taskLists,
    reactions: taskReactions,
    notices: taskNotices,
  },
  {
    routes: ticketRoutes,
    timeline: ticketTimeline,
    outlook: ticketOutlook,
    exports: ticketExports,
    documentSources: ticketDocuments,
    lists: ticketLists,
    reactions: ticketReactions,
    notices: ticketNotices,
    automation: ticketAutomation,
    callLookups: ticketLookups,
  },
  { routes: needRoutes, exports: needExports, lists: needLists, reactions: needReactions, timeline: needTimeline, notices: needNotices },
  { routes: salesRoutes, exports: salesExports, lists: salesLists, reactions: salesReactions },
  {
    routes: surveyRoutes,
    automation: surveyAutomation,
    exports: surveyExports,
    lists: surveyLists,
    reactions: surveyReactions,
    lend: house => {
      // Each knows its own seal.
      house.authenticate.l = async (ctx, secret) =>
        (await authenticateLink(ctx, secret)) ?? (await authenticateInvited(ctx, secret)) ?? authenticateReader(ctx, secret)
    },
  },
  {
    routes: insightRoutes,
    exports: insightExports,
    documentSources: insightDocuments,
    reactions: insightReactions,
    lend: lendWallboard,
    face: startWallboards,
  },
  { routes: notificationRoutes },
  {
    routes: documentRoutes,
    timeline: documentTimeline,
    exports: documentExports,
    lists: documentLists,
    reactions: documentReactions,
    notices: documentNotices,
    runs: [making],
  },
  {
    routes: improvementRoutes,
    exports: improvementExports,
    lists: improvementLists,
    documentSources: improvementDocuments,
    reactions: improvementReactions,
    notices: improvementNotices,
  },
  {
    routes: automationRoutes,
    lists: ruleLists,
    exports: automationExports,
    automation: ownAutomation,
    notices: ruleNotices,
    loop: startHeeding,
    face: startHeeding,
  },
  { routes: viewRoutes, reactions: viewReactions, loop: startViews, face: startFollowing },
  { routes: sampleRoutes },
  { routes: operationRoutes, exports: operationExports, reactions: kernelReactions, notices: operationNotices },
]

/** Puts every domain into the house: the same for the product and for every test. */
export async function furnish(house: House): Promise<{
  app: FastifyInstance
  endpoints: Endpoint[]
  reactions: Reactions
  /** What goes on by itself: `worker` what falls due, `web` what belongs to the browsers connected here, `voice` the telephone's switches. */
  startLoops: (roles: readonly ('web' | 'worker' | 'voice')[]) => { stop: () => Promise<void> }
  stop: () => Promise<void>
}> {
  const app = await newApp(house)
  const door: Door = { app, house, endpoints: [] }
  for (const room of rooms) {
    room.lend?.(house)
    await room.routes?.(door)
    for (const list of [...(room.exports ?? []), ...(room.imports ?? [])]) list.routes(door)
  }
  await house.live.attach(house, app.server)
  registerHoldings(kept)
  registerLists(rooms.flatMap(r => r.lists ?? []))
  registerOffers(rooms.flatMap(r => r.automation ?? []))
  registerCallLookups(rooms.flatMap(r => r.callLookups ?? []))
  registerTimelineFinders(rooms.flatMap(r => r.timeline ?? []))
  registerOutlooks(rooms.flatMap(r => r.outlook ?? []))
  registerDocumentSources(rooms.flatMap(r => r.documentSources ?? []))
  const reactions = registerReactions([
    ...ruleReactions(),
    ...rooms.flatMap(r => r.reactions ?? []),
    ...bellReactions(rooms.flatMap(r => r.notices ?? [])),
  ])
  house.hearers = (event, detail, tenantId) => reactions.hearers(event, detail, heeds(house, tenantId, event))
  house.runs = registerRuns(
    rooms.flatMap(r => [
      ...(r.runs ?? []),
      ...(r.exports ?? []).map(list => list.kind),
      ...(r.imports ?? []).flatMap(list => (list.back ? [list.kind, list.back] : [list.kind])),
    ]),
  )
  return {
    app,
    endpoints: door.endpoints,
    reactions,
    startLoops: roles => {
      const loops = rooms
        .flatMap(r => [
          ...(roles.includes('worker') && r.loop ? [r.loop] : []),
          ...(roles.includes('web') && r.face ? [r.face] : []),
          ...(roles.includes('voice') && r.line ? [r.line] : []),
        ])
        .concat(roles.includes('voice') ? [] : [haveLinesElsewhere])
        .map(start => start(house))
      return {
        stop: async () => {
          await Promise.all(loops.map(l => l.stop()))
        },
      }
    },
    stop: () => house.live.stop(),
  }
}
