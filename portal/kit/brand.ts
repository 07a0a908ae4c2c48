/** The tenant's colour, when white text can be read on it (4.5:1); else the portal's own. */
export function readableBrand(brand: string, otherwise: string): string {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(brand)
  if (!match) return otherwise
  const [r = 0, g = 0, b = 0] = match.slice(1).map(hex => {
    const c = Number.parseInt(hex, 16) / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  })
  return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05) >= 4.5 ? brand : otherwise
}
