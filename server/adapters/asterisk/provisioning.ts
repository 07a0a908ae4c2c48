import type { Ari } from './ari.ts'
import { unless } from './ari.ts'
import type { TrunkSetup } from './setup.ts'

type Fields = Record<string, string | number | boolean>
const push = (ari: Ari, kind: string, id: string, fields: Fields) =>
  ari.ask(
    'PUT',
    `asterisk/config/dynamic/res_pjsip/${kind}/${id}`,
    {},
    {
      fields: Object.entries(fields).map(([attribute, value]) => ({
        attribute,
        value: typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value),
      })),
    },
  )
const remove = (ari: Ari, kind: string, id: string) =>
  ari.ask('DELETE', `asterisk/config/dynamic/res_pjsip/${kind}/${id}`).catch(unless(404, 403))

export const realm = 'huiyin'

/** The phone of an agent in a browser. One place at a time: whoever registers last has it. */
export async function pushAgent(ari: Ari, agentId: string, password: string): Promise<void> {
  await push(ari, 'auth', agentId, { auth_type: 'userpass', username: agentId, password })
  await push(ari, 'aor', agentId, { max_contacts: 1, remove_existing: true, minimum_expiration: 30, default_expiration: 120 })
  await push(ari, 'endpoint', agentId, {
    auth: agentId,
    aors: agentId,
    context: 'from-agent',
    webrtc: true,
    disallow: 'all',
    allow: 'opus,alaw,ulaw',
    rewrite_contact: true,
    rtp_symmetric: true,
    force_rport: true,
    direct_media: false,
    send_connected_line: false,
    // A browser sends silence too, so nothing at all is a machine that sleeps, or has no network: so long its customer hears nothing.
    rtp_timeout: 10,
    // Asterisk takes a browser that hides its addresses (mDNS candidates, so `c=0.0.0.0`) for one that holds. A browser never holds by itself: holding is the exchange's music.
    rtp_timeout_hold: 10,
  })
}

/** Endpoints can be followed when there is one. Nobody is called by it, and whoever says to be it leads nowhere. */
export const pushNobody = (ari: Ari): Promise<unknown> =>
  push(ari, 'endpoint', 'huiyin-nobody', { context: 'huiyin-nobody', disallow: 'all', allow: 'ulaw' })

const idOf = (trunk: { id: string }) => `trunk-${trunk.id}`
/** Some of what is typed: `sip.carrier.cn`, `203.0.113.7:5080`, `[2001:db8::7]`. */
const peerOf = ({ host, transport }: TrunkSetup) => `sip:${host}${transport === 'udp' ? '' : `;transport=${transport}`}`

const hostOf = ({ host }: TrunkSetup) => host.replace(/:\d+$/, '')

/** In an order in which each finds what it names. What is not said again stays as it was: an account that is none any more is said to be none. */
export async function pushTrunk(ari: Ari, trunk: TrunkSetup): Promise<void> {
  const id = idOf(trunk)
  const signsIn = trunk.login !== ''
  // Addresses that are told are added to those that were: one that was taken away would go on coming in.
  for (const kind of ['identify', 'aor']) await remove(ari, kind, id)
  if (signsIn) await push(ari, 'auth', id, { auth_type: 'userpass', username: trunk.login, password: trunk.password })
  await push(ari, 'aor', id, { contact: peerOf(trunk), qualify_frequency: 30, qualify_timeout: 3 })
  await push(ari, 'endpoint', id, {
    aors: id,
    context: 'from-trunk',
    transport: `transport-${trunk.transport}`,
    // Nobody is this trunk by saying so: its calls come from its addresses, or by the line it registered.
    identify_by: 'ip',
    outbound_auth: signsIn ? id : '',
    from_user: trunk.login,
    from_domain: signsIn ? hostOf(trunk) : '',
    disallow: 'all',
    allow: 'alaw,ulaw',
    direct_media: false,
    dtmf_mode: 'rfc4733',
    rtp_symmetric: true,
    force_rport: true,
    rewrite_contact: true,
    trust_id_inbound: true,
    send_pai: true,
    // Otherwise every change of the room re-INVITEs the caller.
    send_connected_line: false,
    rtp_timeout: 60,
    rtp_timeout_hold: 3600,
  })
  const matches = trunk.addresses.length > 0 ? trunk.addresses : [hostOf(trunk)]
  await push(ari, 'identify', id, { endpoint: id, match: matches.join(',') })
  if (trunk.register)
    await push(ari, 'registration', id, {
      server_uri: peerOf(trunk),
      client_uri: `sip:${trunk.login}@${hostOf(trunk)}`,
      contact_user: trunk.login,
      outbound_auth: id,
      transport: `transport-${trunk.transport}`,
      retry_interval: 30,
      forbidden_retry_interval: 300,
      auth_rejection_permanent: false,
      line: true,
      endpoint: id,
    })
  else await remove(ari, 'registration', id)
  if (!signsIn) await remove(ari, 'auth', id)
}

export async function removeTrunk(ari: Ari, id: string): Promise<void> {
  for (const kind of ['registration', 'identify', 'endpoint', 'aor', 'auth']) await remove(ari, kind, `trunk-${id}`)
}
