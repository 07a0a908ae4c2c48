import type { Heard } from '../../contract/practiceLine.ts'

/** How long words are shown that nobody can speak here. */
const secondsOf = (text: string, language: 'zh' | 'en') => 0.6 + text.length / (language === 'zh' ? 5 : 16)
/** A sound that does not come is not waited for without end. */
const soundPatienceMs = 60_000

/** Sentences keep apart, figures stand in theirs. */
const inOne = (texts: readonly string[], language: 'zh' | 'en') =>
  texts.reduce((before, text) => {
    if (before === '') return text
    const apart = text.length > 2 && /[^\s]{3}$/.test(before)
    return language === 'en' ? `${before}${apart && /^[A-Z]/.test(text) ? '. ' : ' '}${text}` : `${before}${apart ? '，' : ''}${text}`
  }, '')

/** What the exchange lets this telephone hear: sounds one after the other, music beneath. `caption`: what is said, and null when it has been said. */
export function newPlayer(caption: (text: string | null) => void) {
  let playing: { id: string; stop: () => void } | null = null
  let music: { audio: HTMLAudioElement; url: string } | null = null

  function sounded(url: string, stopped: AbortSignal): Promise<boolean> {
    const audio = new Audio(url)
    return new Promise(done => {
      const end = (heard: boolean) => {
        clearTimeout(late)
        audio.pause()
        done(heard)
      }
      const late = setTimeout(() => end(false), soundPatienceMs)
      audio.onended = () => end(true)
      audio.onerror = () => end(false)
      stopped.addEventListener('abort', () => end(false), { once: true })
      audio.play().catch(() => end(false))
    })
  }
  function spoken(text: string, language: 'zh' | 'en', stopped: AbortSignal): Promise<boolean> {
    const voice = window.speechSynthesis?.getVoices().find(v => v.lang.startsWith(language))
    return new Promise(done => {
      const shown = setTimeout(() => done(true), secondsOf(text, language) * (voice ? 4_000 : 1_000))
      const end = () => {
        clearTimeout(shown)
        done(!stopped.aborted)
      }
      stopped.addEventListener(
        'abort',
        () => {
          window.speechSynthesis?.cancel()
          end()
        },
        { once: true },
      )
      if (!voice) return
      const words = new SpeechSynthesisUtterance(text)
      words.voice = voice
      words.lang = voice.lang
      words.onend = words.onerror = end
      window.speechSynthesis.speak(words)
    })
  }
  const loud = () => {
    if (music) music.audio.volume = playing ? 0 : 0.5
  }

  return {
    /** From the beginning to the end; `false`: broken off. What is played already goes on. */
    play: async (id: string, heard: readonly Heard[], language: 'zh' | 'en'): Promise<boolean | null> => {
      if (playing?.id === id) return null
      playing?.stop()
      const stop = new AbortController()
      const mine = { id, stop: () => stop.abort() }
      playing = mine
      loud()
      let whole = true
      caption(
        inOne(
          heard.map(h => h.text),
          language,
        ),
      )
      for (const { text, url } of heard) {
        if (stop.signal.aborted) break
        const done = url === null ? await spoken(text, language, stop.signal) : await sounded(url, stop.signal)
        // A sound that cannot be played is at least shown.
        if (!done && !stop.signal.aborted && url !== null) whole = await spoken(text, language, stop.signal)
      }
      if (playing === mine) {
        playing = null
        caption(null)
      }
      loud()
      return whole && !stop.signal.aborted
    },
    hush: (): void => {
      playing?.stop()
      if (playing) caption(null)
      playing = null
      loud()
    },
    music: (url: string | null): void => {
      if (music?.url === url) return
      music?.audio.pause()
      music = null
      if (url === null) return
      const audio = new Audio(url)
      audio.loop = true
      music = { audio, url }
      loud()
      void audio.play().catch(() => undefined)
    },
    close: (): void => {
      playing?.stop()
      playing = null
      music?.audio.pause()
      music = null
    },
  }
}
