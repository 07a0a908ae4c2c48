import { isIPv6 } from 'node:net'

/** Whom an address counts as: a subscriber of IPv6 has a whole /64 and can come from any address in it, a new one for every request. */
export function networkOf(ip: string): string {
  if (!isIPv6(ip)) return ip
  const mapped = /^::ffff:([\d.]+)$/i.exec(ip)?.[1]
  if (mapped) return mapped
  const [left = '', right] = ip.split('::')
  const groups = (text: string) => (text === '' ? [] : text.split(':'))
  const [before, after] = [groups(left), groups(right ?? '')]
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  const all = [...before, ...zeros, ...after].slice(0, 4).map(group => Number.parseInt(group, 16).toString(16))
  return `${all.join(':')}::/64`
}
