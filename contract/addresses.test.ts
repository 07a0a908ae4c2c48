import { describe, expect, test } from 'vitest'
import { type AddressParts, addressLine, agrees, fitsPostCode, nowhere, partsOfRow, rowOf, splitAddress } from './addresses.ts'

const cases: [typed: string, parts: Partial<AddressParts>][] = [
  ['浙江省杭州市滨江区长河街道海棠里3幢2单元901室', { province: '浙江省', city: '杭州市', district: '滨江区', street: '长河街道', detail: '海棠里3幢2单元901室' }],
  ['浙江省 杭州市 滨江区 长河街道 江南大道 1 号 310051', { province: '浙江省', city: '杭州市', district: '滨江区', street: '长河街道', detail: '江南大道 1 号', postCode: '310051' }],
  ['北京市海淀区中关村街道科学院南路2号', { province: '北京市', city: '北京市', district: '海淀区', street: '中关村街道', detail: '科学院南路2号' }],
  ['北京市北京市朝阳区建国路93号', { province: '北京市', city: '北京市', district: '朝阳区', detail: '建国路93号' }],
  ['北京市市辖区东城区景山前街4号', { province: '北京市', city: '北京市', district: '东城区', detail: '景山前街4号' }],
  ['上海浦东新区世纪大道100号', { province: '上海市', city: '上海市', district: '浦东新区', detail: '世纪大道100号' }],
  ['重庆市云阳县双江街道滨江大道5号', { province: '重庆市', city: '重庆市', district: '云阳县', street: '双江街道', detail: '滨江大道5号' }],
  ['天津市滨海新区塘沽街道', { province: '天津市', city: '天津市', district: '滨海新区', street: '塘沽街道' }],
  ['江苏省苏州市昆山市玉山镇前进中路288号', { province: '江苏省', city: '苏州市', district: '昆山市', street: '玉山镇', detail: '前进中路288号' }],
  ['浙江省金华市义乌市稠城街道', { province: '浙江省', city: '金华市', district: '义乌市', street: '稠城街道' }],
  ['湖北省荆州市沙市区崇文街道1号', { province: '湖北省', city: '荆州市', district: '沙市区', street: '崇文街道', detail: '1号' }],
  ['湖南省常德市津市市三洲驿街道', { province: '湖南省', city: '常德市', district: '津市市', street: '三洲驿街道' }],
  ['内蒙古自治区呼和浩特市新城区', { province: '内蒙古自治区', city: '呼和浩特市', district: '新城区' }],
  ['内蒙古锡林郭勒盟西乌珠穆沁旗巴拉嘎尔高勒镇', { province: '内蒙古自治区', city: '锡林郭勒盟', district: '西乌珠穆沁旗', street: '巴拉嘎尔高勒镇' }],
  ['广西壮族自治区南宁市西乡塘区大学东路100号', { province: '广西壮族自治区', city: '南宁市', district: '西乡塘区', detail: '大学东路100号' }],
  ['广西南宁市青秀区民族大道', { province: '广西壮族自治区', city: '南宁市', district: '青秀区', detail: '民族大道' }],
  ['新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县', { province: '新疆维吾尔自治区', city: '伊犁哈萨克自治州', district: '察布查尔锡伯自治县' }],
  ['贵州省黔东南苗族侗族自治州凯里市三棵树镇南花村', { province: '贵州省', city: '黔东南苗族侗族自治州', district: '凯里市', street: '三棵树镇', detail: '南花村' }],
  ['湖北省神农架林区松柏镇', { province: '湖北省', district: '神农架林区', street: '松柏镇' }],
  ['四川省成都市金堂县赵家镇平水桥村3组', { province: '四川省', city: '成都市', district: '金堂县', street: '赵家镇', detail: '平水桥村3组' }],
  ['云南省大理白族自治州洱源县凤羽镇', { province: '云南省', city: '大理白族自治州', district: '洱源县', street: '凤羽镇' }],
  ['湖南省湘西土家族苗族自治州永顺县对山乡', { province: '湖南省', city: '湘西土家族苗族自治州', district: '永顺县', street: '对山乡' }],
  ['吉林市船营区松江中路', { city: '吉林市', district: '船营区', detail: '松江中路' }],
  ['吉林省吉林市昌邑区', { province: '吉林省', city: '吉林市', district: '昌邑区' }],
  ['江西省景德镇市珠山区', { province: '江西省', city: '景德镇市', district: '珠山区' }],
  ['黑龙江省哈尔滨市道里区中央大街89号', { province: '黑龙江省', city: '哈尔滨市', district: '道里区', detail: '中央大街89号' }],
  ['浙江省宁波市镇海区招宝山街道', { province: '浙江省', city: '宁波市', district: '镇海区', street: '招宝山街道' }],
  ['浙江杭州滨江区江南大道', { province: '浙江省', city: '杭州市', district: '滨江区', detail: '江南大道' }],
  ['香港特别行政区中西区德辅道中1号', { province: '香港特别行政区', district: '中西区', detail: '德辅道中1号' }],
  ['地址：杭州市西湖区文三路 90 号，邮编：310012', { city: '杭州市', district: '西湖区', detail: '文三路 90 号', postCode: '310012' }],
  ['310051 杭州市滨江区', { city: '杭州市', district: '滨江区', postCode: '310051' }],
  ['中国浙江省杭州市', { province: '浙江省', city: '杭州市' }],
  ['浙江省杭州市滨江区𠮷祥镇㐂乐路 8 号', { province: '浙江省', city: '杭州市', district: '滨江区', street: '𠮷祥镇', detail: '㐂乐路 8 号' }],
  ['杭州市滨江区农贸市场东门', { city: '杭州市', district: '滨江区', detail: '农贸市场东门' }],
  // Nothing here says which level it is: it stays as it was written.
  ['海棠里 3 幢 2 单元 901', { detail: '海棠里 3 幢 2 单元 901' }],
  ['北京路12号阳光小区', { detail: '北京路12号阳光小区' }],
  ['上海中路5号', { detail: '上海中路5号' }],
  ['滨江小区 3 幢', { detail: '滨江小区 3 幢' }],
  ['清源路 12 号', { detail: '清源路 12 号' }],
  ['10 Downing Street, London', { detail: '10 Downing Street, London' }],
  ['', {}],
] // biome-ignore format: a table
test.each(cases)('%s', (typed, parts) => {
  expect(splitAddress(typed)).toEqual({ ...nowhere, ...parts })
})

