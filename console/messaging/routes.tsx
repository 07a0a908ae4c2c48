import { lazy } from 'react'
import type { Page } from '../app/pages.ts'

export const pages: Page[] = [{ path: '/desk', may: 'conversation:read', page: lazy(() => import('../desk/DeskPage.tsx')) }]
