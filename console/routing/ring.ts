import { useEffect, useState, useSyncExternalStore } from 'react'
import type { Offer } from '#contract/routing.ts'
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
function chime(): void {
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
    volume.gain.exponentialRampToValueAtTime(0.12, at + 0.02)
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.4)
    tone.connect(volume).connect(audio.destination)
    tone.start(at)
    tone.stop(at + 0.45)
  }
}

/** Sound, title and desktop notification while something rings. */
export function useRing(offers: readonly Offer[]): void {
  const sound = useSound()
  const n = offers.length
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
  const latest = offers.at(-1)
  useEffect(() => {
    if (!latest || !document.hidden || typeof Notification === 'undefined' || Notification.permission !== 'granted') return
    const notice = new Notification(latest.customerName || w.unknown, {
      body: `${latest.queueName} ${latest.subject}`,
      tag: latest.id,
      requireInteraction: true,
    })
    notice.onclick = () => {
      focus()
      notice.close()
    }
    return () => notice.close()
  }, [latest])
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
