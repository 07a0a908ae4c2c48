type Place = Pick<Storage, 'getItem' | 'setItem'>

/** What the page keeps over a reload. A browser that allows no storage keeps it as long as the page lives. */
export function newKeep(place: () => Place) {
  const memory = new Map<string, string>()
  return {
    keep: (name: string, value: unknown): void => {
      const text = JSON.stringify(value)
      memory.set(name, text)
      try {
        place().setItem(name, text)
      } catch {
        // Third-party storage is blocked here: the memory above has to do.
      }
    },
    kept: (name: string): unknown => {
      let text = memory.get(name)
      try {
        text = place().getItem(name) ?? text
      } catch {
        // See above.
      }
      try {
        return text === undefined ? undefined : JSON.parse(text)
      } catch {
        return undefined
      }
    },
  }
}
export type Keep = ReturnType<typeof newKeep>

export const record = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null ? { ...value } : {})
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** Made by us, so that sending twice is one message. `crypto.randomUUID` exists on https only. */
export const newId = (): string => [...crypto.getRandomValues(new Uint8Array(16))].map(b => b.toString(16).padStart(2, '0')).join('')
