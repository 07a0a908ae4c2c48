import * as z from 'zod'
import type { FieldKind, Leaf, Value } from '#contract/conditions.ts'
import type { Permission } from '#contract/endpoint.ts'
import type { EventDef } from './events.ts'
import type { Said } from './react.ts'
import type { Ctx } from './work.ts'

// What a domain offers to automation rules, from its `automation.ts`. The mechanism knows only these shapes.

type Named = { name: string; nameEn: string }
export type Option = Named & { value: string }
export type Options = readonly Option[] | ((ctx: Ctx) => Promise<readonly Option[]>)

/** Something rules ask about. `options`: what a choice, a queue or a department can be. */
export type FieldOffer = Named & { key: string; kind: FieldKind; options?: Options; money?: true }
export type Fields = Readonly<Record<string, Value>>

/**
 * A noun that rules look at. `load` sees what its actor may see; null: nothing of that id is there for it.
 * `asked`: the conditions that turn on it; what is dear to find out need be there only for these.
 */
export type SubjectOffer = Named & {
  noun: string
  fields: readonly FieldOffer[]
  /** Fields that are a tenant's own: the forms of its ticket kinds. */
  more?: (ctx: Ctx) => Promise<readonly FieldOffer[]>
  load: (ctx: Ctx, id: string, asked?: readonly Leaf[]) => Promise<Loaded | null>
}
/** `says`: what a template may call it in a message to its customer, in Chinese and English where they differ; `link` is a path that the customer may open. */
type Loaded = {
  label: string
  path: string | null
  fields: Fields
  says?: Readonly<Record<string, string | readonly [zh: string, en: string]>>
}

type Moment = Pick<Said, 'id' | 'about' | 'customerId' | 'interactionId' | 'detail'>
/** What an event says of its subject: fields known at that time, and as they were before where it changed them. */
export type Heard = { subjectId: string; is: Fields; was: Fields }
export type TriggerOffer = Named & {
  /** The event's name. */
  key: string
  subject: string
  /** Fields the event itself knows: a past one is judged by what was so then. */
  fields: readonly FieldOffer[]
  /** Null: this one is not meant. */
  hear: (said: Moment) => Heard | null
}

type Hearing<D> = Named & {
  subject: string
  fields?: readonly FieldOffer[]
  subjectOf?: (said: Omit<Moment, 'detail'> & { detail: D }) => string | null
  is?: (detail: D) => Fields
  was?: (detail: D) => Fields
  only?: (detail: D) => boolean
}
export const trigger = <D>(def: EventDef<D>, { fields = [], subjectOf, is, was, only, ...offer }: Hearing<D>): TriggerOffer => ({
  ...offer,
  key: def.name,
  fields,
  hear: said => {
    // Events of older versions may lack what this one knows.
    const detail = z.safeParse(def.detail, said.detail)
    if (!detail.success || (only && !only(detail.data))) return null
    const subjectId = subjectOf ? subjectOf({ ...said, detail: detail.data }) : said.about
    return subjectId === null ? null : { subjectId, is: is?.(detail.data) ?? {}, was: was?.(detail.data) ?? {} }
  },
})

/** How a parameter of an action is asked for. */
export type Ask = Named & {
  kind: 'words' | 'text' | 'choice' | 'number' | 'minutes' | 'person'
  options?: Options
  optional?: true
}
/** What is done: a verb of the domain, which guards itself as it does against a person. `on`: the noun it is for; null: any. */
export type ActionOffer = Named & {
  key: string
  on: string | null
  may: Permission
  asks: Readonly<Record<string, Ask>>
  /** What is wrong with the parameters: the first one's key, or null. */
  fault: (params: unknown) => string | null
  run: (ctx: Ctx, subject: Subject, params: unknown) => Promise<void>
}
export type Subject = Loaded & { noun: string; id: string; rule: { id: string; name: string } }

export const action = <S extends z.ZodRawShape, P extends z.ZodObject<S>>({
  params,
  run,
  ...offer
}: Named & {
  key: string
  on: string | null
  may: Permission
  params: P
  asks: { [K in keyof z.output<P>]: Ask }
  run: (ctx: Ctx, subject: Subject, params: z.output<P>) => Promise<unknown>
}): ActionOffer => ({
  ...offer,
  fault: given => {
    const read = params.safeParse(given)
    return read.success ? null : String(read.error.issues[0]?.path[0] ?? '')
  },
  run: async (ctx, subject, given) => {
    await run(ctx, subject, params.parse(given))
  },
})

export type AutomationOffer = {
  subjects?: readonly SubjectOffer[]
  triggers?: readonly TriggerOffer[]
  actions?: readonly ActionOffer[]
}
