import { words } from '../kit/words.ts'

type Detail = Record<string, unknown>
const again = (d: Detail) => typeof d.number === 'number' && d.number > 1
/** What the time line of a customer says. */
export const eventWords = words({
  'document.made': [
    (d: Detail) => (again(d) ? `重新制作了文档，第 ${d.number} 版` : '制作了文档'),
    (d: Detail) => (again(d) ? `A document was made again, version ${d.number}` : 'A document was made'),
  ],
})
