import type { Permission, Schema } from '#contract/endpoint.ts'
import type { EventDef } from './events.ts'
import type { Said } from './react.ts'
import type { Ctx } from './work.ts'

/** Chinese and English of the same words; `{title}` stands for a fact of that name. */
export type Both = readonly [zh: string, en: string]

/** A kind of news that a domain has for people. Each person chooses by kind whether the bell tells it, mail, both or neither. */
export type NoticeKind = {
  /** `ticket.given`: kinds of one noun stand together under `group`. */
  key: `${string}.${string}`
  group: Both
  /** In the person's settings and filters. */
  name: Both
  /** The line in the bell, the subject of the mail. */
  says: Both
  /** Told at once to whoever has a digest. */
  important?: true
  /** By mail too, until the person says otherwise. */
  mail?: true
  /** Who may not see the thing is not told of it. */
  may?: Permission
  /** Told also to whoever did it. */
  toDoer?: true
}

/** `departmentId`: its people. `leads`: those of a department who may do that for more than themselves. `holders`: everybody who holds the kind's permission; `over`: of them those whose scope reaches any of these people, and whoever may all. */
export type To = {
  people?: readonly (string | null)[]
  departmentId?: string | null
  leads?: { departmentId: string | null; may: Permission }
  holders?: true
  over?: readonly (string | null)[]
}
/** `link`: the page of the thing; opening it by whatever way makes the news read. */
export type Notice = { to: To; link: string; facts?: Record<string, string | number> }

export type Telling = {
  kind: NoticeKind
  event: EventDef<unknown>
  only?: (detail: unknown) => boolean
  tell: (ctx: Ctx, said: Said) => Promise<Notice | null>
}

/** What is told to whom when something happened; `null`: nobody. Runs in the reaction, so the thing is looked up as it stands then. */
export const tells = <D>(
  def: EventDef<D>,
  kind: NoticeKind,
  tell: (ctx: Ctx, said: Said<D>) => Promise<Notice | null>,
  only?: (detail: D) => boolean,
): Telling => ({
  kind,
  // Each telling's detail is parsed by the schema of its own event before it is called.
  event: { ...def, detail: def.detail as Schema<unknown> },
  ...(only ? { only: only as (detail: unknown) => boolean } : {}),
  tell: tell as Telling['tell'],
})
