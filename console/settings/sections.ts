import { type ComponentType, type LazyExoticComponent, lazy } from 'react'
import { useFailureCount } from '../app/counts.ts'
import type { Place } from '../app/navigation.tsx'
import { w as shell } from '../app/words.ts'
import { w as automation } from '../automation/words.ts'
import { w as ownFields } from '../customers/own/words.ts'
import { m as mask } from '../customers/privacy/masking.words.ts'
import { p as privacy } from '../customers/privacy/words.ts'
import { w as records } from '../customers/records/words.ts'
import { w as segmentWords } from '../customers/segments/words.ts'
import { w as documents } from '../documents/words.ts'
import { w as needs } from '../needs/words.ts'
import { n } from '../notifications/settings.words.ts'
import { w as operations } from '../operations/words.ts'
import { w as outgoing } from '../outgoing/words.ts'
import { w as runs } from '../runs/words.ts'
import { w as sales } from '../sales/words.ts'
import { v as invitations } from '../surveys/invitations.words.ts'
import { p as policies } from '../tasks/policies.words.ts'
import { l } from '../voice/settings/lines.words.ts'
import { w as voice } from '../voice/settings/words.ts'
import { b } from './business.words.ts'
import { s } from './security.words.ts'
import { w } from './words.ts'

export type Section = {
  key: string
  group: () => string
  name: () => string
  may: string | null
  page: LazyExoticComponent<ComponentType>
  /** What waits there, and counts at the foot of the rail. */
  count?: Place['count']
}
const mine = () => w.groupMine
const people = () => w.groupPeople
const security = () => s.group
const routing = () => w.groupRouting
const business = () => w.groupBusiness
const sending = () => outgoing.outbox
const telephone = () => voice.group

