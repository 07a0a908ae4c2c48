import { oggPackets, webmOpus } from './containers.ts'
import { readFlac } from './flac.ts'
import { readMp3 } from './mp3.ts'
import { readOpus } from './opus.ts'
import { ascii, broken, NotHeard, type Pcm } from './pcm.ts'
import { readVorbis } from './vorbis.ts'
import { readWav } from './wav.ts'

/** Asked of the first bytes, never of the name: WAV, FLAC, Ogg with Opus or Vorbis, WebM with Opus, MP3. AAC has no free decoder we may ship; the console turns it into WAV. */
export async function decode(bytes: Uint8Array, most: number): Promise<Pcm> {
  const start = skipTag(bytes)
  const sound = bytes.subarray(start)
  const head = ascii(sound, 0, 4)
  if (head === 'RIFF' && ascii(sound, 8, 4) === 'WAVE') return readWav(sound, most)
  if (head === 'fLaC') return readFlac(sound, most)
  if (head === 'OggS') {
    const packets = oggPackets(sound)
    const [first] = packets
    if (!first) throw broken()
    return ascii(first, 0, 8) === 'OpusHead' ? readOpus(first, packets.slice(2), most) : readVorbis(packets, most)
  }
  if (sound[0] === 0x1a && sound[1] === 0x45 && sound[2] === 0xdf && sound[3] === 0xa3) {
    const { head: opusHead, packets } = webmOpus(sound)
    return readOpus(opusHead, packets, most)
  }
  if (isMpeg(sound)) return readMp3(sound, most)
  throw new NotHeard('announcement.not_audio')
}

/** ID3 stands before MP3, now and then before FLAC. */
function skipTag(bytes: Uint8Array): number {
  if (ascii(bytes, 0, 3) !== 'ID3' || bytes.length < 10) return 0
  const size = [6, 7, 8, 9].reduce((n, at) => n * 128 + ((bytes[at] ?? 0) & 0x7f), 0)
  return Math.min(bytes.length, 10 + size)
}

const bitrates = {
  layer3: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  layer3low: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
}
const mpegRates = [44_100, 48_000, 32_000]

/** Two frames of layer 3 in a row, each as long as it says: eleven set bits alone stand in any file. */
function isMpeg(bytes: Uint8Array): boolean {
  const first = frameLength(bytes, 0)
  return first > 0 && (frameLength(bytes, first) > 0 || bytes.length <= first + 4)
}
function frameLength(bytes: Uint8Array, at: number): number {
  const [a, b, c] = [bytes[at], bytes[at + 1], bytes[at + 2]]
  if (a !== 0xff || b === undefined || c === undefined || (b & 0xe6) !== 0xe2) return 0
  const version = (b >> 3) & 3
  const rate = mpegRates[(c >> 2) & 3]
  const kbit = bitrates[version === 3 ? 'layer3' : 'layer3low'][c >> 4]
  if (version === 1 || !rate || !kbit) return 0
  const sampleRate = version === 3 ? rate : version === 2 ? rate / 2 : rate / 4
  return Math.floor(((version === 3 ? 144 : 72) * kbit * 1000) / sampleRate) + ((c >> 1) & 1)
}
