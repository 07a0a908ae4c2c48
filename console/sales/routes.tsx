import { lazy } from 'react'
import type { Page } from '../app/pages.ts'

export const pages: Page[] = [{ path: '/opportunities', may: 'opportunity:read', page: lazy(() => import('./OpportunitiesPage.tsx')) }]
