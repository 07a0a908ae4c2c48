import { lazy } from 'react'
import type { Page } from '../app/pages.ts'

const page = lazy(() => import('./SettingsPage.tsx'))
export const pages: Page[] = [
  { path: '/settings', may: null, page },
  { path: '/settings/$section', may: null, page },
]
