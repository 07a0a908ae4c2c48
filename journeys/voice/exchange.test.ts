import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { startExchange } from './exchange.ts'
import { onTheLine } from './onTheLine.ts'
import { call } from './sipp.ts'
import { openTelephone, type Telephone } from './telephone.ts'

const dialplan = `[from-trunk](+)
exten => 7101,1,Answer()
 same => n,Read(KEYS,,4,,1,10)
 same => n,GotoIf($["\${KEYS}" = "4298"]?right)
 same => n,Hangup(21)
 same => n(right),Echo()
exten => 7102,1,Answer()
 same => n,Playtones(1000/400,0/100)
 same => n,Wait(60)
`
onTheLine('a customer of SIPp with a sound of ours', () => {
  let exchange: Awaited<ReturnType<typeof startExchange>>
  beforeAll(async () => {
    exchange = await startExchange({ more: { 'extensions.conf': dialplan }, trunk: true })
  })
  afterAll(() => exchange.stop())
  const endings: (() => unknown)[] = []
  afterEach(async () => {
    for (const end of endings.splice(0).reverse()) await end()
  })

  async function dial(called: string, stayMs?: number) {
    const telephone: Telephone = await openTelephone()
    const caller = await call({ to: exchange.sip, called, telephone, ...(stayMs ? { stayMs } : {}) })
    endings.push(telephone.hangUp, caller.drop)
    await caller.answered()
    return { telephone, caller }
  }

  test('a caller is heard, presses keys, and hears', async () => {
    const { telephone, caller } = await dial('7101')
    telephone.press('4298')
    telephone.say(440)
    await expect.poll(() => telephone.hears(440) > 0.5 || caller.over()).toBe(true)
    expect(caller.over()).toBe(false)
    expect(telephone.hears(1_000)).toBe(0)
    await caller.hangUp()
    expect(caller.marks()).toMatchObject({ endedBy: 'us' })
  })

  test('what only the other side says is heard too; who stays a while hangs up then', async () => {
    const { telephone, caller } = await dial('7102', 3_000)
    telephone.say(null)
    await expect.poll(() => telephone.hears(1_000) > 0.5).toBe(true)
    expect(await caller.ended).toBe(0)
    expect(caller.marks()).toMatchObject({ endedBy: 'us' })
  })
})
