import { fileTypeFromBuffer } from 'file-type'
import { imageSize } from 'image-size'
import { Refusal } from './refusal.ts'

export const largestFile = 20 * 1_048_576
const mostPixels = 50_000_000
/** A packed document that would swell beyond this was made to hurt. Real spreadsheets reach a ratio of some 60. */
const mostUnpacked = 400 * 1_048_576
const mostRatio = 200
const mostEntries = 20_000

/** What may be sent, by content, with the endings its name may have. */
const allowed: Record<string, readonly string[]> = {
  'image/png': ['png'],
  'image/jpeg': ['jpg', 'jpeg'],
  'image/gif': ['gif'],
  'image/webp': ['webp'],
  'application/pdf': ['pdf'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['docx'],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['xlsx'],
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': ['pptx'],
  'video/mp4': ['mp4', 'm4v'],
  'video/quicktime': ['mov'],
  'video/webm': ['webm'],
  'audio/mpeg': ['mp3'],
  'audio/x-m4a': ['m4a'],
  'audio/mp4': ['m4a', 'mp4'],
  'audio/wav': ['wav'],
  'audio/ogg': ['ogg', 'opus'],
  'audio/amr': ['amr'],
  'text/plain': ['txt', 'csv', 'log'],
}
const packed = new Set(Object.keys(allowed).filter(type => type.includes('openxmlformats')))

export type Checked = { name: string; type: string; width: number | null; height: number | null }

/** What the bytes really are; refuses what is not allowed, whatever its name claims. */
export async function checkFile(name: string, bytes: Buffer): Promise<Checked> {
  if (bytes.length === 0) throw new Refusal('invalid', 'file.empty')
  if (bytes.length > largestFile) throw new Refusal('too_large', 'file.too_large', { most: largestFile })
  const zipped = bytes.length > 4 && bytes.readUInt32LE(0) === 0x04034b50
  // Before anything unpacks a part of it to see what it is.
  if (zipped) checkPacked(bytes)
  const type = (await fileTypeFromBuffer(bytes).catch(() => undefined))?.mime ?? (isText(name, bytes) ? 'text/plain' : 'unknown')
  const endings = allowed[type]
  if (!endings || zipped !== packed.has(type)) throw new Refusal('invalid', 'file.type_refused', { type })
  const size = type.startsWith('image/') ? pictureSize(bytes) : { width: null, height: null }
  return { name: properName(name, endings), type, ...size }
}

function pictureSize(bytes: Buffer) {
  let size: { width: number; height: number }
  try {
    size = imageSize(bytes)
  } catch {
    throw new Refusal('invalid', 'file.broken')
  }
  const { width, height } = size
  if (!(width > 0 && height > 0)) throw new Refusal('invalid', 'file.broken')
  if (width * height > mostPixels) throw new Refusal('too_large', 'file.picture_too_large', { width, height, most: mostPixels })
  return { width, height }
}

/** Reads the table of contents of a ZIP and nothing else: it is never unpacked here, only measured. */
function checkPacked(bytes: Buffer) {
  const broken = new Refusal('invalid', 'file.broken')
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]))
  if (end < 0 || end + 22 > bytes.length) throw broken
  const entries = bytes.readUInt16LE(end + 10)
  let at = bytes.readUInt32LE(end + 16)
  if (entries > mostEntries) throw new Refusal('invalid', 'file.swells')
  let unpacked = 0
  for (let n = 0; n < entries; n++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== 0x02014b50) throw broken
    unpacked += bytes.readUInt32LE(at + 24)
    at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
  if (unpacked > mostUnpacked || unpacked / bytes.length > mostRatio) throw new Refusal('invalid', 'file.swells', { unpacked })
}

const endingOf = (name: string) => /\.([A-Za-z0-9]{1,8})$/.exec(name)?.[1]?.toLowerCase() ?? ''

function isText(name: string, bytes: Buffer): boolean {
  return (allowed['text/plain'] ?? []).includes(endingOf(name)) && !bytes.includes(0)
}

/** A name without a path, without control or direction characters, whose ending says what the file is. */
export function properName(name: string, endings: readonly string[]): string {
  const base = name.toWellFormed().split(/[\\/]/).at(-1) ?? ''
  const tidy = base
    .replace(/[\p{Cc}\p{Cf}\p{Cs}"<>|:*?]/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^\.+/, '')
  const ending = endingOf(tidy)
  const stem = [...(ending ? tidy.slice(0, -ending.length - 1) : tidy)].slice(0, 100).join('') || 'file'
  return endings.includes(ending) ? `${stem}.${ending}` : `${stem}.${endings[0] ?? 'bin'}`
}
