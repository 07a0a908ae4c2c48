import type { Faces } from './faces.ts'

type Matrix = readonly [number, number, number, number, number, number]
type Ink = { fill: string | null; fillOpacity: number; stroke: string | null; strokeWidth: number; dash: number[]; matrix: Matrix }
export type Shape = Ink &
  ({ kind: 'path'; d: string } | { kind: 'text'; text: string; anchor: 'start' | 'middle' | 'end'; x: number; y: number; size: number })

/** What a chart's SVG draws, as far as ECharts' own writer says it: paths and words, without its hover styles. */
export function shapesOf(svg: string): Shape[] {
  const visible = svg.replace(/<defs[\s\S]*?<\/defs>|<style[\s\S]*?<\/style>/g, '')
  const shapes: Shape[] = []
  for (const [, tag, attributes = '', inner = ''] of visible.matchAll(/<(path|text)\s([^>]*?)\/?>(?:([^<]*)<\/\1>)?/g)) {
    const a = new Map([...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]))
    const paint = (key: string) => (a.get(key) === undefined || a.get(key) === 'none' ? null : (a.get(key) ?? null))
    const number = (key: string, otherwise: number) => Number(a.get(key) ?? otherwise)
    const ink: Ink = {
      fill: paint('fill'),
      fillOpacity: number('fill-opacity', 1),
      stroke: paint('stroke'),
      strokeWidth: number('stroke-width', 1),
      dash: (a.get('stroke-dasharray') ?? '').split(/[ ,]+/).filter(Boolean).map(Number),
      matrix: matrixOf(a.get('transform') ?? ''),
    }
    if (ink.fillOpacity === 0) ink.fill = null
    if (ink.strokeWidth === 0) ink.stroke = null
    if (ink.fill === null && ink.stroke === null) continue
    const anchor = a.get('text-anchor')
    if (tag === 'path') shapes.push({ ...ink, kind: 'path', d: a.get('d') ?? '' })
    else
      shapes.push({
        ...ink,
        kind: 'text',
        text: unescaped(inner),
        anchor: anchor === 'middle' || anchor === 'end' ? anchor : 'start',
        x: number('x', 0),
        y: number('y', 0),
        size: Number(/font-size:([\d.]+)px/.exec(a.get('style') ?? '')?.[1] ?? 12),
      })
  }
  return shapes
}

function matrixOf(transform: string): Matrix {
  const [, kind, list = ''] = /^(translate|matrix)\(([^)]*)\)/.exec(transform) ?? []
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = list.split(/[ ,]+/).map(Number)
  if (kind === 'translate') return [1, 0, 0, 1, a, b]
  return kind === 'matrix' ? [a, b, c, d, e, f] : [1, 0, 0, 1, 0, 0]
}

const unescaped = (text: string) =>
  text.replace(/&(lt|gt|quot|#39|amp);/g, (_, name: string) => ({ lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' })[name] ?? '')
export const escaped = (text: string) =>
  text.replace(/[&<>"']/g, sign => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[sign] ?? '')

/** The shapes as a clean SVG; with faces, words become outlines and no font is needed to see them. */
export function svgOf(
  shapes: readonly Shape[],
  { width, height }: { width: number; height: number },
  label: string,
  faces?: Faces,
): string {
  const parts = shapes.map(shape => {
    const ink = `fill="${shape.fill ?? 'none'}"${shape.fillOpacity < 1 ? ` fill-opacity="${shape.fillOpacity}"` : ''}${
      shape.stroke ? ` stroke="${shape.stroke}" stroke-width="${shape.strokeWidth}"` : ''
    }${shape.dash.length > 0 ? ` stroke-dasharray="${shape.dash.join(' ')}"` : ''} transform="matrix(${shape.matrix.join(' ')})"`
    if (shape.kind === 'path') return `<path d="${shape.d}" ${ink}/>`
    const { text, anchor, x, y, size } = shape
    if (!faces)
      return `<text x="${x}" y="${y}" text-anchor="${anchor}" dominant-baseline="central" font-size="${size}" ${ink}>${escaped(text)}</text>`
    const { d, width: wide } = faces.regular.outline(text, size)
    const left = x - (anchor === 'start' ? 0 : anchor === 'middle' ? wide / 2 : wide)
    return `<g ${ink}><path d="${d}" transform="translate(${left.toFixed(2)} ${(y + size * middle).toFixed(2)})"/></g>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(label)}">${parts.join('')}</svg>`
}

/** From the middle of a line of words to its base line, in its size. */
export const middle = 0.36
