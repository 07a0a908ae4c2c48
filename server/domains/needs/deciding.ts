import { type FormField, fieldFault, filledOnly } from '#contract/forms.ts'
import type { Need, NeedItem } from '#contract/needs.ts'
import type { Wrong } from '#kernel/batch.ts'

/** One who says it, the same for every need that is read as one. `isNew`: counted once more. */
export type Saying = { id: string; needId: string; whose: string | null; words: string; isNew: boolean }
/** A need as it stands, or will, and what was said for it meanwhile. */
export type State = Pick<
  Need,
  'id' | 'extId' | 'title' | 'text' | 'templateId' | 'fields' | 'departmentId' | 'ownerId' | 'mergedInto' | 'version'
> & { said: readonly Saying[] }

type Template = { id: string; name: string; nameEn: string; fields: readonly FormField[]; departmentId: string | null; retired: boolean }
/** What is known of the house before anything is decided. */
export type Around = { templates: readonly Template[]; departments: ReadonlySet<string>; people: ReadonlySet<string> }

/** What an item makes of a need, and which of its fields that changes; what it does not say stays. Pure. */
export function applied(before: State | null, id: string, item: NeedItem, around: Around): { after: State; fields: string[] } | Wrong {
  const template = templateOf(before, item, around.templates)
  if ('code' in template) return template
  const title = item.title ?? before?.title
  if (title === undefined) return { code: 'input.invalid', field: 'title' }
  const sent = item.fields ?? {}
  // What stands there since before the template was changed is not the fault of whoever changes something else.
  const asked = before ? template.fields.filter(field => field.key in sent) : template.fields
  const fault = fieldFault(asked, sent)
  if (fault) return { code: 'need.field', field: `fields.${fault.field}` }
  const given = <V>(value: V | undefined, stood: V) => (value === undefined ? stood : value)
  const after: State = {
    id,
    extId: item.extId ?? before?.extId ?? null,
    title,
    text: item.text ?? before?.text ?? '',
    templateId: template.id,
    fields: filledOnly({ ...before?.fields, ...sent }),
    departmentId: given(item.departmentId, before ? before.departmentId : template.departmentId),
    ownerId: given(item.ownerId, before?.ownerId ?? null),
    mergedInto: before?.mergedInto ?? null,
    version: before?.version ?? 1,
    said: before?.said ?? [],
  }
  const isUnknown = (key: 'departmentId' | 'ownerId', known: ReadonlySet<string>) =>
    item[key] && item[key] !== before?.[key] && !known.has(item[key])
  if (isUnknown('departmentId', around.departments)) return { code: 'department.not_found', field: 'departmentId' }
  if (isUnknown('ownerId', around.people)) return { code: 'person.not_found', field: 'ownerId' }
  return { after, fields: before === null ? [] : changedIn(before, after) }
}

function templateOf(before: State | null, { templateId, template: name }: NeedItem, templates: readonly Template[]): Template | Wrong {
  const field = name !== undefined && templateId === undefined ? 'template' : 'templateId'
  const isMeant = ({ id, ...one }: Template) =>
    templateId !== undefined ? id === templateId : name !== undefined ? one.name === name || one.nameEn === name : id === before?.templateId
  const meant = templates.filter(isMeant)
  const one = before ? (meant.find(({ id }) => id === before.templateId) ?? meant[0]) : meant.find(({ retired }) => !retired)
  if (!one) return { code: 'need.template_unknown', field }
  return before && one.id !== before.templateId ? { code: 'need.template_fixed', field } : one
}

const told = ['extId', 'title', 'text', 'departmentId', 'ownerId'] as const
export const changedIn = (before: State, after: State): string[] => [
  ...told.filter(key => after[key] !== before[key]),
  ...(inOrder(after) === inOrder(before) ? [] : ['fields']),
]
const inOrder = ({ fields }: State) => JSON.stringify(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)))

/** What is said again is added once. Text as PostgreSQL counts it. */
export const joined = (stands: string, words: string): string =>
  stands.includes(words) ? stands : [...(stands === '' ? words : `${stands}\n${words}`)].slice(0, 4000).join('')
