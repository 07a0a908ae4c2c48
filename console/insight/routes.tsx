import { lazy } from 'react'
import type { Page } from '../app/pages.ts'

export const pages: Page[] = [{ path: '/wallboard', may: 'insight:read', page: lazy(() => import('./WallboardPage.tsx')) }]
