import { lazy } from 'react'
import type { Page } from '../app/pages.ts'

export const pages: Page[] = [
  { path: '/calls', may: 'voice:read', page: lazy(() => import('./records/CallsPage.tsx')) },
  { path: '/call-flows/$id', may: 'voice:configure', page: lazy(() => import('./settings/FlowPage.tsx')) },
]
