import type { Language, Prompt } from '../ports.ts'
import { sayingOf } from './sayings.ts'

/** What is heard: sounds of the product by name, an announcement of the organisation, or words somebody must speak. */
export type Heard = { kind: 'sound'; name: string } | { kind: 'announcement'; id: string } | { kind: 'text'; text: string }

export function heardIn(language: Language, prompts: readonly Prompt[]): Heard[] {
  return prompts.flatMap((prompt, n): Heard[] => {
    if (prompt.kind === 'announcement') return [prompt]
    if (prompt.kind === 'text') {
      const saying = sayingOf(prompt.text, language)
      return [saying === null ? prompt : { kind: 'sound', name: `${language}/said-${saying}` }]
    }
    return soundsOf(language, prompt, prompts[n - 1], prompts[n + 1]).map(name => ({ kind: 'sound', name: `${language}/${name}` }))
  })
}

type Spoken = Exclude<Prompt, { kind: 'announcement' | 'text' }>

function soundsOf(language: Language, prompt: Spoken, before: Prompt | undefined, after: Prompt | undefined): string[] {
  if (prompt.kind === 'digits') return digitSounds[language](prompt.digits)
  if (prompt.kind === 'number')
    return isMinutes(after) && language === 'zh' && whole(prompt.value) === 2 ? ['liang'] : numberSounds[language](whole(prompt.value))
  const one = before?.kind === 'number' && whole(before.value) === 1
  return [one && isMinutes(prompt) && language === 'en' ? 'minute' : `said-${prompt.key}`]
}

const isMinutes = (prompt: Prompt | undefined) => prompt?.kind === 'said' && prompt.key === 'minutes'
const most = 999_999_999
const whole = (value: number) => Math.min(most, Math.trunc(Math.abs(value)) || 0)

const keySound: Record<string, string> = { '*': 'star', '#': 'hash' }
/** From so many figures on a row of them is read like a telephone number, whose 1 is 幺. */
const longRow = 7
const digitSounds: Record<Language, (digits: string) => string[]> = {
  zh: digits => [...keysOf(digits)].map(d => keySound[d] ?? (d === '1' && digits.length >= longRow ? 'yao' : `digit-${d}`)),
  en: digits => [...keysOf(digits)].map(d => keySound[d] ?? d),
}
const keysOf = (digits: string) => digits.replace(/[^0-9*#]/g, '')

const numberSounds: Record<Language, (value: number) => string[]> = {
  zh: chinese,
  en: english,
}

/** 四位一节: sections of four figures, each followed by 亿 or 万; gaps are said as one 零. 二百 is said 两百, but 二十. */
function chinese(value: number): string[] {
  if (value === 0) return ['digit-0']
  const sounds: string[] = []
  let gap = false
  for (const [size, name] of [
    [100_000_000, 'hundred-million'],
    [10_000, 'ten-thousand'],
    [1, ''],
  ] as const) {
    const section = Math.floor(value / size) % 10_000
    if (section === 0) {
      gap = true
      continue
    }
    if (sounds.length > 0 && (gap || section < 1000)) sounds.push('digit-0')
    sounds.push(...(section === 2 && name !== '' ? ['liang'] : sectionOf(section, sounds.length === 0)), ...(name === '' ? [] : [name]))
    gap = false
  }
  return sounds
}

function sectionOf(section: number, first: boolean): string[] {
  if (first && section >= 10 && section < 20) return ['ten', ...(section > 10 ? [`digit-${section - 10}`] : [])]
  const sounds: string[] = []
  let gap = false
  for (const [size, name] of [
    [1000, 'thousand'],
    [100, 'hundred'],
    [10, 'ten'],
    [1, ''],
  ] as const) {
    const figure = Math.floor(section / size) % 10
    if (figure === 0) gap ||= sounds.length > 0
    else {
      sounds.push(...(gap ? ['digit-0'] : []), figure === 2 && size >= 100 ? 'liang' : `digit-${figure}`, ...(name === '' ? [] : [name]))
      gap = false
    }
  }
  return sounds
}

function english(value: number): string[] {
  if (value < 20) return [String(value)]
  if (value < 100) return [String(value - (value % 10)), ...(value % 10 === 0 ? [] : [String(value % 10)])]
  const [size, name] = value >= 1_000_000 ? [1_000_000, 'million'] : value >= 1000 ? [1000, 'thousand'] : [100, 'hundred']
  return [...english(Math.floor(value / size)), name, ...(value % size === 0 ? [] : english(value % size))]
}
