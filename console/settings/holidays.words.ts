/** How offices write dates, days off and days worked, in either language. */
const date = /(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?/
export const span = new RegExp(`^\\s*${date.source}(?:\\s*(?:至|到|~|～|—|–|-|to|until)\\s*${date.source})?`, 'i')
export const clock = /(\d{1,2}(?:[:：]\d{2}))\s*(?:-|–|—|~|～|至|到|to)\s*(\d{1,2}(?:[:：]\d{2}))/gi
export const working = /班|补班|上班|\bwork(?:ing)?\b/i
export const off = /休|假|\boff\b|\bclosed\b|\bholiday\b/i
