import { lazy } from 'react'
import type { Page } from '../app/pages.ts'

export const pages: Page[] = [
  { path: '/outbox', may: 'message:read', page: lazy(() => import('./OutboxPage.tsx')) },
  { path: '/notices', may: 'message:read', page: lazy(() => import('./NoticesPage.tsx')) },
]
