import { afterEach, beforeEach, expect, test } from 'vitest'
import { Trunk, trunks } from '#contract/voiceSettings.ts'
import { work } from '#kernel/work.ts'
import { openHouse, type TestHouse } from '#testing/house.ts'
import { openSwitch } from '#testing/switch.ts'
import { openTelephone } from '#testing/telephone.ts'
import { lendSwitch } from './switches.ts'
import { addTrunk, changeTrunk, listLines, listTrunks, retireTrunk, trunksForSwitches } from './trunks.ts'

let t: TestHouse
beforeEach(async () => {
  t = await openHouse()
}, 60_000)
afterEach(() => t.close())

const given = Trunk.parse({
  name: '电信',
  host: 'sip.carrier.example',
  login: '02112345',
  password: 'geheim',
  register: true,
  addresses: ['203.0.113.7'],
})

test('the password of a trunk is told to the switch and to nobody else; an empty one leaves it; another host wants it again', async () => {
  const added = await t.work(ctx => addTrunk(ctx, given))
  expect(added.password).toBe('')
  expect(trunks.Row.parse(added)).toMatchObject({ name: '电信', most: 30 })
  const { rows } = await t.house.control.query('select password from voice.trunk')
  expect(rows[0]?.password).not.toContain('geheim')
  expect(await trunksForSwitches(t.house)).toMatchObject([{ id: added.id, tenantId: t.tenantId, password: 'geheim' }])

  await t.work(ctx => changeTrunk(ctx, added.id, { most: 60, password: '' }))
  expect(await trunksForSwitches(t.house)).toMatchObject([{ most: 60, password: 'geheim' }])
  await expect(t.work(ctx => changeTrunk(ctx, added.id, { host: 'elsewhere.example' }))).rejects.toMatchObject({
    code: 'trunk.password_again',
  })
  await expect(t.work(ctx => changeTrunk(ctx, added.id, { login: '' }))).rejects.toMatchObject({ code: 'trunk.login_missing' })
  await t.work(ctx => changeTrunk(ctx, added.id, { host: 'elsewhere.example', password: 'neu' }))
  expect(await trunksForSwitches(t.house)).toMatchObject([{ host: 'elsewhere.example', password: 'neu' }])

  await t.work(ctx => retireTrunk(ctx, added.id, true))
  expect(await trunksForSwitches(t.house)).toEqual([])
  expect(await t.work(ctx => listTrunks(ctx, true))).toMatchObject([{ retired: true, password: '' }])
})

test('a trunk is known by its addresses alone, or has an account; a password goes with its account', async () => {
  const alone = { ...given, login: '', password: 'geheim', register: false }
  await expect(t.work(ctx => addTrunk(ctx, { ...alone, addresses: [] }))).rejects.toMatchObject({ code: 'trunk.addresses_missing' })
  await t.work(ctx => addTrunk(ctx, alone))
  expect(await trunksForSwitches(t.house)).toMatchObject([{ addresses: ['203.0.113.7'], login: '', password: '' }])

  const { id } = await t.work(ctx => addTrunk(ctx, { ...given, addresses: [] }))
  await expect(t.work(ctx => changeTrunk(ctx, id, { login: '', register: false }))).rejects.toMatchObject({
    code: 'trunk.addresses_missing',
  })
  const elsewhere = { host: 'elsewhere.example', login: '', register: false, addresses: ['203.0.113.0/24'] }
  await t.work(ctx => changeTrunk(ctx, id, elsewhere))
  await t.work(ctx => changeTrunk(ctx, id, { login: '02112345' }))
  expect((await trunksForSwitches(t.house))[1]).toMatchObject({ login: '02112345', password: '' })
})

test('a switch is told at once of a trunk that was changed; whoever looks at the lines sees trunks of their own organisation', async () => {
  const line = openSwitch('pbx')
  let told = 0
  const trunk = (id: string) => ({ id, name: '', state: 'ready' as const, calls: 0, most: 1 })
  const ids: string[] = ['0199f2e6-4000-7d05-950f-c9e1095ac342']
  lendSwitch(t.house, {
    ...line,
    state: () => ({ ...line.state(), calls: 7, trunks: ids.map(trunk) }),
    provision: async () => {
      told++
    },
  })
  const { id } = await t.work(ctx => addTrunk(ctx, given))
  await expect.poll(() => told).toBe(1)
  ids.push(id)
  const lines = await t.work(ctx => listLines(ctx))
  expect(lines.find(l => l.name === 'pbx')?.trunks.map(s => s.id)).toEqual([id])
  // The seven are somebody else's.
  expect(lines.find(l => l.name === 'pbx')?.calls).toBe(0)
})

test('whichever process is asked, calls and phones of a line are those of the whole house', async () => {
  const phone = await openTelephone(t)
  await phone.number('95000', await phone.flow({ first: 'm', nodes: [{ key: 'm', name: '报', kind: 'say', sound: { text: '您好' } }] }))
  await phone.rings('13800001111', '95000')
  await phone.rings('13800002222', '95000')
  const other = { ...t.house }
  const node = openSwitch('pbx')
  lendSwitch(other, openSwitch())
  // Looked at by this process, at the node itself.
  lendSwitch(other, { ...node, kind: 'asterisk', state: () => ({ ...node.state(), kind: 'asterisk', calls: 9, phones: 3 }) })
  const asked = await work(other, t.user(), ctx => listLines(ctx))
  expect(asked).toMatchObject([
    { name: 'practice', calls: 2, phones: 2 },
    { name: 'pbx', calls: 0, phones: 3 },
  ])
  expect(await work(t.house, t.user(), ctx => listLines(ctx))).toMatchObject([{ name: 'practice', calls: 2, phones: 2 }])
  await phone.close()
})
