import { expect, test } from 'vitest'
import { softphone } from '#contract/voice.ts'
import { until } from '../story/client.ts'
import { furnishVoice } from '../voice/centre.ts'
import { agentTone, customerTone, hearsTone, mine, overOf, seat, telephone, wholeOf } from './practiceCall.ts'
import { onStage, type Page, sees } from './stage.ts'

const stage = onStage()

/** Loaded anew, and once more before anything could settle. */
async function twice(desk: Page): Promise<void> {
  await desk.reload({ waitUntil: 'domcontentloaded' })
  await desk.locator('.bell').waitFor()
  await desk.reload({ waitUntil: 'domcontentloaded' })
}

test('a call that an agent places outlives two refreshes in a row, while it rings and while they talk', async () => {
  const { agents, admin } = await furnishVoice(stage.url, ['agent'], null)
  const [first] = agents
  if (!first) throw new Error('an agent')
  const desk = (await seat(stage, 'agent', agentTone)).page
  const customer = await telephone(stage, '13700007788')
  await sees(customer, '也能接听打来的电话')
  const { id } = await first.call(softphone.place, { body: { number: '13700007788', clientId: crypto.randomUUID() } })
  const answers = customer.getByRole('button', { name: '接听' })
  await answers.waitFor()

  const stageNow = async () => (await wholeOf(admin, id)).stage
  /** The agent's phone is there again, and hears it ring as before. */
  const onLine = () =>
    until(
      'the agent is on the line again',
      async () => {
        const found = (await first.call(softphone.mine)).calls.find(c => c.id === id)
        return found?.stage === 'connecting' && found.legState === 'up'
      },
      30_000,
    )
  await twice(desk)
  await onLine()
  // A page that takes its time: the line has noticed that nobody is there.
  await desk.goto('about:blank')
  const noticed = await until(
    'the line has noticed',
    async () => {
      const now = await stageNow()
      return now !== 'connecting' && now
    },
    30_000,
  )
  await desk.goto(`${stage.url}/desk`, { waitUntil: 'commit' })
  expect(noticed).toBe('mending')
  expect(await answers.isVisible()).toBe(true)
  await onLine()
  expect((await wholeOf(admin, id)).legs.filter(l => l.party === 'customer')).toHaveLength(1)
  await answers.click()
  const both = () => Promise.all([hearsTone(customer, 'the customer', agentTone), hearsTone(desk, 'the agent', customerTone)])
  await both()

  await twice(desk)
  await both()
  expect((await mine(first)).id).toBe(id)
  await customer.getByRole('button', { name: '挂断' }).click()
  expect(await overOf(admin, id)).toMatchObject({ cause: 'normal', agentId: first.me.user.id })
}, 300_000)
