/** G.711 µ-law, the sound of most telephone lines. */
export function fromUlaw(byte: number): number {
  const flipped = ~byte & 0xff
  const magnitude = (((flipped & 0x0f) << 3) + 0x84) << ((flipped & 0x70) >> 4)
  return (flipped & 0x80 ? 0x84 - magnitude : magnitude - 0x84) / 32_768
}
export function toUlaw(value: number): number {
  const sample = Math.max(-32_635, Math.min(32_635, Math.round(value * 32_768)))
  const magnitude = Math.abs(sample) + 0x84
  const exponent = Math.max(0, 31 - Math.clz32(magnitude) - 7)
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | ((magnitude >> (exponent + 3)) & 0x0f)) & 0xff
}
export function fromAlaw(byte: number): number {
  const flipped = byte ^ 0x55
  const exponent = (flipped & 0x70) >> 4
  const low = ((flipped & 0x0f) << 4) + 8
  const magnitude = exponent === 0 ? low : (low + 0x100) << (exponent - 1)
  return (flipped & 0x80 ? magnitude : -magnitude) / 32_768
}

export const writeUlaw = (samples: Float32Array): Uint8Array => Uint8Array.from(samples, toUlaw)
export const readUlaw = (bytes: Uint8Array): Float32Array => Float32Array.from(bytes, fromUlaw)
