import { isOpen, pathsIn } from '#contract/documentBlocks.ts'
import type { Variable, VariableType } from '#contract/documents.ts'
import { language } from '../kit/words.ts'
import { f } from './words.ts'

export type Field = { path: string; type: VariableType; zh: string; en: string }
export type List = Extract<Variable, { type: 'list' }>
/** What may be named at a place of a template: everywhere the same, and within a list the fields of its row. */
export type Scope = { variables: readonly Variable[]; list: string | null }

export const said = (v: { zh: string; en: string }): string => (language() === 'en' ? v.en : v.zh)
export const listsOf = (variables: readonly Variable[]): List[] => variables.flatMap(v => (v.type === 'list' ? [v] : []))
export const fieldsOf = (variables: readonly Variable[], list: string | null): Field[] =>
  listsOf(variables).find(v => v.path === list)?.of ?? []
export const plainOf = (variables: readonly Variable[]): Field[] => variables.flatMap(v => (v.type === 'list' ? [] : [v]))

/** Groups for a picker: of the row first, where there is one. */
export function choices({ variables, list }: Scope): { label: string; options: { value: string; label: string }[] }[] {
  const row = fieldsOf(variables, list).map(f => ({ value: `item.${f.path}`, label: said(f) }))
  const inputs = plainOf(variables).filter(v => v.path.startsWith('input.'))
  const rest = plainOf(variables).filter(v => !v.path.startsWith('input.'))
  const name = listsOf(variables).find(v => v.path === list)
  return [
    ...(name ? [{ label: said(name), options: row }] : []),
    ...(inputs.length > 0 ? [{ label: f.asked, options: inputs.map(v => ({ value: v.path, label: said(v) })) }] : []),
    { label: f.data, options: rest.map(v => ({ value: v.path, label: said(v) })) },
  ]
}

/** What is wrong with words at a place: a variable nobody gives, or braces that belong to none. */
export function wrongIn(text: string, { variables, list }: Scope): { path: string } | { open: true } | null {
  const known = new Set([...plainOf(variables).map(v => v.path), ...fieldsOf(variables, list).map(f => `item.${f.path}`)])
  const path = pathsIn(text).find(p => !known.has(p))
  return path !== undefined ? { path } : isOpen(text) ? { open: true } : null
}

const numbers: readonly VariableType[] = ['number', 'percent', 'seconds', 'hours', 'score', 'measure']
export const isNumber = ({ type }: Pick<Field, 'type'>): boolean => numbers.includes(type)
