import { durationText } from '../../insight/periods.ts'
import { language } from '../../kit/words.ts'

export const between = (from: Date | null, until: Date | null): string =>
  from && until ? durationText((until.getTime() - from.getTime()) / 1000) : ''

export const dateText = (date: Date): string =>
  date.toLocaleDateString(language() === 'zh' ? 'zh-CN' : 'en-GB', {
    year: 'numeric',
    month: language() === 'zh' ? 'numeric' : 'short',
    day: 'numeric',
  })

const two = (n: number) => String(n).padStart(2, '0')
/** On the wall, to the second. */
export const second = (at: Date): string => [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')
