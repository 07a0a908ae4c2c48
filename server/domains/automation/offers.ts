import type * as z from 'zod'
import type { Asked, Field, Offers } from '#contract/automation.ts'
import type { FieldKind } from '#contract/conditions.ts'
import { scopeOf } from '#kernel/access.ts'
import type { ActionOffer, AutomationOffer, FieldOffer, Options, SubjectOffer, TriggerOffer } from '#kernel/automation.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'

const subjects = new Map<string, SubjectOffer>()
const triggers = new Map<string, TriggerOffer>()
const actions = new Map<string, ActionOffer>()

/** What every domain offers; told once, when the house is furnished. */
export function registerOffers(offers: readonly AutomationOffer[]): void {
  for (const offer of offers) {
    for (const subject of offer.subjects ?? []) subjects.set(subject.noun, subject)
    for (const trigger of offer.triggers ?? []) triggers.set(trigger.key, trigger)
    for (const action of offer.actions ?? []) actions.set(action.key, action)
  }
  for (const { key, subject } of triggers.values()) if (!subjects.has(subject)) throw new Error(`${key}: nobody offers ${subject}`)
}

export const everyTrigger = (): readonly TriggerOffer[] => [...triggers.values()]
export const subjectOf = (noun: string): SubjectOffer | undefined => subjects.get(noun)
export const actionOf = (key: string): ActionOffer | undefined => actions.get(key)

export function triggerOf(key: string): { trigger: TriggerOffer; subject: SubjectOffer } {
  const trigger = triggers.get(key)
  const subject = trigger && subjects.get(trigger.subject)
  if (!trigger || !subject) throw new Refusal('not_found', 'rule_trigger.not_found', { id: key })
  return { trigger, subject }
}

/** The fields a rule of this trigger may ask about: of its subject, and what the event itself knows. */
export async function fieldsOf(ctx: Ctx, { trigger, subject }: ReturnType<typeof triggerOf>): Promise<FieldOffer[]> {
  const own = [...subject.fields, ...((await subject.more?.(ctx)) ?? [])]
  return [...trigger.fields, ...own.filter(field => !trigger.fields.some(known => known.key === field.key))]
}

export async function kindsOf(ctx: Ctx, at: ReturnType<typeof triggerOf>): Promise<(field: string) => FieldKind | undefined> {
  const kinds = new Map((await fieldsOf(ctx, at)).map(field => [field.key, field.kind]))
  return field => kinds.get(field)
}

/** An action for this trigger's subject. */
export const actionFor = (subject: SubjectOffer) => (key: string) => {
  const offer = actions.get(key)
  return offer && (offer.on === null || offer.on === subject.noun) ? offer : undefined
}

export async function offersFor(ctx: Ctx): Promise<Offers> {
  // Several fields name the same choices: each is read once.
  const read = new Map<Options, Promise<z.output<typeof Field>['options']>>()
  const optionsOf = (options: Options | undefined) => {
    if (options === undefined) return null
    const known = read.get(options) ?? Promise.resolve(typeof options === 'function' ? options(ctx) : options).then(all => [...all])
    read.set(options, known)
    return known
  }
  const fieldOf = async ({ options, ...field }: FieldOffer): Promise<Field> => ({ ...field, options: await optionsOf(options) })
  const askOf = async (key: string, { options, optional, ...ask }: ActionOffer['asks'][string]): Promise<z.output<typeof Asked>> => ({
    key,
    ...ask,
    options: await optionsOf(options),
    optional: optional === true,
  })
  return {
    subjects: await Promise.all(
      [...subjects.values()].map(async ({ noun, name, nameEn, fields, more }) => ({
        noun,
        name,
        nameEn,
        fields: await Promise.all([...fields, ...((await more?.(ctx)) ?? [])].map(fieldOf)),
      })),
    ),
    triggers: await Promise.all(
      [...triggers.values()].map(async ({ key, subject, name, nameEn, fields }) => ({
        key,
        subject,
        name,
        nameEn,
        fields: await Promise.all(fields.map(fieldOf)),
      })),
    ),
    actions: await Promise.all(
      [...actions.values()].map(async ({ key, on, name, nameEn, asks, may }) => ({
        key,
        on,
        name,
        nameEn,
        asks: await Promise.all(Object.entries(asks).map(([at, ask]) => askOf(at, ask))),
        allowed: scopeOf(ctx.actor, may) !== null,
      })),
    ),
  }
}
