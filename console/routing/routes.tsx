import { lazy } from 'react'
import type { Page } from '../app/pages.ts'

export const pages: Page[] = [{ path: '/team', may: 'routing:supervise', page: lazy(() => import('./TeamPage.tsx')) }]
