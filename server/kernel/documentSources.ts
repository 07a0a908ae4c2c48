import type { Language, MatterNoun, Source } from '#contract/documents.ts'
import type { Permission } from '#contract/endpoint.ts'
import type { Ctx } from './work.ts'

/** Plain values and lists of rows, as the variables of the source name them. */
export type DocumentData = { readonly [key: string]: string | number | Date | null | DocumentData | readonly DocumentData[] }

/** Where letters and reports take their data from. A domain offers it from `documentSources.ts`. */
export type DocumentSource = Omit<Source, 'allowed'> & {
  /** What the data may be seen by: asked for when a document is made. */
  may: Permission
  load: (ctx: Ctx, params: Readonly<Record<string, string>>, language: Language) => Promise<DocumentData>
  /** Data to look at a template with, when nothing is chosen. */
  example: (language: Language) => DocumentData
  /** What the document belongs to. */
  matter?: (params: Readonly<Record<string, string>>) => { noun: MatterNoun; id: string } | null
  /** Whom it concerns: their page and time line show it. */
  customer?: (ctx: Ctx, params: Readonly<Record<string, string>>) => Promise<string | null>
}

const byName = new Map<string, DocumentSource>()

export function registerDocumentSources(all: readonly DocumentSource[]): void {
  byName.clear()
  for (const source of all) byName.set(source.name, source)
}

export const documentSources = (): readonly DocumentSource[] => [...byName.values()]
export const documentSource = (name: string): DocumentSource | undefined => byName.get(name)
