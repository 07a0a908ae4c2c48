import type { Page } from 'playwright-core'

export const sizes = { window: { width: 1280, height: 720 }, phone: { width: 390, height: 844 }, wall: { width: 1920, height: 1080 } }
export type Size = keyof typeof sizes
/** One picture: whose page it is of, and what is done on it before it is taken. */
export type Shot = { name: string; path: string; who: string | null; size?: Size; act?: (page: Page) => Promise<unknown> }
