const formats = new Map<string, Intl.DateTimeFormat>()

/** 2026-11-22 16:08:00, as the clocks of the zone show it. */
export function localTime(at: Date, zone: string): string {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
    formats.set(zone, format)
  }
  return format.format(at)
}
