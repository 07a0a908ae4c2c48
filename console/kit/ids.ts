/** Made by the sender, so that a retry is not a second thing. Works without a secure context, unlike crypto.randomUUID. */
export const newClientId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('')
