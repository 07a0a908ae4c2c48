import { describe, expect, test } from 'vitest'
import { CustomerChange } from '#contract/customers.ts'
import { pinyinOf } from '../pinyin.ts'
import { addressLikeness, type Compared, dice, keysOf, likeness, nameLikeness } from './rules.ts'
import { apart, quieter, stricter, together, type Values } from './together.ts'

test.each([
  ['陈雨桐', 'chenyutong'],
  ['Chen Yutong', 'chenyutong'],
  ['单田芳', 'shantianfang'],
  ['吕布', 'lvbu'],
  ['𠮷野家', pinyinOf('𠮷野家')],
  ['', ''],
])('%s is said %s', (name, said) => expect(pinyinOf(name)).toBe(said))

test.each([
  ['陈雨桐', '陈雨桐 ', 'name'],
  ['陈雨桐', '陈雨桐女士', 'name'],
  ['陈雨桐', '陈雨彤', 'said'],
  ['陈雨桐', 'Chen Yutong', 'said'],
  ['欧阳建国', '欧阳建围', 'nearName'],
  ['王建国', '王建业', 'nearName'],
  ['王芳', '王伟', null],
  ['王', '王', 'name'],
  ['王', '汪', null],
  ['陈雨桐', '林雨涵', null],
  ['', '陈雨桐', null],
] as const)('of the names %s and %s: %s', (a, b, like) => {
  expect(nameLikeness(a, b)).toBe(like)
  expect(nameLikeness(b, a)).toBe(like)
})

test.each([
  ['清源市第一人民医院', '清源第一人民医院', 'nearName'],
  ['海天餐饮有限公司', '海天餐饮', 'name'],
  ['清源实验小学', '清源中心幼儿园', null],
] as const)('of the organisations %s and %s: %s', (a, b, like) => expect(nameLikeness(a, b, true)).toBe(like))

test.each([
  ['海棠里 3 幢 2 单元 901', '海棠里3-2-901', 'address'],
  ['海棠里３幢２单元９０１室', '海棠里3幢2单元901', 'address'],
  ['杭州市西湖区海棠里3幢2单元901', '海棠里3幢2单元901', 'address'],
  ['文三路100号海棠里3幢2单元901', '海棠里3幢2单元901', 'nearAddress'],
  ['海棠小区3幢2单元901', '海棠里3幢2单元901', null],
  ['海棠花园3幢2单元901', '海棠花苑3幢2单元901', 'nearAddress'],
  ['清源路滨江海棠花园3幢901', '滨江海棠花苑3幢901', 'nearAddress'],
  ['海棠里3幢2单元901', '海棠里3幢2单元902', null],
  ['海棠里3幢2单元901', '海棠里2单元3幢901', null],
  ['文三路', '文三路', null],
  ['清源镇红旗村八组', '清源镇红旗村八组', 'nearAddress'],
  ['', '海棠里3幢2单元901', null],
] as const)('of the addresses %s and %s: %s', (a, b, like) => {
  expect(addressLikeness(a, b)).toBe(like)
  expect(addressLikeness(b, a)).toBe(like)
})

test('pairs of signs are counted as often as they stand there', () => {
  expect(dice('海海海', '海海')).toBeCloseTo(2 / 3)
  expect(dice('海', '海')).toBe(1)
  expect(dice('海', '里')).toBe(0)
})

const file = (more: Partial<Compared> = {}): Compared => ({
  kind: 'person',
  names: ['陈雨桐'],
  addresses: [],
  contacts: [],
  codes: [],
  ...more,
})
const phone = (value: string) => ({ kind: 'phone' as const, value })
const home = ['海棠里3幢2单元901']

describe('two files look like one customer', () => {
  test.each<[string, Compared, Compared, number | null, string[]]>([
    ['one telephone, one name', file({ contacts: [phone('+8613800000001')] }), file({ contacts: [phone('+8613800000001')] }), 85, ['phone', 'name']],
    ['one telephone alone', file({ contacts: [phone('+8613800000001')] }), file({ names: ['林涵'], contacts: [phone('+8613800000001')] }), 55, ['phone']],
    ['a shop and its keeper', file({ contacts: [phone('+8613800000001')] }), file({ kind: 'organisation', names: ['海天餐饮'], contacts: [phone('+8613800000001')] }), null, []],
    ['name and address', file({ addresses: home }), file({ addresses: ['海棠里3-2-901'] }), 60, ['name', 'address']],
    ['said alike, at one address', file({ addresses: home }), file({ names: ['陈雨彤'], addresses: home }), 58, ['said', 'address']],
    ['one sign different, at one address', file({ names: ['王建国'], addresses: home }), file({ names: ['王建业'], addresses: home }), 50, ['nearName', 'address']],
    ['a household', file({ addresses: home }), file({ names: ['林涵'], addresses: home }), null, []],
    ['a name alone', file(), file(), null, []],
    ['a meter under two kinds, and the name', file({ codes: ['M-7718'] }), file({ codes: ['M-7718'] }), 80, ['code', 'name']],
    ['everything', file({ contacts: [phone('1'), { kind: 'email', value: 'a@b.cn' }], addresses: home }), file({ contacts: [phone('1'), { kind: 'email', value: 'a@b.cn' }], addresses: home }), 99, ['phone', 'email', 'name', 'address']],
  ])('%s', (_, a, b, score, reasons) => {
    const alike = likeness(a, b)
    expect(alike?.score ?? null).toBe(score)
    expect(alike?.reasons ?? []).toEqual(reasons)
    expect(likeness(b, a)).toEqual(alike)
  }) // biome-ignore format: a table

  test('and whoever is a candidate by name and address or number shares a key', () => {
    const a = file({ addresses: ['杭州市西湖区海棠里3幢2单元901'], contacts: [phone('+8613800000001')] })
    const b = file({ names: ['陈雨彤'], addresses: ['海棠里3-2-901'] })
    const keys = (one: Compared) => keysOf(one).map(({ kind, key }) => `${kind} ${key}`)
    expect(keys(a)).toEqual(['phone +8613800000001', 'name 陈雨桐', 'said chenyutong', 'address 棠里 2.901'])
    expect(keys(a).filter(key => keys(b).includes(key))).toEqual(['said chenyutong', 'address 棠里 2.901'])
    expect(keysOf(file({ names: ['王'] }))).toEqual([])
  })
})

