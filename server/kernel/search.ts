/** Chinese, Japanese and Korean write no spaces: these runs are cut into overlapping pairs. Everything else is a word. */
const runs =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+|[[\p{L}\p{N}\p{M}]--[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]]+/gv
const cjk = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/v
const longestWord = 40
const mostRuns = 12

const runsOf = (text: string): string[] => text.normalize('NFKC').toLowerCase().match(runs) ?? []
const pairs = (run: string): string[] => {
  const signs = [...run]
  return signs.slice(0, -1).map((sign, n) => `${sign}${signs[n + 1]}`)
}

/** The text of a `tsvector`: pairs with their places, a last single sign per run so that one sign is found anywhere, and words as they are. */
export function bigrams(...texts: string[]): string {
  const lexemes: string[] = []
  // Runs of different texts never stand side by side, so a phrase cannot reach from one into the next.
  for (const text of texts) {
    for (const run of runsOf(text)) {
      if (cjk.test(run)) lexemes.push(...pairs(run), [...run].at(-1) ?? '')
      else lexemes.push(run.slice(0, longestWord))
    }
    lexemes.push('')
  }
  // PostgreSQL keeps places up to 16,383; what stands behind is found without its place.
  return lexemes
    .map((lexeme, n) => (lexeme === '' ? '' : `'${lexeme}':${Math.min(n + 1, 16_383)}`))
    .filter(Boolean)
    .join(' ')
}

const byBeginning = (word: string): string => `'${word}':*`

/**
 * The text of a `tsquery` that finds every run as it is written (words also by their beginning, or as `wordOf` says); null when nothing in it can be searched for.
 */
export function bigramQuery(text: string, wordOf: (word: string) => string = byBeginning): string | null {
  const terms = runsOf(text)
    .slice(0, mostRuns)
    .map(run => {
      if (!cjk.test(run)) return wordOf(run.slice(0, longestWord))
      const all = pairs(run)
      return all.length === 0 ? `'${run}':*` : all.length === 1 ? `'${all[0]}'` : `(${all.map(pair => `'${pair}'`).join(' <-> ')})`
    })
  return terms.length === 0 ? null : terms.join(' & ')
}
