import { lazy } from 'react'
import type { Page } from '../app/pages.ts'

export const pages: Page[] = [
  { path: '/automation/runs', may: 'rule:read', page: lazy(() => import('./RunsPage.tsx')) },
  { path: '/automation/$id', may: 'rule:read', page: lazy(() => import('./RulePage.tsx')) },
]
