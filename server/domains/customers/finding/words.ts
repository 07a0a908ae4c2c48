import { type RawBuilder, sql } from 'kysely'
import { bigramQuery, bigrams } from '#kernel/search.ts'
import type { Ctx } from '#kernel/work.ts'
import { begins, goesOn, spellingsOf, wholeOf } from './spelling.ts'

/** Raised when `searchText` says more than before: rows that were written by the older one are read anew. */
export const searchVersion = 1

/** What full text finds a customer by. Numbers have an index of their own: as words their common beginnings would match everybody. */
export const searchText = ({ name, address, district }: { name: string; address: string; district: string }): string =>
  [bigrams(name, address, district), ...spellingsOf(name).map(spelling => `'${spelling}'`)].join(' ')

/** By its own words, and by those of the files that were merged into it. */
export const withMerged = (ctx: Ctx, own: RawBuilder<unknown>, id: RawBuilder<unknown>): RawBuilder<string> =>
  sql`(${own}::tsvector || coalesce((select customers.all_words(a.search) from customers.customer a
    where a.tenant_id = ${ctx.tenantId} and a.merged_into = ${id}), ''))`

const spelt = /^[a-züÜ'’\s·.-]+$/i
const isWord = /^\p{L}/u

/** A word may be one, or the beginning of how a name is read, or of its initials. */
const word = (text: string): string =>
  isWord.test(text) ? `('${text}':* | '${begins}${asTyped(text)}':* | '${goesOn}${asTyped(text)}':*)` : `'${text}':*`
const asTyped = (text: string): string => wholeOf(text).replaceAll('ü', 'v')

const runs = /\p{Script=Han}+|[[\p{L}\p{N}\p{M}]--\p{Script=Han}]+/gv
/** What half of all addresses hold tells nobody apart: to fetch by it would read them all. */
const telling = (run: string): boolean => !/^[号室幢栋楼层座弄巷街路区期\d]$/u.test(run)

/**
 * The texts of three queries: who is found by the words at all; whose name begins with them; and by which of the words the index is asked, where the others would only
 * cost. Null when nothing in them can be looked for.
 */
export function findingWords(q: string): { any: string; begin: string; fetch: string } | null {
  const any = wordsOf(q)
  if (any === null) return null
  const strong = (q.normalize('NFKC').match(runs) ?? []).filter(telling).join(' ')
  return { any, begin: `'${begins}${asTyped(q)}':*`, fetch: wordsOf(strong) ?? any }
}

function wordsOf(q: string): string | null {
  const any = bigramQuery(q, word)
  // Pinyin with spaces between the signs is one name.
  return any !== null && spelt.test(q) && /\P{L}/u.test(q.trim())
    ? `(${any}) | '${begins}${asTyped(q)}':* | '${goesOn}${asTyped(q)}':*`
    : any
}
