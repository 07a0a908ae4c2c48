import { pinyin } from 'pinyin-pro'

const han = /\p{Script=Han}/u

/** A name as it is said, without tones and spaces: 陈雨桐 and Chen Yutong are both chenyutong. Surnames are read as surnames (单 is shan). */
export function pinyinOf(name: string): string {
  const plain = name.normalize('NFKC')
  const said = han.test(plain) ? pinyin(plain, { toneType: 'none', surname: 'head', v: true, nonZh: 'consecutive' }) : plain
  return said.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
}
