import { lazy } from 'react'
import type { Page } from '../app/pages.ts'

export const pages: Page[] = [{ path: '/needs', may: 'need:read', page: lazy(() => import('./NeedsPage.tsx')) }]
