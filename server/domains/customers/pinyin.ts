import { unitsOf } from './finding/spelling.ts'

/** A name as it is most likely said, without tones and spaces: 陈雨桐 and Chen Yutong are both chenyutong. Surnames are read as surnames (单 is shan). */
export const pinyinOf = (name: string): string =>
  unitsOf(name)
    .map(unit => unit.said[0] ?? unit.text)
    .join('')
