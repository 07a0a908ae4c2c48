import { type ComponentType, type LazyExoticComponent, lazy } from 'react'

/** Places in the shell that a domain fills: presence, capacity and the telephone at the left of the bar, the pulse of the queues at its right, the bell, long work, what a leader said below it, and what rings over every page. */
export const slots: {
  presence: LazyExoticComponent<ComponentType>
  phone: LazyExoticComponent<ComponentType>
  pulse: LazyExoticComponent<ComponentType>
  work: LazyExoticComponent<ComponentType>
  bell: LazyExoticComponent<ComponentType>
  said: LazyExoticComponent<ComponentType>
  ringing: LazyExoticComponent<ComponentType>
} = {
  presence: lazy(() => import('../routing/PresenceBar.tsx')),
  phone: lazy(() => import('../voice/PhoneBar.tsx')),
  pulse: lazy(() => import('../routing/QueuePulse.tsx')),
  work: lazy(() => import('../runs/Corner.tsx')),
  bell: lazy(() => import('../notifications/Bell.tsx')),
  said: lazy(() => import('../routing/LeaderWords.tsx')),
  ringing: lazy(() => import('../routing/Ringing.tsx')),
}