test('no character of what was written is lost, whatever it is', () => {
  const pieces = [
    '浙江省',
    '杭州市',
    '市',
    '区',
    '滨江',
    '镇',
    '乡',
    '路',
    '12',
    '号',
    '街道',
    '县',
    '𠮷',
    '㐂',
    '单元',
    '小区',
    '北京',
    '旗',
    'A座',
  ]
  let seed = 7
  const next = (n: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648
    return seed % n
  }
  for (let n = 0; n < 2_000; n++) {
    const typed = Array.from({ length: 1 + next(8) }, () => pieces[next(pieces.length)]).join('')
    const line = addressLine(splitAddress(typed))
    for (const char of typed) expect(line, typed).toContain(char)
  }
})

describe('a post code', () => {
  test.each([
    ['浙江省', '310051', true],
    ['', '310051', true],
    ['', '', true],
    ['浙江省', '31005', false],
    ['', '3100511', false],
    ['北京市', 'SW1A', false],
    ['内蒙古自治区', '01002', false],
    ['Bayern', '80331', true],
  ])('%s %s: %s', (province, postCode, fits) => {
    expect(fitsPostCode({ province, postCode })).toBe(fits)
  })
})

describe('the row of the customer', () => {
  const whole = { province: '浙江省', city: '杭州市', district: '滨江区', street: '长河街道', detail: '海棠里3幢', postCode: '310051' }
  const short = { district: '滨江区', address: '长河街道海棠里3幢', postCode: '310051' }
  test('carries the short form, and is read back as the same', () => {
    expect(rowOf(whole, { district: '' }, null)).toEqual(short)
    expect(agrees(whole, short)).toBe(true)
    expect(partsOfRow(short, whole)).toEqual(whole)
  })
  test('keeps a service area of the organisation, and then tells the whole address', () => {
    const row = rowOf(whole, { district: '城东片区' }, { district: '' })
    expect(row).toEqual({ district: '城东片区', address: '浙江省杭州市滨江区长河街道海棠里3幢', postCode: '310051' })
    expect(agrees(whole, row)).toBe(true)
    expect(partsOfRow(row, null)).toEqual(whole)
  })
  test('written by its one line gives the parts, and what the line does not tell stays', () => {
    expect(partsOfRow({ ...short, address: '西兴街道江陵路1号' }, whole)).toEqual({ ...whole, street: '西兴街道', detail: '江陵路1号' })
    expect(partsOfRow({ district: '西湖区', address: '文三路90号', postCode: '' }, whole)).toEqual({
      ...nowhere,
      district: '西湖区',
      detail: '文三路90号',
    })
    expect(partsOfRow({ district: '城东片区', address: '海棠里 3 幢', postCode: '' }, null)).toEqual({ ...nowhere, detail: '海棠里 3 幢' })
    expect(partsOfRow({ district: '滨江区', address: '', postCode: '' }, whole)).toBeNull()
  })
})
