import * as z from 'zod'
import { FlowBody, flows } from '#contract/flows.ts'
import { Queue, queues, staffing } from '#contract/routing.ts'
import { Announcement, announcements, PhoneNumber, phoneNumbers, queueVoice, Trunk, trunks } from '#contract/voiceSettings.ts'
import { writeWav } from '#domains/voice/audio/wav.ts'
import { type SignedIn, signIn } from '../story/client.ts'
import { tone } from './tones.ts'

export const password = 'clearwater'
/** What the announcements of the flow are: tones, so that they can be measured. */
export const welcomeTone = 350
export const musicTone = 480
export const number = '95598001'
/** Straight to the queue, without a menu. */
export const directNumber = '95598002'

export type Centre = Awaited<ReturnType<typeof furnishVoice>>

/** In the sample centre: a trunk for callers from outside, a queue of its own for these agents, two numbers, and a flow with menu, digits and queue. */
export async function furnishVoice(url: string, logins: readonly string[], callers: string | null = '127.0.0.2') {
  const admin = await signIn(url, 'admin', password)
  const agents: SignedIn[] = []
  for (const login of logins) agents.push(await signIn(url, login, password))
  if (callers !== null)
    await admin.call(trunks.add, { body: Trunk.parse({ name: 'SIPp', host: callers, addresses: [callers], most: 500 }) })
  const queue = await admin.call(queues.add, { body: Queue.parse({ name: '量音', channel: 'phone', wrapSeconds: 0, ringSeconds: 60 }) })
  const sound = async (name: string, hertz: number, kind: Announcement['kind']) => {
    const wav = writeWav({ rate: 8_000, sides: [tone(hertz, 6)] })
    const { fileId } = z
      .object({ fileId: z.string() })
      .parse(await admin.upload('/announcement-sounds', `${name}.wav`, new Uint8Array(wav), 'audio/wav'))
    return (await admin.call(announcements.add, { body: Announcement.parse({ name, kind, text: name, fileId }) })).id
  }
  const announcementId = await sound('欢迎', welcomeTone, 'prompt')
  const musicId = await sound('等候', musicTone, 'music')
  await admin.call(queueVoice.set, {
    params: { queueId: queue.id },
    body: { recording: 'on', keepDays: 30, rating: true, musicId },
  })
  for (const { me } of agents)
    await admin.call(staffing.set, {
      params: { agentId: me.user.id },
      body: { missesAllowed: 3, channels: [{ channel: 'phone', capacity: 1, weight: 0 }], skills: [], queueIds: [queue.id] },
    })
  const waits = { key: 'queue', name: '排队', kind: 'queue', queueId: queue.id, tellEvery: 0, callBackAfter: 0, musicId }
  const bye = { key: 'bye', name: '再见', kind: 'hangup', sound: { announcementId } }
  const flow = async (name: string, first: string, nodes: unknown[]) => {
    const draft = FlowBody.parse({ first, nodes })
    const { id } = await admin.call(flows.add, { body: { name, nameEn: '', draft } })
    await admin.call(flows.publish, { params: { id }, body: { note: '' } })
    return id
  }
  const menu = await flow('量音菜单', 'menu', [
    {
      ...{ key: 'menu', name: '菜单', kind: 'menu', sound: { announcementId }, seconds: 3, tries: 2, otherwise: 'bye' },
      options: [{ key: '1', name: '户号', next: 'digits' }],
    },
    { key: 'digits', name: '户号', kind: 'digits', sound: { announcementId }, min: 4, max: 4, seconds: 3, next: 'queue', otherwise: 'bye' },
    waits,
    bye,
  ])
  const direct = await flow('直达', 'queue', [waits])
  const known = await admin.call(phoneNumbers.list, { query: {} })
  for (const [called, flowId] of [
    [number, menu],
    [directNumber, direct],
  ] as const) {
    // A journey may be played twice.
    const before = known.find(n => n.number === called)
    if (before) await admin.call(phoneNumbers.change, { params: { id: before.id }, body: { flowId } })
    else await admin.call(phoneNumbers.add, { body: PhoneNumber.parse({ number: called, name: called, flowId }) })
  }
  return { url, admin, agents, queueId: queue.id }
}
