// Speaks the sounds that come with the product: node tools/sounds/make.ts [FOLDER OF ESPEAK-NG]. Needs espeak-ng (GPL; what it speaks is ours to give on).
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { announced, announcedKeys } from '../../server/domains/sample/callWords.ts'
import { writeUlaw } from '../../server/domains/voice/audio/g711.ts'
import { keptRate, prepare, resample } from '../../server/domains/voice/audio/prepare.ts'
import { readWav } from '../../server/domains/voice/audio/wav.ts'
import { soundsNeeded } from '../../server/domains/voice/rules/sayings.ts'
import { beep, music, ring } from './music.ts'

const folder = path.resolve(import.meta.dirname, '../../sounds')
/** A folder into which the packages were unpacked; without one, what is installed. */
const [given] = process.argv.slice(2)
const libraries = given && path.join(given, 'usr/lib', process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu')
const program = given ? path.join(given, 'usr/bin/espeak-ng') : 'espeak-ng'
/** A voice, and its pitch. */
const voices = {
  zh: ['-v', 'cmn+f3', '-p', '42'],
  en: ['-v', 'en-us+f3', '-p', '42'],
} as const
/** Words a minute; in Chinese each syllable is one. Figures, which stand alone, are spoken slowly. */
const speed = { zh: { sentence: '250', figure: '170' }, en: { sentence: '155', figure: '155' } } as const
const lineRate = 8000

function spoken(words: string, language: 'zh' | 'en', pace: 'sentence' | 'figure'): Float32Array {
  const file = path.join(tmpdir(), `huiyin-sound-${process.pid}.wav`)
  const place = libraries ? [`--path=${libraries}`] : []
  execFileSync(program, [...place, ...voices[language], '-s', speed[language][pace], '-w', file, words], {
    env: { ...process.env, ...(libraries ? { LD_LIBRARY_PATH: libraries } : {}) },
  })
  return resample(prepare(readWav(readFileSync(file))), keptRate, lineRate)
}

function keep(name: string, samples: Float32Array): number {
  const file = path.join(folder, `${name}.ulaw`)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, writeUlaw(samples))
  return samples.length
}

let bytes = 0
for (const { name, language, words } of soundsNeeded())
  bytes += keep(name, spoken(words, language, name.includes('/said-') ? 'sentence' : 'figure'))
for (const key of announcedKeys)
  for (const [n, language] of (['zh', 'en'] as const).entries())
    bytes += keep(`sample/${language}-${key}`, spoken(announced[key].said[n === 0 ? 0 : 1], language, 'sentence'))
for (const [name, make] of Object.entries({ music, ring, beep })) bytes += keep(name, make())
process.stdout.write(`${Math.round(bytes / 1000)} kB in ${folder}\n`)
