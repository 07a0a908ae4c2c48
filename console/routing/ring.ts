import { useEffect, useState, useSyncExternalStore } from 'react'
import { getDevices } from '../voice/sound.ts'
import { w } from './words.ts'

const place = 'huiyin.sound'
const hearers = new Set<() => void>()
export const setSound = (on: boolean): void => {
  localStorage.setItem(place, on ? 'on' : 'off')
  for (const hear of hearers) hear()
}
export const useSound = (): boolean =>
  useSyncExternalStore(
    hear => {
      hearers.add(hear)
      return () => {
        hearers.delete(hear)
      }
    },
    () => localStorage.getItem(place) !== 'off',
  )

let audio: AudioContext | undefined
/** Two soft tones, made here: there is no file to load. Silent until the browser has seen a click. */
export function chime(): void {
  const { volume: loud } = getDevices()
  if (loud === 0) return
  audio ??= new AudioContext()
  if (audio.state === 'suspended') void audio.resume()
  for (const [pitch, delay] of [
    [659, 0],
    [880, 0.16],
  ] as const) {
    const at = audio.currentTime + delay
    const tone = audio.createOscillator()
    const volume = audio.createGain()
    tone.frequency.value = pitch
    volume.gain.setValueAtTime(0.0001, at)
    volume.gain.exponentialRampToValueAtTime(0.2 * loud, at + 0.02)
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.4)
    tone.connect(volume).connect(audio.destination)
    tone.start(at)
    tone.stop(at + 0.45)
  }
}

export type Ring = { id: string; title: string; body: string }
/** Sound, title and desktop notification while something rings. */
export function useRing(rings: readonly Ring[]): void {
  const sound = useSound()
  const n = rings.length
  useEffect(() => {
    if (n === 0 || !sound) return
    chime()
    const timer = setInterval(chime, 2_400)
    return () => clearInterval(timer)
  }, [n, sound])
  useEffect(() => {
    if (n === 0) return
    const plain = document.title
    const show = () => {
      document.title = document.title.startsWith('(') ? plain : `${w.title(n)} ${plain}`
    }
    document.title = `${w.title(n)} ${plain}`
    const timer = setInterval(show, 1_000)
    return () => {
      clearInterval(timer)
      document.title = plain
    }
  }, [n])
  const { id, title = '', body = '' } = rings.at(-1) ?? {}
  useEffect(() => {
    if (!id || !document.hidden || typeof Notification === 'undefined' || Notification.permission !== 'granted') return
    const notice = new Notification(title, { body, tag: id, requireInteraction: true })
    notice.onclick = () => {
      focus()
      notice.close()
    }
    return () => notice.close()
  }, [id, title, body])
}

type Allowed = NotificationPermission | 'never'
export function useNotices(): { allowed: Allowed; ask: () => void } {
  const [allowed, setAllowed] = useState<Allowed>(() => (typeof Notification === 'undefined' ? 'never' : Notification.permission))
  return {
    allowed,
    ask: () => {
      if (allowed !== 'never') void Notification.requestPermission().then(setAllowed)
    },
  }
}
