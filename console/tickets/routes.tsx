import { lazy } from 'react'
import type { Page } from '../app/pages.ts'

export const pages: Page[] = [
  { path: '/tickets', may: 'ticket:read', page: lazy(() => import('./TicketsPage.tsx')) },
  { path: '/tickets/$id', may: 'ticket:read', page: lazy(() => import('./TicketPage.tsx')) },
]
