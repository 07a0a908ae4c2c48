import type { Page } from '../app/pages.ts'

export const pages: Page[] = []
