import { type ComponentType, type LazyExoticComponent, lazy } from 'react'

/** Places in the shell that a domain fills: presence and capacity at the left of the bar, the pulse of the queues at its right, and what rings over every page. */
export const slots: {
  presence: LazyExoticComponent<ComponentType>
  pulse: LazyExoticComponent<ComponentType>
  ringing: LazyExoticComponent<ComponentType>
} = {
  presence: lazy(() => import('../routing/PresenceBar.tsx')),
  pulse: lazy(() => import('../routing/QueuePulse.tsx')),
  ringing: lazy(() => import('../routing/Ringing.tsx')),
}
