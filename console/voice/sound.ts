import { useSyncExternalStore } from 'react'

/** Which devices speak and hear, and how loud it rings; null: the system's own. Kept on this machine: another one has others. */
export type Devices = { microphone: string | null; speaker: string | null; volume: number }
/** `ask`: the browser will ask. `none`: no microphone is plugged in. `insecure`: browsers give a microphone to https and this machine alone. */
export type Microphone = 'ask' | 'granted' | 'denied' | 'none' | 'insecure'

const place = 'huiyin.devices'
const kept = (): Devices => {
  const none: Devices = { microphone: null, speaker: null, volume: 0.6 }
  try {
    return { ...none, ...JSON.parse(localStorage.getItem(place) ?? '{}') }
  } catch {
    return none
  }
}
let devices = kept()
let microphone: Microphone = navigator.mediaDevices === undefined ? 'insecure' : 'ask'
const hearers = new Set<() => void>()
const tell = () => {
  for (const hear of hearers) hear()
}
export const onSound = (hear: () => void): (() => void) => {
  hearers.add(hear)
  return () => {
    hearers.delete(hear)
  }
}

export const getDevices = (): Devices => devices
export function setDevices(change: Partial<Devices>): void {
  devices = { ...devices, ...change }
  localStorage.setItem(place, JSON.stringify(devices))
  tell()
}
export const useDevices = (): Devices => useSyncExternalStore(onSound, getDevices)

export const getMicrophone = (): Microphone => microphone
export const useMicrophone = (): Microphone => useSyncExternalStore(onSound, getMicrophone)
const setMicrophone = (next: Microphone) => {
  if (next === microphone) return
  microphone = next
  tell()
}

/** Follows what the browser allows, also when it is changed beside the address. */
export async function watchMicrophone(): Promise<void> {
  if (microphone === 'insecure') return
  const status = await navigator.permissions.query({ name: 'microphone' as PermissionName }).catch(() => null)
  if (!status) return
  const take = () => setMicrophone(status.state === 'prompt' ? 'ask' : status.state)
  take()
  status.addEventListener('change', take)
}

const wanted = (id: string | null): MediaStreamConstraints => ({
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, ...(id ? { deviceId: { exact: id } } : {}) },
})

/** The microphone's sound; what could not be opened is said by `useMicrophone`. A chosen one that was unplugged gives way to the system's own. */
export async function openMicrophone(): Promise<MediaStream> {
  try {
    if (navigator.mediaDevices === undefined) throw new DOMException('', 'NotAllowedError')
    const stream = await navigator.mediaDevices.getUserMedia(wanted(devices.microphone)).catch((error: unknown) => {
      if (devices.microphone === null || nameOf(error) === 'NotAllowedError') throw error
      return navigator.mediaDevices.getUserMedia(wanted(null))
    })
    setMicrophone('granted')
    return stream
  } catch (error) {
    if (microphone !== 'insecure') setMicrophone(nameOf(error) === 'NotAllowedError' ? 'denied' : 'none')
    throw error
  }
}
const nameOf = (error: unknown) => (error instanceof Error ? error.name : '')
export const closeStream = (stream: MediaStream | null): void => {
  for (const track of stream?.getTracks() ?? []) track.stop()
}

/** What is heard, on the chosen speaker. */
export function newEar() {
  const audio = new Audio()
  audio.autoplay = true
  const onto = async (id: string | null) => {
    // Not every browser lets a page choose the speaker; then it is the system's own.
    if ('setSinkId' in audio) await audio.setSinkId(id ?? '').catch(() => undefined)
  }
  return {
    onto,
    play: (stream: MediaStream) => {
      audio.srcObject = stream
      void onto(devices.speaker)
      // A page nobody has touched yet may not make a sound; the first touch starts it.
      void audio.play().catch(() => addEventListener('pointerdown', () => void audio.play().catch(() => undefined), { once: true }))
    },
    stop: () => {
      audio.srcObject = null
    },
  }
}
export type Ear = ReturnType<typeof newEar>
