/** A Chinese mobile number with a digit too few or too many; 10 and eight digits are a line in Beijing. */
export const cutOff = /^1(?!\d{10}$|0\d{8}$)/

/** Surely no telephone number, told while one types; what passes here is still judged by the server. */
export function isNoPhone(typed: string): boolean {
  const plain = typed.normalize('NFKC').replaceAll(/[\s().-]/g, '')
  if (!/\d/.test(plain)) return plain !== ''
  const digits = /^(\+?)(\d+)$/.exec(plain)
  if (!digits) return false
  const [, abroad, number = ''] = digits
  return number.length < 7 || number.length > 17 || (abroad === '' && cutOff.test(number))
}
