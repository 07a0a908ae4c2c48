import { lazy } from 'react'
import type { Page } from '../app/pages.ts'

export const pages: Page[] = [
  { path: '/ratings', may: 'survey:read', page: lazy(() => import('./RatingsPage.tsx')) },
  { path: '/ratings/invitations', may: 'survey:read', page: lazy(() => import('./InvitationsPage.tsx')) },
]
