import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import iconv from 'iconv-lite'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { headOf, type Reading, tableRows } from './sheets.ts'
import { sheetRow, workbook } from './xlsx.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'huiyin-sheets-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let n = 0
function file(bytes: Buffer | string): string {
  const place = path.join(folder, `${n++}`)
  writeFileSync(place, bytes)
  return place
}
async function read(bytes: Buffer | string, wish?: Reading) {
  const place = file(bytes)
  const head = await headOf(place, wish)
  const rows: string[][] = []
  for await (const { cells } of tableRows(place, head.reading)) rows.push(cells)
  return { ...head, all: rows }
}

const simplified = '户号,姓名,备注\r\nA-1,陈𠮷㐂,很快，好吃🙂\r\nA-2,王芳,"味道足, 量大"\r\n'
const told = (encoding: string, mark: number[] = []) => Buffer.concat([Buffer.from(mark), iconv.encode(simplified, encoding)])

describe('how a text is written is found out', () => {
  test.each([
    ['utf-8', told('utf-8'), 'utf-8'],
    ['utf-8 with its mark', told('utf-8', [0xef, 0xbb, 0xbf]), 'utf-8'],
    ['GB18030, in which Excel saves', told('gb18030'), 'gb18030'],
    ['UTF-16, the small end first', told('utf-16le', [0xff, 0xfe]), 'utf-16le'],
    ['UTF-16, the large end first', told('utf-16be', [0xfe, 0xff]), 'utf-16be'],
    ['UTF-16 without its mark', told('utf-16le'), 'utf-16le'],
    ['UTF-16 without its mark, the large end first', told('utf-16be'), 'utf-16be'],
  ])('%s', async (_, bytes, encoding) => {
    const { reading, all } = await read(bytes)
    expect(reading).toEqual({ encoding, separator: ',' })
    expect(all).toEqual([
      ['户号', '姓名', '备注'],
      ['A-1', '陈𠮷㐂', '很快，好吃🙂'],
      ['A-2', '王芳', '味道足, 量大'],
    ])
  })
  test('Big5 is told from GB18030', async () => {
    const text = '編號;姓名;備註\r\n1;陳小姐;網路金融卡收款的特點是什麼\r\n2;王先生;款項即時入帳，請說明\r\n'
    const { reading, all } = await read(iconv.encode(text, 'big5'))
    expect(reading).toEqual({ encoding: 'big5', separator: ';' })
    expect(all[1]?.[2]).toBe('網路金融卡收款的特點是什麼')
  })
  test('who says UTF-8 of what is none hears at which line it goes wrong', async () => {
    await expect(read(told('gb18030'), { encoding: 'utf-8', separator: ',' })).rejects.toMatchObject({ code: 'sheet.encoding' })
    await expect(read(told('utf-8', [0x41]), { encoding: 'utf-16le', separator: ',' })).rejects.toMatchObject({ code: 'sheet.encoding' })
  })
})

test('lines end with either sign or both, in one table, also where a piece of the file ends', async () => {
  const { all } = await read('a,b\r\n1,2\n3,4\r5,"6\r\n7\r8"\r\n\r\n"9",10')
  expect(all.filter(cells => cells.some(Boolean))).toEqual([
    ['a', 'b'],
    ['1', '2'],
    ['3', '4'],
    ['5', '6\r\n7\r8'],
    ['9', '10'],
  ])
  // Each line a few bytes, so that somewhere the pieces part between the two signs.
  const rows = Array.from({ length: 60_000 }, (_, k) => `${k},x${'y'.repeat(k % 7)}`)
  const { all: many } = await read(`n,t\r\n${rows.join('\r\n')}\r\n`)
  expect(many).toHaveLength(60_001)
  expect(many.at(-1)?.[0]).toBe('59999')
})

test('the line of a row is where it stands in the file, whatever ends the lines', async () => {
  const place = file('a,b\r1,"x\r\ny"\r\n2,z\n3,w')
  const lines: number[] = []
  for await (const { line } of tableRows(place, { encoding: 'utf-8', separator: ',' })) lines.push(line)
  expect(lines).toEqual([1, 2, 4, 5])
})