const values = (more: Partial<Values> = {}): Values => ({
  name: '陈雨桐', kind: 'person', tier: 'normal', phone: null, phoneTyped: null, email: null, address: '', district: '', postCode: '', note: '', tags: [], care: [],
  balanceDue: 0, since: '2020-01-01T00:00:00+00:00', lastContactAt: null, ownerId: null, stage: '', fields: {}, ...more,
}) // biome-ignore format: as a row

describe('one file of two', () => {
  const kept = values({
    phone: '+861',
    phoneTyped: '1',
    tags: ['老户', '甲'],
    note: '先来的',
    fields: { meter: '7', floor: '' },
    balanceDue: 500,
    since: '2021-01-01T00:00:00+00:00',
  })
  const gone = values({ name: '陈雨彤', phone: '+862', phoneTyped: '2', email: 'a@b.cn', address: '海棠里', district: '城东', tags: ['甲', '乙'], note: '后来的', care: ['elderly'], fields: { meter: '8', floor: '9', plate: 'A' }, balanceDue: 86, lastContactAt: '2026-01-01T00:00:00+00:00' }) // biome-ignore format: as a row

  test('says what the kept one says, and the other where it is silent', () => {
    expect(together(kept, gone, { choices: {}, fields: {} })).toEqual(
      values({ phone: '+861', phoneTyped: '1', email: 'a@b.cn', address: '海棠里', district: '城东', tags: ['老户', '甲', '乙'], note: '先来的\n后来的', care: ['elderly'],
        fields: { meter: '7', floor: '9', plate: 'A' }, balanceDue: 586, lastContactAt: '2026-01-01T00:00:00+00:00' }),
    ) // biome-ignore format: as a row
  })

  test('keeps both notes whole, however long, and can be edited afterwards', () => {
    const [first, second] = ['先'.repeat(4000), '后'.repeat(4000)]
    const { note } = together({ ...kept, note: first }, { ...gone, note: second }, { choices: {}, fields: {} })
    expect(note).toBe(`${first}\n${second}`)
    expect(CustomerChange.safeParse({ version: 1, note }).success).toBe(true)
  })

  test('or what was chosen', () => {
    const made = together(kept, gone, { choices: { name: 'gone', phone: 'gone', note: 'gone' }, fields: { meter: 'gone' } })
    expect(made).toMatchObject({ name: '陈雨彤', phone: '+862', phoneTyped: '2', note: '后来的', fields: { meter: '8' } })
  })

  test('comes apart into what it was', () => {
    const made = together(kept, gone, { choices: { name: 'gone' }, fields: { meter: 'gone' } })
    expect(apart(made, kept, made)).toEqual(kept)
  })

  test('and what was changed since stays', () => {
    const made = together(kept, gone, { choices: {}, fields: {} })
    const now = {
      ...made,
      email: 'new@b.cn',
      tags: [...made.tags.filter(tag => tag !== '老户'), '新'],
      fields: { ...made.fields, plate: 'B', added: 1 },
    }
    expect(apart(now, kept, made)).toEqual({
      ...kept,
      email: 'new@b.cn',
      tags: ['甲', '新'],
      fields: { meter: '7', floor: '', plate: 'B', added: 1 },
    })
  })
})

test('the stricter word counts', () => {
  const now = new Date('2026-06-01T00:00:00Z')
  const [past, soon, later] = ['2026-05-01T00:00:00+00:00', '2026-07-01T00:00:00+00:00', '2026-08-01T00:00:00+00:00']
  const said = (given: boolean, until: string | null = null) => ({ purpose: 'survey', channel: 'sms', given, until })
  type Word = ReturnType<typeof said>
  const all: [kept: Word | undefined, gone: Word, counts: 'kept' | 'gone'][] = [
    [undefined, said(true), 'gone'],
    [undefined, said(false, past), 'kept'],
    [said(true), said(false), 'gone'],
    [said(true), said(false, soon), 'gone'],
    [said(true), said(false, past), 'kept'],
    [said(false), said(true), 'kept'],
    [said(false, past), said(true), 'gone'],
    [said(false, soon), said(true), 'kept'],
    [said(true), said(true, soon), 'kept'],
    [said(false, soon), said(false, later), 'gone'],
    [said(false, soon), said(false), 'gone'],
    [said(false, later), said(false, soon), 'kept'],
    [said(false), said(false, later), 'kept'],
  ]
  for (const [kept, gone, counts] of all)
    expect([kept, gone, stricter(kept, gone, now)]).toEqual([kept, gone, counts === 'gone' ? gone : null])
  expect(quieter(undefined, { until: null })).toEqual({ until: null })
  expect(quieter({ until: null }, { until: '2026-01-01' })).toBeNull()
  expect(quieter({ until: '2026-01-01' }, { until: null })).toEqual({ until: null })
  expect(quieter({ until: '2026-01-01' }, { until: '2027-01-01' })).toEqual({ until: '2027-01-01' })
})
