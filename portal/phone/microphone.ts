/** `none`: this telephone sends silence, because there is no microphone, or because nobody let us have it. */
export type Voice = { state: 'unasked' | 'open' | 'none'; stream: MediaStream; track: MediaStreamTrack | null; close: () => void }

export async function openMicrophone(context: AudioContext): Promise<Voice> {
  const heard = await navigator.mediaDevices?.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } }).catch(() => null)
  if (!heard) return noVoice(context)
  return {
    state: 'open',
    stream: heard,
    track: heard.getAudioTracks()[0] ?? null,
    close: () => {
      for (const track of heard.getTracks()) track.stop()
    },
  }
}

export function noVoice(context: AudioContext): Voice {
  const { stream } = context.createMediaStreamDestination()
  return { state: 'none', stream, track: stream.getAudioTracks()[0] ?? null, close: () => {} }
}
