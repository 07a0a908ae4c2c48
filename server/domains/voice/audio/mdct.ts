type Turn = { cos: Float64Array; sin: Float64Array }
const turns = new Map<string, Turn>()
/** cos and sin of −2π(n + shift)/of, kept: blocks come in two sizes only. */
function turn(count: number, of: number, shift: number): Turn {
  const key = `${count} ${of} ${shift}`
  const known = turns.get(key)
  if (known) return known
  const angle = (n: number) => (-2 * Math.PI * (n + shift)) / of
  const made = {
    cos: Float64Array.from({ length: count }, (_, n) => Math.cos(angle(n))),
    sin: Float64Array.from({ length: count }, (_, n) => Math.sin(angle(n))),
  }
  turns.set(key, made)
  return made
}

/** In place; the length is a power of two. */
function fourier(re: Float64Array, im: Float64Array): void {
  const size = re.length
  for (let n = 1, m = 0; n < size; n++) {
    let bit = size >> 1
    for (; m & bit; bit >>= 1) m ^= bit
    m ^= bit
    if (n < m) {
      ;[re[n], re[m]] = [re[m] ?? 0, re[n] ?? 0]
      ;[im[n], im[m]] = [im[m] ?? 0, im[n] ?? 0]
    }
  }
  for (let width = 2; width <= size; width *= 2) {
    const half = width / 2
    const { cos, sin } = turn(half, width, 0)
    for (let from = 0; from < size; from += width)
      for (let n = 0; n < half; n++) {
        const [a, b] = [from + n, from + n + half]
        const [c, s, br, bi] = [cos[n] ?? 0, sin[n] ?? 0, re[b] ?? 0, im[b] ?? 0]
        const [tr, ti] = [br * c - bi * s, br * s + bi * c]
        re[b] = (re[a] ?? 0) - tr
        im[b] = (im[a] ?? 0) - ti
        re[a] = (re[a] ?? 0) + tr
        im[a] = (im[a] ?? 0) + ti
      }
  }
}

/** From N frequencies to 2N samples that still overlap with those of the neighbours: a DCT-IV by a complex Fourier transform of half its size, unfolded. */
export function inverseMdct(x: Float32Array): Float32Array {
  const size = x.length
  const half = size / 2
  const { cos, sin } = turn(half, size * 2, 0.25)
  const re = new Float64Array(half)
  const im = new Float64Array(half)
  for (let n = 0; n < half; n++) {
    const [a, b, c, s] = [x[2 * n] ?? 0, x[size - 1 - 2 * n] ?? 0, cos[n] ?? 0, sin[n] ?? 0]
    re[n] = a * c - b * s
    im[n] = a * s + b * c
  }
  fourier(re, im)
  const y = new Float64Array(size)
  for (let n = 0; n < half; n++) {
    const [a, b, c, s] = [re[n] ?? 0, im[n] ?? 0, cos[n] ?? 0, sin[n] ?? 0]
    y[2 * n] = a * c - b * s
    y[size - 1 - 2 * n] = -(a * s + b * c)
  }
  const out = new Float32Array(size * 2)
  for (let n = 0; n < size * 2; n++) {
    const m = n + half
    out[n] = m < size ? (y[m] ?? 0) : m < 2 * size ? -(y[2 * size - 1 - m] ?? 0) : -(y[m - 2 * size] ?? 0)
  }
  return out
}
