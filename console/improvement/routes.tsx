import { lazy } from 'react'
import type { Page } from '../app/pages.ts'

export const pages: Page[] = [
  { path: '/improvements', may: 'improvement:read', page: lazy(() => import('./BoardPage.tsx')) },
  { path: '/improvements/$id', may: 'improvement:read', page: lazy(() => import('./FindingPage.tsx')) },
  { path: '/improvements/standards', may: 'improvement:read', page: lazy(() => import('./StandardsPage.tsx')) },
  { path: '/improvements/standards/$id', may: 'improvement:read', page: lazy(() => import('./StandardPage.tsx')) },
  { path: '/improvements/strategy', may: 'improvement:read', page: lazy(() => import('./StrategyPage.tsx')) },
]
