import { announcementSounds } from '#contract/sounds.ts'
import { useFetch } from '../../kit/data.ts'

/** The sounds of all announcements, by announcement. */
export const useSounds = () => new Map((useFetch(announcementSounds.list, {}).data ?? []).map(s => [s.announcementId, s]))

let playing: HTMLAudioElement | null = null
/** Plays one after the other; what played before ends. Resolves when it is over, also when it was broken off. */
export async function playSounds(urls: readonly string[]): Promise<void> {
  hush()
  const audio = new Audio()
  playing = audio
  for (const url of urls) {
    if (playing !== audio) return
    audio.src = url
    await new Promise<void>(done => {
      audio.onended = () => done()
      audio.onerror = () => done()
      audio.onpause = () => done()
      audio.play().catch(() => done())
    })
  }
  if (playing === audio) playing = null
}
export function hush(): void {
  const was = playing
  playing = null
  was?.pause()
}
