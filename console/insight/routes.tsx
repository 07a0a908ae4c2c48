import { lazy } from 'react'
import type { Page } from '../app/pages.ts'

export const pages: Page[] = [
  { path: '/wallboard', may: 'insight:read', page: lazy(() => import('./WallboardPage.tsx')) },
  { path: '/figures', may: 'insight:read', page: lazy(() => import('./FiguresPage.tsx')) },
  { path: '/figures/contacts', may: 'interaction:read', page: lazy(() => import('./CountedPage.tsx')) },
]
