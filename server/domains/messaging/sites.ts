import { Refusal } from '#kernel/refusal.ts'

/** Any host of a domain begins with `*.`; only its pages, whatever their path, are meant. */
const shape = /^(https?:\/\/(?:\*\.)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(?::\d{1,5})?)(?:\/.*)?$/

/** The origin that was meant: pasted addresses carry paths and capitals. */
export function siteOf(typed: string): string {
  const text = typed.trim().toLowerCase()
  const site = shape.exec(text.includes('://') ? text : `https://${text}`)?.[1]
  if (site === undefined) throw new Refusal('invalid', 'widget.site_invalid', { site: typed.slice(0, 200) })
  return site.replace(/^(https:.*):443$/, '$1').replace(/^(http:\/\/.*):80$/, '$1')
}

/** May a page at this origin show the widget? None named: any may. */
export function isAllowed(sites: readonly string[], origin: string): boolean {
  if (sites.length === 0) return true
  return sites.some(site => {
    const [scheme, host = ''] = site.split('://')
    return host.startsWith('*.') ? origin.startsWith(`${scheme}://`) && origin.endsWith(host.slice(1)) : origin === site
  })
}

/** What the browser is told of who may frame the widget; our own pages always may. Null: anyone. */
export const framers = (sites: readonly string[]): string | null => (sites.length === 0 ? null : ["'self'", ...sites].join(' '))

/** The origin of the page a visit says it comes from; null when it says nothing usable. */
export function originOf(page: string): string | null {
  const url = URL.parse(page)
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') ? url.origin : null
}
