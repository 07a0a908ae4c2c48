/** One line that fills, per part; on what is no terminal, a line per tenth. */
export function bar(to: NodeJS.WriteStream = process.stderr): (part: string, done: number, of: number) => void {
  const parts = new Map<string, number>()
  const began = performance.now()
  let shown = -1
  return (part, done, of) => {
    parts.set(part, Math.min(1, done / Math.max(1, of)))
    const text = [...parts].map(([name, share]) => `${name} ${String(Math.round(share * 100)).padStart(3)} %`).join('   ')
    const seconds = `${Math.round((performance.now() - began) / 1000)} s`
    if (to.isTTY) return void to.write(`\r\x1b[K${text}   ${seconds}`)
    const tenths = Math.floor([...parts.values()].reduce((sum, share) => sum + share, 0) * 10)
    if (tenths !== shown) to.write(`${text}   ${seconds}\n`)
    shown = tenths
  }
}
