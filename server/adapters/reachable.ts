import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'

const closed = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  closed.addSubnet(net, bits, 'ipv4')
for (const [net, bits] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  closed.addSubnet(net, bits, 'ipv6')

/** IPv4 within IPv6 is asked as the IPv4 it is. */
export function isPrivate(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped) return closed.check(mapped, 'ipv4')
  return closed.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

/** The address to connect to: looked up once and used as it is, so that no second answer of a name server leads elsewhere. */
export async function addressFor(host: string, privateAllowed: boolean): Promise<string> {
  const bare = host.replace(/^\[|\]$/g, '')
  const address = isIP(bare) ? bare : (await lookup(bare)).address
  if (!privateAllowed && isPrivate(address)) throw new Error(`${host} is an address of a private network; PRIVATE_HOSTS may allow it`)
  return address
}
