import { Problem } from '#contract/endpoint.ts'
import { HeardSound } from '#contract/sounds.ts'
import { RefusalError } from '../../kit/call.ts'
import { learnRefusal } from '../../kit/words.ts'

async function refuse(code: string, facts: Record<string, unknown> = {}, status = 0): Promise<never> {
  await learnRefusal(code)
  throw new RefusalError(code, facts, status)
}

/** Brings a sound to the house. What only a browser can read, as AAC, is turned into WAV before; what nobody can read the server refuses with its words. */
export async function uploadSound(file: Blob, name: string): Promise<HeardSound> {
  const form = new FormData()
  form.append('file', isAac(file, name) ? await asWav(file) : file, name)
  const answer = await fetch('/api/announcement-sounds', {
    method: 'POST',
    headers: { 'x-csrf': /(?:^|;\s*)huiyin_csrf=([^;]+)/.exec(document.cookie)?.[1] ?? '' },
    body: form,
  }).catch(() => refuse('network.away'))
  const said: unknown = await answer.json().catch(() => refuse('network.away'))
  if (answer.ok) return HeardSound.parse(said)
  const problem = Problem.safeParse(said)
  return problem.success ? refuse(problem.data.code, problem.data.facts, answer.status) : refuse('network.away')
}

const isAac = (file: Blob, name: string) => /mp4|m4a|aac/.test(file.type) || /\.(m4a|mp4|aac)$/i.test(name)

const rate = 48_000
async function asWav(file: Blob): Promise<Blob> {
  const context = new OfflineAudioContext(1, 1, rate)
  const heard = await context.decodeAudioData(await file.arrayBuffer()).catch(() => null)
  if (!heard) return file
  const view = new DataView(new ArrayBuffer(44 + heard.length * 2))
  const text = (at: number, said: string) => [...said].forEach((c, n) => void view.setUint8(at + n, c.charCodeAt(0)))
  text(0, 'RIFF')
  view.setUint32(4, 36 + heard.length * 2, true)
  text(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, rate, true)
  view.setUint32(28, rate * 2, true)
  view.setUint16(32, 2, true)
  view.setUint16(34, 16, true)
  text(36, 'data')
  view.setUint32(40, heard.length * 2, true)
  const channels = Array.from({ length: heard.numberOfChannels }, (_, c) => heard.getChannelData(c))
  for (let n = 0; n < heard.length; n++) {
    const value = channels.reduce((sum, c) => sum + (c[n] ?? 0), 0) / channels.length
    view.setInt16(44 + n * 2, Math.max(-1, Math.min(1, value)) * 32_767, true)
  }
  return new Blob([view.buffer], { type: 'audio/wav' })
}
