export const refusalStatus = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  gone: 410,
  too_large: 413,
  too_many: 429,
  unavailable: 503,
} as const
export type RefusalKind = keyof typeof refusalStatus

/** A clear no: a code that has words in every language, and the facts that fill them. Whatever else is thrown is a bug. */
export class Refusal extends Error {
  readonly kind: RefusalKind
  readonly code: string
  readonly facts: Record<string, unknown>
  constructor(kind: RefusalKind, code: string, facts: Record<string, unknown> = {}) {
    super(code)
    this.kind = kind
    this.code = code
    this.facts = facts
  }
}

/** The row, or `<noun>.not_found`: what the actor may not see, it cannot find. */
export function found<T>(row: T | undefined | null, noun: string, id: string): T {
  if (row === undefined || row === null) throw new Refusal('not_found', `${noun}.not_found`, { id })
  return row
}
