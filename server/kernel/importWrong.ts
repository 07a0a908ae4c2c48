import * as z from 'zod'

type Pair = readonly [zh: string, en: string]
/** Why a row did not come in. `of`: the line above that it says again. `field`: to which of the organisation's own fields that is due. `column`: the field whose cell is wrong. */
export type Problem = { line: number; code: string; of?: number; field?: Pair; column?: string }

/** One of the first rows with a problem, as whoever looks at the table finds it again. */
export const WrongRow = z.object({ line: z.int(), column: z.string(), value: z.string(), name: z.string(), nameEn: z.string() })
export type WrongRow = z.output<typeof WrongRow>
/** So many are told at once; the sheet of what was left out has them all. */
export const firstRows = 5
const longest = 40

/** What is wrong with a row, in words. */
export function wordsOf({ code, of, field }: Problem, words: Record<string, Pair>): Pair {
  const [zh, en] = words[code] ?? [code, code]
  return [
    `${field ? `${field[0]}：` : ''}${zh}${of ? `（第 ${of} 行）` : ''}`,
    `${field ? `${field[1]}: ` : ''}${en}${of ? ` (line ${of})` : ''}`,
  ]
}

/** `shown`: how whoever brings the table may see what stands in a field. It is kept so, too. */
export function wrongRows(
  problems: readonly Problem[],
  of: {
    words: Record<string, Pair>
    columns: Readonly<Record<string, string>>
    mapping: Readonly<Record<string, number>>
    title: readonly string[]
    cells: ReadonlyMap<number, readonly string[]>
    shown: (field: string, value: string) => string
  },
): WrongRow[] {
  return problems.map(problem => {
    const key = problem.column ?? of.columns[problem.code]
    const at = key === undefined ? undefined : of.mapping[key]
    const cell = at === undefined ? '' : (of.cells.get(problem.line)?.[at] ?? '')
    const shown = key === undefined || cell === '' ? '' : of.shown(key, cell)
    const [name, nameEn] = wordsOf(problem, of.words)
    return {
      ...{ line: problem.line, name, nameEn },
      column: at === undefined ? '' : (of.title[at] ?? ''),
      value: [...shown].length > longest ? `${[...shown].slice(0, longest).join('')}…` : shown,
    }
  })
}
