/** As in `server/kernel/csv.ts`: full-width signs count in a Chinese setting. */
const formula = /^[\s\p{Cc}]*[=+\-@＝＋－＠|]|^[\t\r\n]/u

/** A CSV that Excel opens as it is: its mark first, and no cell that it would take for a formula. Made here, of what is on the page; it never lies on the server. */
export function saveTable(name: string, rows: readonly (readonly string[])[]): void {
  const cell = (text: string) => `"${(formula.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`
  const text = `\ufeff${rows.map(row => row.map(cell).join(',')).join('\r\n')}\r\n`
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
