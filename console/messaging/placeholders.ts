const names = {
  customer: ['客户姓名', 'customer name'],
  agent: ['坐席姓名', 'agent name'],
  ticket: ['工单号', 'ticket number'],
  queue: ['队列', 'queue'],
  organisation: ['单位名称', 'organisation'],
} as const
export type Placeholder = keyof typeof names
const keys = ['customer', 'agent', 'ticket', 'queue', 'organisation'] as const satisfies Placeholder[]
export type Facts = Partial<Record<Placeholder, string>>

/** As it is written into an answer, in the reader's language: {客户姓名}. */
export const written = (key: Placeholder, language: 'zh' | 'en'): string => `{${names[key][language === 'zh' ? 0 : 1]}}`
export const placeholders: readonly Placeholder[] = keys

const one = /\{([^{}\n]{1,24})\}/g
const keyOf = (name: string): Placeholder | undefined =>
  keys.find(key => names[key].some(known => known === name.trim().toLowerCase() || known === name.trim()))

/** The first placeholder that still stands in a text; braces around anything else are only braces. */
export function firstGap(text: string): { from: number; to: number; word: string } | null {
  for (const match of text.matchAll(one))
    if (keyOf(match[1] ?? '')) return { from: match.index, to: match.index + match[0].length, word: match[0] }
  return null
}

/** With everything filled in that is known. */
export const filled = (text: string, facts: Facts): string =>
  text.replaceAll(one, (whole, name: string) => {
    const key = keyOf(name)
    return (key && facts[key]) || whole
  })
