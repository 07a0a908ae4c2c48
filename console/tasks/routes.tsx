import { lazy } from 'react'
import type { Page } from '../app/pages.ts'

export const pages: Page[] = [{ path: '/tasks', may: 'task:read', page: lazy(() => import('./TasksPage.tsx')) }]