test('five hundred columns are read, more are left where they are', async () => {
  const wide = (count: number) => Array.from({ length: count }, (_, k) => `c${k}`).join(',')
  expect((await read(`${wide(500)}\n${wide(500)}\n`)).title).toHaveLength(500)
  expect((await read(`${wide(5000)}\n${wide(5000)}\n`)).title).toHaveLength(512)
})

test('a name over the whole width is no heading; a table of one column has no other', async () => {
  expect((await read('二〇二六年客户清单,,\n,,\n户号,姓名,电话\n1,陈,\n')).title).toEqual(['户号', '姓名', '电话'])
  expect((await read('姓名\n陈\n王\n')).title).toEqual(['姓名'])
})

test('while a workbook is read no file of it has a name, so a kill leaves none', async () => {
  async function* lines() {
    for (let n = 1; n <= 3; n++) yield Buffer.from(sheetRow(['张三疯', '13912345678'], n, 'UTC'))
  }
  const parts: Uint8Array[] = []
  for await (const bytes of workbook(lines(), 2, '客户')) parts.push(bytes)
  const shared = unzipSync(Buffer.concat(parts))
  shared['xl/sharedStrings.xml'] = strToU8('<sst><si><t>张三疯</t></si></sst>')
  const place = file(Buffer.from(zipSync(shared)))
  const own = mkdtempSync(path.join(folder, 'own-'))
  vi.stubEnv('TMPDIR', own)
  for await (const { line } of tableRows(place, { sheet: '客户' })) expect([line, readdirSync(own)]).toEqual([line, []])
  vi.unstubAllEnvs()
})

test('a workbook that counts its days from 1904 means the same days', async () => {
  const day = async (mark: string, serial: number) => {
    async function* lines() {
      yield Buffer.from(sheetRow(['建档日期'], 1, 'UTC', 2) + sheetRow([new Date('2026-11-21T00:00:00Z')], 2, 'UTC'))
    }
    const parts: Uint8Array[] = []
    for await (const bytes of workbook(lines(), 1, '客户')) parts.push(bytes)
    const inside = Object.entries(unzipSync(Buffer.concat(parts))).map(([name, bytes]) => [
      name,
      strToU8(
        strFromU8(bytes)
          .replace('<sheets>', `${mark}<sheets>`)
          .replace(/<v>46347[.\d]*</, `<v>${serial}<`),
      ),
    ])
    return (await read(Buffer.from(zipSync(Object.fromEntries(inside))))).all[1]
  }
  expect(await day('', 46_347)).toEqual(['2026-11-21'])
  expect(await day('<workbookPr date1904="1"/>', 44_885)).toEqual(['2026-11-21'])
  expect(await day('<workbookPr date1904="false"/>', 44_885)).toEqual(['2022-11-20'])
})

test('of several sheets each is read by its name; numbers, days and formulas come as they are shown', async () => {
  async function* lines() {
    yield Buffer.from(
      sheetRow(['客户清单'], 1, 'UTC') +
        sheetRow(['姓名', '电话', '建档日期'], 2, 'UTC', 2) +
        sheetRow(['=1+1', 13922220001, new Date('2026-11-21T00:00:00Z')], 4, 'UTC'),
    )
  }
  const parts: Uint8Array[] = []
  for await (const bytes of workbook(lines(), 3, '客户')) parts.push(bytes)
  const { sheets, title, rows } = await read(Buffer.concat(parts))
  expect(sheets).toEqual(['客户'])
  expect(title).toEqual(['姓名', '电话', '建档日期'])
  expect(rows[0]).toMatchObject({ line: 4, cells: ['=1+1', '13922220001', expect.stringMatching(/^2026-11-21/)] })
  await expect(read(Buffer.concat(parts), { sheet: '没有' })).rejects.toMatchObject({ code: 'sheet.not_found' })
})
