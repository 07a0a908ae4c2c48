import { readings } from './readings.ts'

/** Signs with more than one reading in names, places and firms; any of them finds. What is ordinary stands in the table already. */
const others: Record<string, string> = {
  乐: 'yue', 会: 'kuai', 传: 'zhuan', 仔: 'zi', 参: 'shen can', 奇: 'ji', 娜: 'nuo', 宿: 'xiu', 朝: 'zhao', 强: 'jiang', 长: 'chang zhang', 重: 'chong', 行: 'hang xing heng',
  朴: 'pu', 柏: 'bo', 校: 'jiao', 省: 'xing', 系: 'ji', 见: 'xian', 觉: 'jiao', 解: 'xie', 调: 'diao', 贾: 'gu', 都: 'du', 露: 'lou', 阿: 'e', 降: 'xiang', 单: 'shan', 尉: 'yu',
  晟: 'sheng cheng', 茜: 'qian xi', 莞: 'guan wan', 筠: 'yun jun', 炅: 'jiong gui', 蚌: 'beng bang', 番: 'pan', 泌: 'bi', 枞: 'zong', 铅: 'yan', 谷: 'yu', 澹: 'tan dan', 藏: 'zang', 塞: 'sai se',
  柞: 'zha zuo', 巷: 'hang', 弄: 'long', 厦: 'sha xia', 大: 'dai', 卡: 'qia', 堡: 'pu', 莎: 'suo', 涌: 'chong', 浒: 'xu', 拓: 'ta', 桔: 'jie', 栎: 'yue', 漯: 'ta', 泊: 'po', 澄: 'deng', 侗: 'tong',
  薄: 'bo', 玢: 'fen', 盛: 'cheng', 落: 'lao', 隽: 'juan', 靓: 'jing', 称: 'chen', 差: 'chai', 度: 'duo', 弹: 'dan tan', 数: 'shuo', 术: 'zhu', 模: 'mu', 率: 'shuai lv', 石: 'dan', 绿: 'lu',
  葛: 'ge', 角: 'jue', 车: 'ju', 便: 'pian', 圈: 'juan', 屏: 'bing', 折: 'she', 累: 'lei', 畜: 'xu', 轧: 'ya zha', 著: 'zhuo', 识: 'zhi', 还: 'huan', 和: 'huo', 什: 'shi', 翟: 'di',
} // biome-ignore format: a list of signs
/** As a surname read in another way. */
const surnames: Record<string, string> = {
  单: 'shan', 曾: 'zeng', 仇: 'qiu', 解: 'xie', 查: 'zha', 区: 'ou', 缪: 'miao', 乐: 'yue', 郗: 'xi chi', 薄: 'bo', 能: 'nai', 都: 'du', 盖: 'ge', 牟: 'mou mu', 朴: 'piao', 繁: 'po', 员: 'yun', 句: 'gou',
  折: 'she', 召: 'shao', 郄: 'qie xi', 六: 'lu', 翟: 'zhai', 覃: 'qin tan', 秘: 'bi', 种: 'chong', 黑: 'he', 祭: 'zhai', 佴: 'nai', 宿: 'su', 谌: 'chen shen', 隗: 'wei kui', 乜: 'nie', 洗: 'xian', 冼: 'xian',
  任: 'ren', 华: 'hua', 燕: 'yan', 宁: 'ning', 尹: 'yin', 相: 'xiang', 那: 'na', 哈: 'ha', 应: 'ying', 令: 'ling', 於: 'yu', 俟: 'qi', 过: 'guo', 教: 'jiao', 逄: 'pang', 呙: 'guo', 眭: 'sui', 纪: 'ji',
} // biome-ignore format: a list of signs
const compounds: Record<string, readonly string[]> = {
  万俟: ['mo', 'qi'],
  子车: ['zi', 'ju'],
  长孙: ['zhang', 'sun'],
  句龙: ['gou', 'long'],
}

let table: Map<string, string> | null = null
function ordinary(sign: string): string | undefined {
  if (table === null) {
    table = new Map()
    for (const line of readings.trim().split('\n')) {
      const [said = '', signs = ''] = line.split(' ')
      for (const one of signs) table.set(one, said)
    }
  }
  return table.get(sign)
}

const units = /\p{Script=Han}|[[\p{L}\p{N}\p{M}]--\p{Script=Han}]+/gv
const isHan = /^\p{Script=Han}$/u
const mostUnits = 24
const mostReadings = 6
/** Beyond so many signs nobody types on. */
export const longestSpelling = 30

/** A piece of a name and where it stands in it: a sign with its readings, or letters and figures as they are. */
export type Unit = { text: string; at: number; said: readonly string[] }

export function unitsOf(name: string): Unit[] {
  const found = [...name.normalize('NFKC').matchAll(units)].slice(0, mostUnits)
  return found.map(({ 0: text, index }, n) => {
    if (!isHan.test(text)) return { text, at: index, said: [text.toLowerCase()] }
    const usual = ordinary(text)
    const compound = n < 2 ? compounds[`${found[0]?.[0]}${found[1]?.[0]}`]?.[n] : undefined
    const said = [compound, ...split(n === 0 ? surnames[text] : undefined), usual, ...split(others[text])].filter(one => one !== undefined)
    // A sign that nobody put in the table is read as nothing: it is found as it is written.
    return { text, at: index, said: said.length === 0 ? [text] : [...new Set(said.flatMap(umlaut))] }
  })
}
const split = (list: string | undefined): string[] => list?.split(' ') ?? []
/** ü is typed as v, as u, and in passports as yu. */
const umlaut = (said: string): string[] => (/^[ln]v/.test(said) ? [said, said.replace('v', 'u'), said.replace('v', 'yu')] : [said])

/** The ways in which a name can be read, a few at most. */
export function readingsOf(all: readonly Unit[]): string[][] {
  let ways: string[][] = [[]]
  for (const { said } of all) {
    const room = Math.max(1, Math.floor(mostReadings / ways.length))
    ways = ways.flatMap(way => said.slice(0, room).map(one => [...way, one]))
  }
  return ways
}

/** Marks that no word and no pair of signs can begin with: `^` what a name begins with, `~` what it goes on with from a later sign. */
export const begins = '^'
export const goesOn = '~'

/** What the text index keeps beside the words: the whole name, how it is read from each sign on, and the initials from each sign on. Each is found by its beginning. */
export function spellingsOf(name: string): string[] {
  const all = unitsOf(name)
  const kept = new Set<string>()
  if (all.length === 0) return []
  kept.add(begins + wholeOf(name))
  if (!all.some(unit => isHan.test(unit.text))) return [...kept]
  for (const way of readingsOf(all)) {
    const initials = way.map(said => String.fromCodePoint(said.codePointAt(0) ?? 0))
    way.forEach((said, from) => {
      const mark = from === 0 ? begins : goesOn
      kept.add(mark + cut(way.slice(from).join('')))
      if (way.length - from > 1) kept.add(mark + initials.slice(from).join(''))
      // The surname in full, then initials: chenyt.
      if (from === 0 && way.length > 2) kept.add(mark + cut(said + initials.slice(1).join('')))
    })
  }
  return [...kept]
}

/** A name or what is looked for, without what stands between its signs. */
export const wholeOf = (text: string): string => cut((text.normalize('NFKC').toLowerCase().match(units) ?? []).join(''))
const cut = (text: string): string => (text.length <= longestSpelling ? text : [...text].slice(0, longestSpelling).join(''))
