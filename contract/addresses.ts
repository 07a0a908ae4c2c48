import * as z from 'zod'

const part = (max: number) => z.string().trim().max(max)
/** A Chinese address by its levels; what follows the township (road, number, building, unit, room) is the detail. */
export const AddressParts = z.object({
  province: part(20),
  city: part(20),
  district: part(20),
  street: part(40),
  detail: part(100),
  postCode: part(12),
})
export type AddressParts = z.output<typeof AddressParts>
export const nowhere: AddressParts = { province: '', city: '', district: '', street: '', detail: '', postCode: '' }

/** What stands for a part that is not shown. */
export const stars = '****'
/** An address of which not all was shown: nothing to be stored, nor a place to go to. */
export const isMasked = ({ street = '', detail = '' }: { street?: string | undefined; detail?: string | undefined }): boolean =>
  street.includes(stars) || detail.includes(stars)

const municipalities = ['北京', '上海', '天津', '重庆']
const regions: Readonly<Record<string, string>> = {
  内蒙古: '自治区',
  广西: '壮族自治区',
  西藏: '自治区',
  宁夏: '回族自治区',
  新疆: '维吾尔自治区',
  香港: '特别行政区',
  澳门: '特别行政区',
}
const provinces = (
  '河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 台湾'
).split(' ') // biome-ignore format: a list of words
/** Cities that people name without saying that they are cities. */
const largeCities = (
  '石家庄 太原 沈阳 长春 哈尔滨 南京 杭州 合肥 福州 南昌 济南 郑州 武汉 长沙 广州 海口 成都 贵阳 昆明 西安 兰州 西宁 呼和浩特 南宁 拉萨 银川 乌鲁木齐 大连 青岛 宁波 厦门 深圳 苏州 无锡 佛山 东莞 温州'
).split(' ') // biome-ignore format: a list of words

const han = '\\p{Script=Han}'
/** No name of a district goes on after a road, a number or a building. */
const inside = `(?:(?![路道号幢栋弄巷村室])${han})`
// 市场, 市政 and the like are no towns; 沙市区 and 津市市 are.
const town = '市(?![区市场政民委立])'
const cityShape = new RegExp(`^(${han}{1,9}?(?:自治州|地区|盟|${town}))`, 'u')
const districtShape = new RegExp(
  `^(${han}${inside}{0,10}?(?:自治县|自治旗|(?<!小|社|片|校|厂|景|库|住宅|科技园|产业园)区|县(?!城)|旗(?!舰)|${town}))`,
  'u',
)
const streetShape = new RegExp(
  `^(${han}(?:${inside}|村){0,11}?(?:街道(?!口)|街道办事处|镇(?![中政海路]|[江东西南北]路)|乡(?![村间路])|苏木))`,
  'u',
)
const levelAhead = new RegExp(`^(?![路街巷大中东西南北]{1,2}[路街道])${inside}{1,10}?(?:市|区|县|州|盟|旗|地区)`, 'u')

/** An address as it was written or pasted, by its levels: by rules alone, so a place without any of their words stays in the detail. Nothing that was said is lost. */
export function splitAddress(typed: string): AddressParts {
  const { text, postCode } = withoutPostCode(
    typed
      .normalize('NFKC')
      .trim()
      .replace(/^(?:收货|联系|用水)?地址\s*[:,]?\s*/u, ''),
  )
  let rest = text.replace(/^中国(?=.{2,3}(?:省|市|自治区|特别行政区))/u, '')
  const take = (shape: RegExp): string => {
    const found = shape.exec(rest)?.[1] ?? ''
    rest = trimmed(rest.slice(found.length))
    return found
  }
  const { province, length } = provinceOf(rest)
  rest = trimmed(rest.slice(length)).replace(/^(?:市辖区|县辖区|省直辖县级行政区划)/u, '')
  let city = ''
  if (province !== '' && municipalities.includes(province.slice(0, 2))) {
    city = province
    if (rest.startsWith(province)) rest = trimmed(rest.slice(province.length))
  } else city = take(cityShape) || largeCity(rest)
  if (city !== '' && rest.startsWith(city.slice(0, -1)) && !rest.startsWith(city)) rest = trimmed(rest.slice(city.length - 1))
  rest = rest.replace(/^(?:市辖区|县)(?=.{2,8}(?:区|县))/u, '')
  const district = take(districtShape)
  const street = take(streetShape)
  const parts = { province, city, district, street, detail: trimmed(rest), postCode }
  const fits = AddressParts.safeParse(parts)
  // Longer than any level is: whoever wrote it knows what it means.
  return fits.success ? fits.data : { ...nowhere, detail: text.slice(0, 100), postCode }
}

