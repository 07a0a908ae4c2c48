import { lazy } from 'react'
import type { Page } from '../app/pages.ts'

export const pages: Page[] = [
  { path: '/customers', may: 'customer:read', page: lazy(() => import('./CustomersPage.tsx')) },
  { path: '/segments', may: 'customer:read', page: lazy(() => import('./segments/SegmentsPage.tsx')) },
  { path: '/segments/$id', may: 'customer:read', page: lazy(() => import('./segments/SegmentPage.tsx')) },
  { path: '/customers/duplicates', may: 'customer:merge', page: lazy(() => import('./duplicates/DuplicatesPage.tsx')) },
  { path: '/customers/compare', may: 'customer:read', page: lazy(() => import('./duplicates/ComparePage.tsx')) },
  { path: '/customers/$id', may: 'customer:read', page: lazy(() => import('./CustomerPage.tsx')) },
  { path: '/key-accounts', may: 'account:read', page: lazy(() => import('./accounts/KeyAccountsPage.tsx')) },
]
