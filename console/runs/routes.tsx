import { lazy } from 'react'
import type { Page } from '../app/pages.ts'

export const pages: Page[] = [{ path: '/runs', may: null, page: lazy(() => import('./MyRunsPage.tsx')) }]
