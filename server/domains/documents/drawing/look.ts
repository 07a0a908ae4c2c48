/** The console's colours by day: what is printed looks like what is on the screen. */
export const color = {
  text: '#181B22',
  text2: '#4A5160',
  text3: '#646B7A',
  line: '#E5E7EC',
  line2: '#D2D6DE',
  sunken: '#F0F2F5',
  accent: '#3552D6',
  target: '#0E7A45',
  series: ['#3552D6', '#1B9E9E', '#E39A12', '#8B66E0', '#D9577F', '#5B8C3E', '#8A93A5'],
} as const

/** Points on an A4 page. */
export const sheet = { width: 595.28, height: 841.89, left: 62, right: 62, top: 62, bottom: 68 } as const
export const textWidth = sheet.width - sheet.left - sheet.right
/** Of the words, by level of heading. */
export const size = { text: 10.5, small: 9, table: 9, heading: [20, 14, 11.5], value: 18 } as const
