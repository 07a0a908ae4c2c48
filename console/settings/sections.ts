import { type ComponentType, type LazyExoticComponent, lazy } from 'react'
import { w as operations } from '../operations/words.ts'
import { b } from './business.words.ts'
import { s } from './security.words.ts'
import { w } from './words.ts'

export type Section = {
  key: string
  group: () => string
  name: () => string
  may: string | null
  page: LazyExoticComponent<ComponentType>
}
const mine = () => w.groupMine
const people = () => w.groupPeople
const security = () => s.group
const routing = () => w.groupRouting
const business = () => w.groupBusiness

/** The catalogue of settings, top to bottom; each is shown to whoever may change it. */
export const sections: readonly Section[] = [
  { key: 'account', group: mine, name: () => w.account, may: null, page: lazy(() => import('./AccountPage.tsx')) },
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
  { key: 'ticket-kinds', group: business, name: () => w.kinds, may: 'ticket:configure', page: lazy(() => import('./TicketKindsPage.tsx')) },
  {
    key: 'ticket-categories',
    group: business,
    name: () => w.categories,
    may: 'ticket:configure',
    page: lazy(() => import('./TicketCategoriesPage.tsx')),
  },
  {
    key: 'rating-policy',
    group: business,
    name: () => w.policy,
    may: 'survey:configure',
    page: lazy(() => import('./RatingPolicyPage.tsx')),
  },
  {
    key: 'failed-reactions',
    group: () => w.groupHouse,
    name: () => operations.title,
    may: 'house:operate',
    page: lazy(() => import('../operations/FailedReactionsPage.tsx')),
  },
]
