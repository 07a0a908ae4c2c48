type Kind = { id: string; name: string; nameEn?: string }
type Category = { id: string; kindId: string; name: string; nameEn?: string }
export type Guess = { kindId: string; categoryId: string | null; word: string }

/** What a customer's words say a ticket is about, and the word that says so; null when they say nothing. A named kind goes before a category: who says 投诉 complains, whatever about. */
export function guess(kinds: readonly Kind[], categories: readonly Category[], said: string): Guess | null {
  const text = said.toLowerCase()
  const word = (row: { name: string; nameEn?: string }) =>
    [row.name, row.nameEn ?? ''].filter(n => n.length >= 2 && text.includes(n.toLowerCase())).sort((a, b) => b.length - a.length)[0]
  const longest = <R extends { name: string; nameEn?: string }>(rows: readonly R[]) =>
    rows
      .flatMap(row => {
        const by = word(row)
        return by ? [{ row, by }] : []
      })
      .sort((a, b) => b.by.length - a.by.length)[0]
  const kind = longest(kinds)
  const within = kind ? categories.filter(c => c.kindId === kind.row.id) : categories
  const category = longest(within)
  if (kind) return { kindId: kind.row.id, categoryId: category?.row.id ?? null, word: category?.by ?? kind.by }
  return category ? { kindId: category.row.kindId, categoryId: category.row.id, word: category.by } : null
}

type Field = { key: string; type: string; options: readonly { value: string; label: string; labelEn?: string }[] }
/** Choices of a form whose own words the customer used. */
export function guessFields(fields: readonly Field[], said: string): Record<string, unknown> {
  const text = said.toLowerCase()
  const spoken = (label: string | undefined) => label !== undefined && label.length >= 2 && text.includes(label.toLowerCase())
  return Object.fromEntries(
    fields.flatMap(f => {
      const option = f.type === 'choice' ? f.options.find(o => spoken(o.label) || spoken(o.labelEn)) : undefined
      return option ? [[f.key, option.value]] : []
    }),
  )
}

/** The most telling sentence without its greeting, short enough for a title. */
export function titleFrom(said: readonly string[], greeting = '^$'): string {
  const hello = new RegExp(greeting, 'i')
  const bare = said.map(text => text.trim().replace(hello, ''))
  const telling = bare.sort((a, b) => Math.min(40, b.length) - Math.min(40, a.length))[0] ?? ''
  const first = telling.split(/[。！？!?\n]/)[0]?.trim() ?? ''
  return [...(first || telling)].slice(0, 60).join('')
}
