import { lazy } from 'react'
import type { Page } from '../app/pages.ts'

export const pages: Page[] = [
  { path: '/documents', may: 'document:read', page: lazy(() => import('./DocumentsPage.tsx')) },
  { path: '/documents/schedules', may: 'document:write', page: lazy(() => import('./SchedulesPage.tsx')) },
  { path: '/documents/$id', may: 'document:read', page: lazy(() => import('./DocumentPage.tsx')) },
  { path: '/documents/templates/$id', may: 'document:configure', page: lazy(() => import('./TemplatePage.tsx')) },
]
