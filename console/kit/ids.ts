/** Made by the sender, so that a retry is not a second thing. Works without a secure context, unlike crypto.randomUUID. */
export const newClientId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('')

/** Gives the id under which something is sent: the same for the same words, so that a retry is not a second thing; another for others, so that none are lost. */
export function newSending(): (body: unknown) => string {
  let sent = { words: '', id: '' }
  return body => {
    const words = JSON.stringify(body)
    if (words !== sent.words) sent = { words, id: newUuid() }
    return sent.id
  }
}

/** When a thing was put down: its id begins with that instant. */
export const madeAt = (id: string): Date => new Date(Number.parseInt(id.replace('-', '').slice(0, 12), 16))

/** The same, as a UUID. */
export function newUuid(): string {
  const text = newClientId()
  const variant = ((Number.parseInt(text.slice(16, 17), 16) & 3) | 8).toString(16)
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(13, 16)}-${variant}${text.slice(17, 20)}-${text.slice(20)}`
}