/** The catalogue of settings, top to bottom; each is shown to whoever may change it. */
export const sections: readonly Section[] = [
  { key: 'account', group: mine, name: () => w.account, may: null, page: lazy(() => import('./AccountPage.tsx')) },
  { key: 'notifications', group: mine, name: () => n.mine, may: null, page: lazy(() => import('./NotificationsPage.tsx')) },
  { key: 'people', group: people, name: () => w.people, may: 'identity:configure', page: lazy(() => import('./PeoplePage.tsx')) },
  {
    key: 'departments',
    group: people,
    name: () => w.departments,
    may: 'identity:configure',
    page: lazy(() => import('./DepartmentsPage.tsx')),
  },
  { key: 'teams', group: people, name: () => w.teams, may: 'identity:configure', page: lazy(() => import('./TeamsPage.tsx')) },
  { key: 'calendars', group: people, name: () => w.calendars, may: 'calendar:configure', page: lazy(() => import('./CalendarsPage.tsx')) },
  { key: 'roles', group: security, name: () => s.roles, may: 'identity:configure', page: lazy(() => import('./RolesPage.tsx')) },
  { key: 'api-keys', group: security, name: () => s.keys, may: 'identity:configure', page: lazy(() => import('./KeysPage.tsx')) },
  { key: 'sessions', group: security, name: () => s.sessions, may: 'identity:configure', page: lazy(() => import('./SessionsPage.tsx')) },
  {
    key: 'sign-in-rules',
    group: security,
    name: () => s.policy,
    may: 'identity:configure',
    page: lazy(() => import('./SecurityPolicyPage.tsx')),
  },
  { key: 'audit', group: security, name: () => s.audit, may: 'audit:read', page: lazy(() => import('./AuditPage.tsx')) },
  {
    key: 'ladders',
    group: business,
    name: () => segmentWords.ladders,
    may: 'customer:configure',
    page: lazy(() => import('../customers/segments/LaddersPage.tsx')),
  },
  {
    key: 'privacy',
    group: security,
    name: () => privacy.privacy,
    may: 'customer:privacy',
    page: lazy(() => import('../customers/privacy/KeepingPage.tsx')),
  },
  {
    key: 'masking',
    group: security,
    name: () => mask.masking,
    may: 'customer:privacy',
    page: lazy(() => import('../customers/privacy/MaskingPage.tsx')),
  },
  {
    key: 'left-alone',
    group: sending,
    name: () => privacy.register,
    may: 'message:configure',
    page: lazy(() => import('../customers/privacy/LeftAlonePage.tsx')),
  },
  { key: 'queues', group: routing, name: () => w.queues, may: 'routing:configure', page: lazy(() => import('./QueuesPage.tsx')) },
  {
    key: 'routing-rules',
    group: routing,
    name: () => b.rules,
    may: 'routing:configure',
    page: lazy(() => import('./RoutingRulesPage.tsx')),
  },
  { key: 'skills', group: routing, name: () => w.skills, may: 'routing:configure', page: lazy(() => import('./SkillsPage.tsx')) },
  { key: 'staffing', group: routing, name: () => w.staffing, may: 'routing:supervise', page: lazy(() => import('./StaffingPage.tsx')) },
  {
    key: 'presence-reasons',
    group: routing,
    name: () => w.presence,
    may: 'routing:configure',
    page: lazy(() => import('./PresenceReasonsPage.tsx')),
  },
  { key: 'widgets', group: routing, name: () => w.widgets, may: 'conversation:configure', page: lazy(() => import('./WidgetsPage.tsx')) },
  { key: 'canned', group: routing, name: () => w.canned, may: 'conversation:write', page: lazy(() => import('./CannedPage.tsx')) },
  { key: 'blocks', group: routing, name: () => w.blocks, may: 'conversation:supervise', page: lazy(() => import('./BlocksPage.tsx')) },
  {
    key: 'lines',
    group: telephone,
    name: () => l.lines,
    may: 'voice:configure',
    page: lazy(() => import('../voice/settings/LinesPage.tsx')),
  },
  {
    key: 'call-flows',
    group: telephone,
    name: () => voice.flows,
    may: 'voice:configure',
    page: lazy(() => import('../voice/settings/FlowsPage.tsx')),
  },
  {
    key: 'phone-numbers',
    group: telephone,
    name: () => voice.numbers,
    may: 'voice:configure',
    page: lazy(() => import('../voice/settings/NumbersPage.tsx')),
  },
  {
    key: 'announcements',
    group: telephone,
    name: () => voice.announcements,
    may: 'voice:configure',
    page: lazy(() => import('../voice/settings/AnnouncementsPage.tsx')),
  },
  {
    key: 'queue-voice',
    group: telephone,
    name: () => voice.queueVoice,
    may: 'voice:configure',
    page: lazy(() => import('../voice/settings/QueueVoicePage.tsx')),
  },
  {
    key: 'speech',
    group: telephone,
    name: () => voice.speech,
    may: 'voice:configure',
    page: lazy(() => import('../voice/settings/SpeechPage.tsx')),
  },
  {
    key: 'document-templates',
    group: business,
    name: () => documents.templates,
    may: 'document:configure',
    page: lazy(() => import('../documents/TemplatesPage.tsx')),
  },
  {
    key: 'contact-reasons',
    group: business,
    name: () => w.reasons,
    may: 'interaction:configure',
    page: lazy(() => import('./ContactReasonsPage.tsx')),
  },
  {
    key: 'contact-outcomes',
    group: business,
    name: () => w.outcomes,
    may: 'interaction:configure',
    page: lazy(() => import('./OutcomesPage.tsx')),
  },
  {
    key: 'record-kinds',
    group: business,
    name: () => records.kinds,
    may: 'customer:configure',
    page: lazy(() => import('../customers/records/KindsPage.tsx')),
  },
  {
    key: 'customer-fields',
    group: business,
    name: () => ownFields.fields,
    may: 'customer:configure',
    page: lazy(() => import('../customers/own/FieldsPage.tsx')),
  },
  { key: 'ticket-kinds', group: business, name: () => w.kinds, may: 'ticket:configure', page: lazy(() => import('./TicketKindsPage.tsx')) },
  {
    key: 'ticket-categories',
    group: business,
    name: () => w.categories,
    may: 'ticket:configure',
    page: lazy(() => import('./TicketCategoriesPage.tsx')),
  },
  {
    key: 'need-templates',
    group: business,
    name: () => needs.templates,
    may: 'need:configure',
    page: lazy(() => import('../needs/TemplatesPage.tsx')),
  },
  {
    key: 'opportunity-stages',
    group: business,
    name: () => sales.stages,
    may: 'opportunity:configure',
    page: lazy(() => import('../sales/StagesPage.tsx')),
  },
  {
    key: 'automation',
    group: business,
    name: () => automation.title,
    may: 'rule:read',
    page: lazy(() => import('../automation/RulesPage.tsx')),
  },
  {
    key: 'rating-policy',
    group: business,
    name: () => w.policy,
    may: 'survey:configure',
    page: lazy(() => import('./RatingPolicyPage.tsx')),
  },
  {
    key: 'survey-invitations',
    group: business,
    name: () => invitations.settings,
    may: 'survey:configure',
    page: lazy(() => import('../surveys/InvitingPage.tsx')),
  },
  {
    key: 'approval-policies',
    group: business,
    name: () => policies.title,
    may: 'approval:configure',
    page: lazy(() => import('../tasks/PoliciesPage.tsx')),
  },
  {
    key: 'providers',
    group: sending,
    name: () => outgoing.waysOut,
    may: 'message:configure',
    page: lazy(() => import('../outgoing/ProvidersPage.tsx')),
  },
  {
    key: 'message-templates',
    group: sending,
    name: () => outgoing.templates,
    may: 'message:configure',
    page: lazy(() => import('../outgoing/TemplatesPage.tsx')),
  },
  {
    key: 'sending-rules',
    group: sending,
    name: () => outgoing.rules,
    may: 'message:configure',
    page: lazy(() => import('../outgoing/PolicyPage.tsx')),
  },
  {
    key: 'suppressions',
    group: sending,
    name: () => outgoing.bad,
    may: 'message:read',
    page: lazy(() => import('../outgoing/SuppressionsPage.tsx')),
  },
  {
    key: 'failed-reactions',
    group: () => w.groupHouse,
    name: () => operations.title,
    may: 'house:operate',
    page: lazy(() => import('../operations/FailedReactionsPage.tsx')),
    count: { use: useFailureCount, says: n => shell.failures(n) },
  },
  {
    key: 'long-work',
    group: () => w.groupHouse,
    name: () => runs.allTitle,
    may: 'house:operate',
    page: lazy(() => import('../runs/RunsPage.tsx')),
  },
]