function provinceOf(text: string): { province: string; length: number } {
  for (const name of [...municipalities, ...Object.keys(regions), ...provinces]) {
    if (!text.startsWith(name)) continue
    const suffixes = municipalities.includes(name) ? ['市'] : name in regions ? [regions[name] ?? '', '自治区', '特别行政区'] : ['省']
    const whole = name + (suffixes[0] ?? '')
    const said = suffixes.find(suffix => text.startsWith(suffix, name.length))
    if (said !== undefined) return { province: whole, length: name.length + said.length }
    const after = trimmed(text.slice(name.length))
    // 吉林市 is a city, 海南藏族自治州 lies elsewhere, 北京路 is a road.
    if (!/^[市藏蒙]/u.test(after) && levelAhead.test(after)) return { province: whole, length: name.length }
  }
  return { province: '', length: 0 }
}

const largeCity = (text: string): string => {
  const name = largeCities.find(city => text.startsWith(city) && levelAhead.test(text.slice(city.length)))
  return name === undefined ? '' : `${name}市`
}

/** Six digits that say so, or that stand alone at either end. */
function withoutPostCode(text: string): { text: string; postCode: string } {
  const found = /(?:邮编|邮政编码|邮码)\s*:?\s*(\d{6})(?!\d)/u.exec(text) ?? /^(\d{6})(?=[\s,])/u.exec(text) ?? /[\s,](\d{6})$/u.exec(text)
  if (!found) return { text, postCode: '' }
  return { text: trimmed(`${text.slice(0, found.index)} ${text.slice(found.index + found[0].length)}`), postCode: found[1] ?? '' }
}

const trimmed = (text: string) => text.replace(/^[\s,，、;；()（）]+|[\s,，、;；(（]+$/gu, '')

/** In China six digits; elsewhere as the country has it. */
export const fitsPostCode = ({ province, postCode }: Pick<AddressParts, 'province' | 'postCode'>): boolean =>
  postCode === '' || !(province === '' || provinceOf(province).province !== '' || provinces.includes(province)) || /^\d{6}$/.test(postCode)

/** On one line, as a letter has it. A municipality is named once. */
export const addressLine = ({ province, city, district, street, detail }: Omit<AddressParts, 'postCode'>): string =>
  [province, city === province ? '' : city, district, street, detail].reduce((line, next) => line + gap(line, next) + next, '')
const gap = (before: string, after: string) => (/[\w)]$/.test(before) && /^[\w(]/.test(after) ? ' ' : '')

export type AddressOfRow = { district: string; address: string; postCode: string }
/** The short form that stands in the customer's row, beside the district there. Where that district is another (a service area of ours), it is kept and the line tells all. */
export function rowOf(
  parts: AddressParts,
  before: Pick<AddressOfRow, 'district'>,
  was: Pick<AddressParts, 'district'> | null,
): AddressOfRow {
  const own = before.district !== '' && before.district !== (was?.district ?? '')
  const { province, city, district, street, detail, postCode } = parts
  if (own && before.district !== district) return { district: before.district, address: addressLine(parts), postCode }
  if (district === '') return { district: '', address: addressLine({ province, city, district, street, detail }), postCode }
  return { district, address: addressLine({ province: '', city: '', district: '', street, detail }), postCode }
}

/** Whether the customer's row says what these parts say. */
export const agrees = (parts: AddressParts, row: AddressOfRow): boolean => {
  const line = rowOf(parts, row, parts)
  return line.address === row.address && line.district === row.district && line.postCode === row.postCode
}

/** Somebody wrote the row by its one line: the parts of it, and of what stood there before where the line does not tell. Null when the row has no address. */
export function partsOfRow(row: AddressOfRow, stood: AddressParts | null): AddressParts | null {
  if (row.address === '' && row.postCode === '') return null
  const said = splitAddress(row.address)
  const postCode = row.postCode || said.postCode
  // A service area of the organisation (城东片区) is no part of an address.
  const district = said.district || (/(?<!片|小|社|园)[区县旗市]$/u.test(row.district) ? row.district.slice(0, 20) : '')
  if (said.province !== '' || said.city !== '' || stood?.district !== district) return { ...said, district, postCode }
  return { ...said, province: stood.province, city: stood.city, district, postCode }
}
