import type { Unit } from '#contract/documentBlocks.ts'

/** A figure in words; nothing when it was not measured. */
export function unitText(value: number | null, unit: Unit, language: 'zh' | 'en', digits?: number): string {
  if (value === null) return '—'
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB'
  const inDigits = (n: number, most: number) => n.toLocaleString(locale, { minimumFractionDigits: most, maximumFractionDigits: most })
  if (unit === 'percent') return `${inDigits(value * 100, digits ?? 1)}%`
  if (unit === 'score') return inDigits(value, digits ?? 2)
  if (unit === 'hours') return language === 'zh' ? `${inDigits(value, digits ?? 1)} 小时` : `${inDigits(value, digits ?? 1)} h`
  if (unit === 'number') return value.toLocaleString(locale, { maximumFractionDigits: 2 })
  const whole = Math.round(value)
  const [minutes, seconds] = [Math.floor(whole / 60), whole % 60]
  if (language === 'en') return minutes === 0 ? `${seconds} s` : seconds === 0 ? `${minutes} m` : `${minutes} m ${seconds} s`
  return minutes === 0 ? `${seconds} 秒` : seconds === 0 ? `${minutes} 分` : `${minutes} 分 ${seconds} 秒`
}
