import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openAri, readAddress } from '#adapters/asterisk/ari.ts'
import { pushTrunk } from '#adapters/asterisk/provisioning.ts'
import type { TrunkSetup } from '#adapters/asterisk/setup.ts'
import { startExchange } from './exchange.ts'
import { onTheLine } from './onTheLine.ts'
import { call } from './sipp.ts'
import { openTelephone } from './telephone.ts'

const dialplan = `[from-trunk](+)
exten => 7101,1,Answer()
 same => n,Wait(60)
`
const trunkOf = (more: Partial<TrunkSetup>): TrunkSetup => ({
  ...{ id: randomUUID(), tenantId: randomUUID(), name: '', host: '127.0.0.3:5099', addresses: [], login: '', password: '' },
  ...{ register: false, transport: 'udp', most: 9 },
  ...more,
})

onTheLine('a carrier that is known by its addresses', () => {
  let exchange: Awaited<ReturnType<typeof startExchange>>
  let ari: ReturnType<typeof openAri>
  beforeAll(async () => {
    exchange = await startExchange({ more: { 'extensions.conf': dialplan } })
    ari = openAri(readAddress(exchange.url))
  })
  afterAll(async () => {
    ari.close()
    await exchange.stop()
  })
  const endings: (() => unknown)[] = []
  afterEach(async () => {
    for (const end of endings.splice(0).reverse()) await end()
  })

  /** Somebody at this address calls; whether it is answered. `as`: who they say they are. */
  async function callsFrom(host: string, as = '13800001111'): Promise<boolean> {
    const telephone = await openTelephone(host)
    const caller = await call({ host, to: exchange.sip, called: '7101', callers: [as], telephone, stayMs: 500 })
    endings.push(telephone.hangUp, caller.drop)
    await caller.ended
    return caller.marks()?.answered != null
  }
  const fieldsOf = async (kind: string, id: string): Promise<unknown> => {
    const answer = await exchange.ask(`/asterisk/config/dynamic/res_pjsip/${kind}/trunk-${id}`)
    return answer.ok ? answer.json() : null
  }

  test('its calls come in from its address and its network without a password; from anywhere else nobody comes in by it, whoever they say they are', async () => {
    const trunk = trunkOf({ addresses: ['127.0.0.3', '127.0.0.16/28'] })
    await pushTrunk(ari, trunk)
    expect(await callsFrom('127.0.0.3'), 'its address').toBe(true)
    expect(await callsFrom('127.0.0.20'), 'its network').toBe(true)
    expect(await callsFrom('127.0.0.9'), 'another address').toBe(false)
    expect(await callsFrom('127.0.0.33'), 'beside its network').toBe(false)
    expect(await callsFrom('127.0.0.9', `trunk-${trunk.id}`), 'another address that says to be the trunk').toBe(false)
  })

  test('an account that was taken away is not shown any more, and an address that was taken away is not known any more', async () => {
    const before = trunkOf({ addresses: ['127.0.0.4', '127.0.0.5'], login: '02112345', password: 'geheim', register: true })
    await pushTrunk(ari, before)
    expect(await fieldsOf('auth', before.id)).not.toBeNull()
    expect(await callsFrom('127.0.0.5')).toBe(true)
    await pushTrunk(ari, { ...before, host: '127.0.0.4:5098', addresses: ['127.0.0.4'], login: '', password: '', register: false })
    expect(await fieldsOf('auth', before.id)).toBeNull()
    expect(await fieldsOf('registration', before.id)).toBeNull()
    expect(await fieldsOf('endpoint', before.id)).toEqual(
      expect.arrayContaining([
        { attribute: 'outbound_auth', value: '' },
        { attribute: 'from_user', value: '' },
      ]),
    )
    const contacts = JSON.stringify(await fieldsOf('aor', before.id)).match(/sip:[^"]*/g)
    expect(contacts).toEqual(['sip:127.0.0.4:5098'])
    expect(await callsFrom('127.0.0.4')).toBe(true)
    expect(await callsFrom('127.0.0.5')).toBe(false)
  })
})
