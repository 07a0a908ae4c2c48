import type { ComponentType, LazyExoticComponent } from 'react'

/** A page of a domain: its address (`/tickets/$id` has a parameter), who may open it, and its code, loaded when first opened. */
export type Page = { path: `/${string}`; may: string | null; page: LazyExoticComponent<ComponentType> }
