import fc from 'fast-check'
import { pinyin } from 'pinyin-pro'
import { describe, expect, test } from 'vitest'
import { readings } from './readings.ts'
import { longestSpelling, readingsOf, spellingsOf, unitsOf } from './spelling.ts'
import { spoken, whyByWords } from './why.ts'
import { findingWords, searchText } from './words.ts'

const waysOf = (name: string) => readingsOf(unitsOf(name)).map(way => way.join(' '))
const library = (name: string, surname: 'head' | 'off') => pinyin(name, { toneType: 'none', v: true, surname, nonZh: 'removed' })
const surnames = [...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高单曾仇解查区朴盖缪覃任华欧万']
const given = [...'雨桐伟芳娜敏静丽强磊洋艳勇军杰娟涛明超霞平刚桂英华玉兰建国志红秀梅子涵梓轩诗俊博思佳琪晟茜乐行长重朝']
const name = fc
  .tuple(fc.constantFrom(...surnames), fc.array(fc.constantFrom(...given), { minLength: 1, maxLength: 3 }))
  .map(([surname, rest]) => surname + rest.join(''))

/** Whether a text index made of the name answers the query: lexemes by their beginning, as PostgreSQL does. */
const holds = (of: string, typed: string) => spellingsOf(of).some(spelling => spelling.slice(1).startsWith(typed))

describe('how names are read', () => {
  test('a name is kept whole, from each sign on, and by initials', () => {
    expect(spellingsOf('陈雨桐')).toEqual(['^陈雨桐', '^chenyutong', '^cyt', '^chenyt', '~yutong', '~yt', '~tong'])
  })

  test.each([
    ['单雄信', 'shan xiong xin'],
    ['曾国藩', 'zeng guo fan'],
    ['仇英', 'qiu ying'],
    ['解缙', 'xie jin'],
    ['查良镛', 'zha liang yong'],
    ['区小明', 'ou xiao ming'],
    ['朴树', 'piao shu'],
    ['长孙无忌', 'zhang sun wu ji'],
    ['尉迟恭', 'yu chi gong'],
    ['万俟洛', 'mo qi luo'],
    ['重庆银行', 'chong qing yin hang'],
    ['吕布', 'lv bu'],
    ['吕布', 'lyu bu'],
  ])('%s is read %s', (written, said) => expect(waysOf(written)).toContain(said))

  test('what the library guesses is among the readings, for surnames and for firms', () => {
    const firms = [
      '重庆自来水公司',
      '长安街道办',
      '朝阳区供水站',
      '中国银行',
      '乐山大佛景区',
      '长沙电厂',
      '厦门行政中心',
      '广州番禺大石酒店',
    ]
    for (const one of firms) expect(waysOf(one), one).toContain(library(one, 'off'))
    for (const surname of surnames) expect(waysOf(`${surname}明`), surname).toContain(library(`${surname}明`, 'head'))
  })

  test('the table says of every sign what the library says', () => {
    const table = readings.trim().split('\n')
    expect(table.length).toBeGreaterThan(390)
    for (const line of table) {
      const [said = '', signs = ''] = line.split(' ')
      for (const sign of [...signs].slice(0, 3))
        expect(
          pinyin(sign, { toneType: 'none', v: true })
            .normalize('NFD')
            .replaceAll(/[\u0300-\u0307\u0309-\u036f]/g, '')
            .replace('u\u0308', 'v'),
          sign,
        ).toBe(said)
    }
  })

  test('a rare sign that nobody reads is found as it is written, and what stands beside it is read', () => {
    expect(spellingsOf('𠮷田')).toEqual(['^𠮷田', '^𠮷tian', '^𠮷t', '~tian'])
    expect(spellingsOf('陈㐂')).toContain('^chen㐂')
  })

  test('letters stay letters, and what stands between signs is nothing', () => {
    expect(spellingsOf('John Smith')).toEqual(['^johnsmith'])
    expect(spellingsOf('阿依古丽·买买提')).toContain('^ayigulimaimaiti')
    expect(spellingsOf('')).toEqual([])
  })

  test('however long a name is, and however many readings it has, what is kept is bounded', () => {
    for (const long of ['重'.repeat(80), '重庆长安行乐单朝阳区解查盖'.repeat(6), '😀'.repeat(40)]) {
      const kept = spellingsOf(long)
      expect(kept.length).toBeLessThan(300)
      for (const one of kept) expect([...one].length).toBeLessThanOrEqual(longestSpelling + 1)
    }
  })

  test('no mark can stand at the beginning of a word or a pair of signs', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), text => {
        const words = searchText({ name: '', address: text, district: '' })
        expect(words).not.toMatch(/'[\^~]/)
      }),
    )
  })
})

describe('what is typed', () => {
  test('any later part of a name as it is read, typed as far as one likes, and its initials', () => {
    fc.assert(
      fc.property(name, fc.nat(), fc.nat(), fc.nat(), (one, a, b, c) => {
        const ways = readingsOf(unitsOf(one))
        const way = ways[c % ways.length] ?? []
        const from = a % way.length
        const said = way.slice(from).join('')
        expect(holds(one, said.slice(0, 1 + (b % said.length)))).toBe(true)
        expect(
          holds(
            one,
            way
              .slice(from)
              .map(part => part[0])
              .join(''),
          ),
        ).toBe(true)
        expect(spoken(one, said)).not.toBeNull()
      }),
    )
  })

  test('is a query of words, of readings, or of both', () => {
    expect(findingWords('cyt')).toMatchObject({ any: "('cyt':* | '^cyt':* | '~cyt':*)", begin: "'^cyt':*" })
    expect(findingWords('Chen Yu')?.any).toContain("'^chenyu':*")
    expect(findingWords('陈yut')).toMatchObject({ any: "'陈':* & ('yut':* | '^yut':* | '~yut':*)", begin: "'^陈yut':*" })
    expect(findingWords('lü')?.begin).toBe("'^lv':*")
    expect(findingWords('--')).toBeNull()
    expect(findingWords('和平街47号')).toMatchObject({
      any: "('和平' <-> '平街') & '47':* & '号':*",
      fetch: "('和平' <-> '平街') & '47':*",
    })
    expect(findingWords('张 金沙')?.fetch).toBe(findingWords('张 金沙')?.any)
    expect(findingWords('号')?.fetch).toBe("'号':*")
  })

  test.each([
    ['陈雨桐', '雨桐', 'name', '雨桐'],
    ['陈雨桐', 'yut', 'pinyin', '雨桐'],
    ['陈雨桐', 'cyt', 'pinyin', '陈雨桐'],
    ['陈雨桐', 'chenyt', 'pinyin', '陈雨桐'],
    ['陈雨桐', 'chen yu', 'pinyin', '陈雨'],
    ['吕布', 'lü', 'pinyin', '吕'],
    ['单雄信', 'shan', 'pinyin', '单'],
    ['John Smith', 'smi', 'name', 'Smi'],
    ['周敏', '滨江', 'address', '滨江'],
  ] as const)('in %s, %s is the %s: %s', (one, q, by, marked) => {
    const why = whyByWords({ name: one, district: '城东', address: '滨江路 6 号' }, q)
    expect(why.by).toBe(by)
    expect(why.text.slice(why.from, why.to)).toBe(marked)
  })
})
