import { words } from '../kit/words.ts'

/** Of imports that are taken back, and of rows with problems. */
export const b = words({
  taking: ['正在撤销', 'Being taken back'],
  taken: ['已撤销', 'Taken back'],
  partly: ['撤销了一部分', 'Partly taken back'],
  by: [
    (when: string, who: string) => (who ? `${when} 由${who}撤销` : `${when} 撤销`),
    (when: string, who: string) => (who ? `Taken back by ${who}, ${when}` : `Taken back, ${when}`),
  ],
  begun: [
    (when: string, who: string) => (who ? `${when} 由${who}开始撤销` : `${when} 开始撤销`),
    (when: string, who: string) => (who ? `${who} began to take it back, ${when}` : `Begun to take it back, ${when}`),
  ],
  stopped: [
    (when: string) => `${when} 没有撤销完，可以再撤销一次`,
    (when: string) => `It stopped ${when}, not all is taken back; it can be taken back again`,
  ],
  rows: [
    (n: string, what: string) => `撤销了 ${n} 行：${what}`,
    (n: string, what: string) => `${n} ${n === '1' ? 'row' : 'rows'} taken back: ${what}`,
  ],
  none: ['没有可撤销的', 'Nothing could be taken back'],
  why: ['没有撤销的：', 'Kept: '],
  reason: [(what: string, n: string) => `${what} ${n}`, (what: string, n: string) => `${what.toLowerCase()} ${n}`],
  line: [(n: string) => `第 ${n} 行`, (n: string) => `Line ${n}`],
  empty: ['空', 'empty'],
  others: [
    (n: string) => `还有 ${n} 行有问题，都在下面的清单里`,
    (n: string) => (n === '1' ? 'One more row with a problem is in the list below' : `${n} more rows with problems are in the list below`),
  ],
})
