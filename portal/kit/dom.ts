type Child = Node | string | null | undefined | false
type Handler = (event: Event) => void

/** Makes an element. `on…` are listeners, `class` and `aria-…` attributes, `true` an empty attribute; text is only ever text. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Record<string, string | boolean | Handler | undefined> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [key, value] of Object.entries(props)) {
    if (typeof value === 'function') element.addEventListener(key.slice(2), value)
    else if (value !== undefined && value !== false) element.setAttribute(key, value === true ? '' : value)
  }
  element.append(...children.filter(c => c !== null && c !== undefined && c !== false))
  return element
}

/** An outline glyph of 24 × 24, coloured by the text around it. `d` is a path of ours. */
export function glyph(d: string, size = 20): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  for (const [key, value] of Object.entries({
    viewBox: '0 0 24 24',
    width: String(size),
    height: String(size),
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': '1.75',
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
    'aria-hidden': 'true',
  }))
    svg.setAttribute(key, value)
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  path.setAttribute('d', d)
  svg.append(path)
  return svg
}

export const glyphs = {
  send: 'M10 14 21 3M21 3l-6.5 18a.55.55 0 0 1-1 0L10 14l-7-3.5a.55.55 0 0 1 0-1L21 3',
  clip: 'M15 7l-6.5 6.5a1.5 1.5 0 0 0 3 3L18 10a3 3 0 0 0-6-6l-6.500 6.500a4.500 4.500 0 0 0 9 9L21 13',
  picture:
    'M15 8h.01M4 6a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2zM4 15l4-4c.9-.9 2.100-.9 3 0l5 5M14 14l1-1c.9-.9 2.100-.9 3 0l2 2',
  smile: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M9 10h.01M15 10h.01M9.500 15a3.500 3.500 0 0 0 5 0',
  down: 'M5 12h14',
  star: 'M12 17.750l-6.170 3.250 1.180-6.880-5-4.870 6.900-1L12 2l3.090 6.250 6.900 1-5 4.870 1.180 6.880z',
  file: 'M14 3v4a1 1 0 0 0 1 1h4M17 21H7a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h7l5 5v11a2 2 0 0 1-2 2',
  again: 'M20 11a8 8 0 1 0-2.300 6.300M20 4v7h-7',
  chat: 'M4 21V8a3 3 0 0 1 3-3h10a3 3 0 0 1 3 3v6a3 3 0 0 1-3 3H8zM9.500 9h5M9.500 13h3',
}
