import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { writeWav } from '#domains/voice/audio/wav.ts'
import { openBrowser } from '../../tools/browser.ts'
import { heard, tone } from './tones.ts'

declare global {
  interface Window {
    /** What the page's telephone hears now. */
    headset?: () => { rate: number; samples: number[] } | null
  }
}

/** A browser whose microphone says a tone, over and over. One tone each: the microphone belongs to the whole browser. */
export async function openHeadset(hertz: number) {
  const folder = mkdtempSync(path.join(tmpdir(), 'huiyin-headset-'))
  const file = path.join(folder, 'tone.wav')
  writeFileSync(file, writeWav({ rate: 48_000, sides: [tone(hertz, 2, { at: 48_000 })] }))
  const browser = await openBrowser([
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-audio-capture=${file}`,
    '--autoplay-policy=no-user-gesture-required',
  ])
  let still: readonly number[] = []
  const goOn = () => {
    for (const pid of still) signal(pid, 'SIGCONT')
    still = []
  }
  return {
    browser,
    /** Nothing of it moves, as when the machine sleeps; `network`: it is awake and reaches nobody. Until `wake`. */
    sleep: async (what: 'machine' | 'network' = 'machine') => {
      still = await processesOf(browser, what)
      for (const pid of still) signal(pid, 'SIGSTOP')
    },
    wake: goOn,
    /** As when the machine loses its power. */
    crash: async () => {
      const session = await browser.newBrowserCDPSession()
      await session.send('Browser.crash').catch(() => {})
    },
    close: async () => {
      goOn()
      await browser.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function processesOf(browser: Browser, what: 'machine' | 'network'): Promise<number[]> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const all = processInfo.map(one => one.id)
  const found =
    what === 'machine' ? all : all.filter(pid => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('network.mojom.NetworkService'))
  if (found.length === 0) throw new Error(`the ${what} of this browser was not found`)
  return found
}
/** One that has ended meanwhile needs none. */
function signal(pid: number, name: 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, name)
  } catch {}
}

/** Before the first page: what comes from the other side is kept where `hears` looks. */
export async function wearHeadset(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const Original = window.RTCPeerConnection
    let worn: { sound: AudioContext; analyser: AnalyserNode } | undefined
    /** One for all whom the page hears: in a room of three there are two. */
    const wear = () => {
      const sound = new AudioContext()
      const analyser = new AnalyserNode(sound, { fftSize: 32_768 })
      const values = new Float32Array(analyser.fftSize)
      window.headset = () => {
        analyser.getFloatTimeDomainData(values)
        return { rate: sound.sampleRate, samples: Array.from(values, v => Math.round(Math.max(-1, Math.min(1, v)) * 32_767)) }
      }
      return { sound, analyser }
    }
    // The tone reaches no loudspeaker's echo: what a browser takes for one, because both sides beat alike, would be silenced now and then.
    const open = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices)
    if (open)
      navigator.mediaDevices.getUserMedia = asked =>
        open(
          typeof asked?.audio === 'object'
            ? { ...asked, audio: { ...asked.audio, echoCancellation: false, noiseSuppression: false, autoGainControl: false } }
            : asked,
        )
    window.RTCPeerConnection = class extends Original {
      constructor(...given: ConstructorParameters<typeof RTCPeerConnection>) {
        super(...given)
        this.addEventListener('track', ({ track }) => {
          worn ??= wear()
          const source = worn.sound.createMediaStreamSource(new MediaStream([track]))
          source.connect(worn.analyser)
          track.addEventListener('ended', () => source.disconnect())
        })
      }
    }
  })
}

/** Part of the last moment (0.7 s) in which this tone was heard in a page, 0–1. */
export async function hears(page: Page, hertz: number): Promise<number> {
  const moment = await page.evaluate(() => window.headset?.() ?? null)
  return moment === null ? 0 : heard(Int16Array.from(moment.samples), hertz, moment.rate)
}

/** A recording as a browser plays it: its channels, apart. */
export async function played(page: Page, bytes: Uint8Array, rate = 8_000): Promise<Int16Array[]> {
  const channels = await page.evaluate(
    async ({ base64, rate }) => {
      const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0))
      const sound = await new OfflineAudioContext(1, 1, rate).decodeAudioData(bytes.buffer)
      return Array.from({ length: sound.numberOfChannels }, (_, n) => {
        const said = new Uint8Array(Int16Array.from(sound.getChannelData(n), v => Math.round(v * 32_767)).buffer)
        // A million numbers one by one would take a page minutes.
        let text = ''
        for (let from = 0; from < said.length; from += 0x8000) text += String.fromCharCode(...said.subarray(from, from + 0x8000))
        return btoa(text)
      })
    },
    { base64: Buffer.from(bytes).toString('base64'), rate },
  )
  return channels.map(text => {
    const said = Buffer.from(text, 'base64')
    return Int16Array.from({ length: said.length / 2 }, (_, n) => said.readInt16LE(2 * n))
  })
}
