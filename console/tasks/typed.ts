import type { Matter } from '#contract/tasks.ts'

const id = '([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})'
const addresses: readonly [noun: string, RegExp][] = [
  ['ticket', new RegExp(`/tickets/${id}`)],
  ['customer', new RegExp(`/customers/${id}`)],
  ['task', new RegExp(`/tasks\\?(?:.*&)?t=${id}`)],
  ['approval', new RegExp(`/tasks\\?(?:.*&)?a=${id}`)],
  ['conversation', new RegExp(`/desk\\?(?:.*&)?c=${id}`)],
]
/** What a pasted address of one of our pages is about. */
export function matterAt(address: string): Matter | null {
  for (const [noun, pattern] of addresses) {
    const found = pattern.exec(address)?.[1]
    if (found) return { noun, id: found }
  }
  return null
}

/** As the field of the browser writes it. */
export function localTime(at: Date): string {
  const two = (n: number) => String(n).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`
}

/** Of the people picked in a text, those who still stand in it. */
export const stillMentioned = (text: string, picked: ReadonlyMap<string, string>): string[] => [
  ...new Set([...picked].filter(([, name]) => text.includes(`@${name}`)).map(([personId]) => personId)),
]
