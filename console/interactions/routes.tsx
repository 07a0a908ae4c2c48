import { lazy } from 'react'
import type { Page } from '../app/pages.ts'

export const pages: Page[] = [{ path: '/contacts', may: 'interaction:read', page: lazy(() => import('./ContactsPage.tsx')) }]
