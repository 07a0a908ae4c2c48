import type { ComponentType } from 'react'
import {
  IconActivity,
  IconAddressBook,
  IconChartBar,
  IconClipboardCheck,
  IconFileText,
  IconHeadset,
  IconMoodSmile,
  IconPhone,
  IconSend,
  IconSettings,
  IconTargetArrow,
  IconTicket,
  IconUsers,
  IconUsersGroup,
} from '../kit/icons.ts'
import { useDeskCount, useFailureCount, useHandCount, useTaskCount } from './counts.ts'
import { w } from './words.ts'

export type Place = {
  path: `/${string}`
  name: () => string
  icon: ComponentType<{ size?: number; stroke?: number }>
  may: string | null
  /** How many things there wait for me; `calm` when that is no alarm. */
  count?: { use: () => number; calm?: true; says: (n: number) => string }
  foot?: true
}

/** The rail, top to bottom. */
export const navigation: readonly Place[] = [
  {
    path: '/desk',
    name: () => w.desk,
    icon: IconHeadset,
    may: 'conversation:read',
    count: { use: useDeskCount, says: n => w.waitForYou(n) },
  },
  { path: '/customers', name: () => w.customers, icon: IconUsers, may: 'customer:read' },
  { path: '/contacts', name: () => w.contacts, icon: IconAddressBook, may: 'interaction:read' },
  { path: '/tickets', name: () => w.tickets, icon: IconTicket, may: 'ticket:read' },
  {
    path: '/tasks',
    name: () => w.tasks,
    icon: IconClipboardCheck,
    may: 'task:read',
    count: { use: useTaskCount, calm: true, says: n => w.openTasks(n) },
  },
  { path: '/calls', name: () => w.calls, icon: IconPhone, may: 'voice:read' },
  { path: '/outbox', name: () => w.outbox, icon: IconSend, may: 'message:read' },
  { path: '/ratings', name: () => w.ratings, icon: IconMoodSmile, may: 'survey:read' },
  {
    path: '/team',
    name: () => w.team,
    icon: IconUsersGroup,
    may: 'routing:supervise',
    count: { use: useHandCount, says: n => w.handsUp(n) },
  },
  { path: '/wallboard', name: () => w.wallboard, icon: IconActivity, may: 'insight:read' },
  { path: '/figures', name: () => w.figures, icon: IconChartBar, may: 'insight:read' },
  { path: '/documents', name: () => w.documents, icon: IconFileText, may: 'document:read' },
  { path: '/improvements', name: () => w.improvements, icon: IconTargetArrow, may: 'improvement:read' },
  {
    path: '/settings',
    name: () => w.settings,
    icon: IconSettings,
    may: null,
    foot: true,
    count: { use: useFailureCount, says: n => w.failures(n) },
  },
]
