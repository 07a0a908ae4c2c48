import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import { expect, test } from 'vitest'
import type { Filled, FilledBlock } from '#contract/documentBlocks.ts'
import { writeDocx } from './docx.ts'
import { facesFor } from './faces.ts'
import { linesOf } from './lines.ts'
import { writePage } from './page.ts'
import { drawPdf } from './pdf.ts'

const said = (text: string) => [{ text, bold: false }]
const filled = (blocks: FilledBlock[]): Filled => ({
  language: 'zh',
  title: '服务报告',
  author: '张敏',
  madeAt: '2026-07-01T00:00:00.000Z',
  footer: '清源供水',
  blocks,
})
const rows = Array.from({ length: 120 }, (_, at) => [`队列 ${at}`, String(at * 7), '客户说“水很好”，一切正常。'])
const whole = filled([
  { kind: 'letterhead', title: '清源供水', lines: ['客户服务中心'] },
  { kind: 'heading', level: 1, text: said('六月服务报告') },
  { kind: 'paragraph', align: 'left', text: [{ text: '客户𠮷田先生与㐂女士 <script>alert(1)</script> & "引号"', bold: true }] },
  { kind: 'figures', items: [{ label: '服务水平', value: '82.4%', note: '目标 80%' }] },
  {
    kind: 'figure',
    chart: 'line',
    unit: 'percent',
    labels: ['一日', '二日'],
    series: [{ name: '接起率', values: [0.8, null] }],
    caption: '每日走势',
  },
  {
    kind: 'table',
    columns: [
      { title: '队列名称', align: 'left', share: 2 },
      { title: '数量', align: 'right', share: 1 },
      { title: '说明', align: 'left', share: 3 },
    ],
    rows,
    left: 3,
  },
  { kind: 'list', ordered: true, items: [said('加强排班'), said('复盘时效')] },
  { kind: 'signature', lines: ['清源供水', '2026 年 7 月 1 日'] },
])

const has = (tool: string) => (process.env.PATH ?? '').split(':').some(folder => existsSync(path.join(folder, tool)))
function inFolder<T>(fn: (folder: string) => T): T {
  const folder = mkdtempSync(path.join(tmpdir(), 'huiyin-drawn-'))
  try {
    return fn(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('a line neither begins with a full stop nor ends with an opening bracket', async () => {
  const text = '城东片区的供水管道已经修复完毕，用户反映良好（详见附件）。后续工作按计划推进，“停水通知”提前三天发出。'
  const faces = await facesFor([text])
  for (let width = 40; width < 400; width += 7)
    for (const { pieces } of linesOf(said(text), faces, 10, width)) {
      const line = pieces.map(p => p.text).join('')
      expect(line, `${width}`).not.toMatch(/^[，。、）”]/)
      expect(line, `${width}`).not.toMatch(/[（“]$/)
    }
  expect(
    linesOf(said(text), faces, 10, 100)
      .flatMap(l => l.pieces.map(p => p.text))
      .join(''),
  ).toBe(text)
})

test('a word longer than the line is cut, nothing is lost', async () => {
  const text = 'https://example.com/averyveryverylongpathwithoutanyspaces end'
  const faces = await facesFor([text])
  const lines = linesOf(said(text), faces, 10, 60)
  expect(lines.every(l => l.width <= 60.1)).toBe(true)
  expect(
    lines
      .flatMap(l => l.pieces.map(p => p.text))
      .join('')
      .replaceAll(' ', ''),
  ).toBe(text.replaceAll(' ', ''))
})

test('Word holds every word as words, its styles, and the head of a table on each page', async () => {
  const parts = unzipSync(await writeDocx(whole))
  const xml = strFromU8(parts['word/document.xml'] ?? new Uint8Array())
  const text = [...xml.matchAll(/<w:t[ >][^<]*/g)].map(m => m[0].replace(/^[^>]*>/, '')).join('\n')
  for (const words of ['六月服务报告', '𠮷田先生与㐂女士', '队列 119', '复盘时效', '另有 3 行未列出', '82.4%'])
    expect(text).toContain(words)
  expect(text).toContain('&lt;script&gt;')
  expect(xml).toContain('<w:tblHeader/>')
  expect(xml).toContain('Heading1')
  expect(strFromU8(parts['word/styles.xml'] ?? new Uint8Array())).toContain('w:eastAsia="Huiyin Sans SC"')
  expect(Object.keys(parts).some(name => /media\/.*\.png$/.test(name))).toBe(true)
})

test('a page carries no script of a value', () => {
  const html = writePage(whole)
  expect(html).not.toContain('<script')
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  expect(html).toContain('<svg')
})

test('a PDF runs over pages and brings its letters with it', async () => {
  const { bytes, pages } = await drawPdf(whole)
  expect(pages).toBeGreaterThan(3)
  const raw = bytes.toString('latin1')
  expect(raw).toMatch(/FontFile2/)
  expect(raw).toMatch(/\+HuiyinSansSC-Regular/)
  expect(raw).not.toMatch(/BaseFont \/Helvetica/)
})

test.skipIf(!has('pdftotext'))('the text of a PDF can be taken out again, rare letters too', async () => {
  const { bytes } = await drawPdf(whole)
  inFolder(folder => {
    writeFileSync(path.join(folder, 'a.pdf'), bytes)
    const text = execFileSync('pdftotext', ['-layout', path.join(folder, 'a.pdf'), '-'], { encoding: 'utf8' })
    for (const words of ['六月服务报告', '𠮷田先生与㐂女士', '队列 119', '一日', '每日走势', '第 1 页，共']) expect(text).toContain(words)
    // Its head stands on every page of the table.
    expect(text.match(/队列名称/g)?.length).toBeGreaterThan(2)
  })
})

/** What LibreOffice makes of a Word file, without any font that has Chinese letters. */
function asLibreOffice(folder: string, docx: Buffer): string {
  const place = (name: string) => path.join(folder, name)
  writeFileSync(place('a.docx'), docx)
  mkdirSync(place('fonts'))
  for (const name of ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf']) {
    const face = path.join('/usr/share/fonts/truetype/dejavu', name)
    if (existsSync(face)) copyFileSync(face, place(`fonts/${name}`))
  }
  writeFileSync(
    place('fonts.conf'),
    `<?xml version="1.0"?><fontconfig><dir>${place('fonts')}</dir><cachedir>${place('cache')}</cachedir></fontconfig>`,
  )
  execFileSync(
    'soffice',
    [`-env:UserInstallation=file://${place('profile')}`, '--headless', '--convert-to', 'pdf', '--outdir', folder, place('a.docx')],
    { timeout: 150_000, env: { ...process.env, FONTCONFIG_FILE: place('fonts.conf') } },
  )
  return place('a.pdf')
}

test.skipIf(!has('soffice') || !has('pdftotext'))(
  'LibreOffice opens the Word file: its words, its pictures, and its Chinese letters where no font has any',
  { timeout: 180_000 },
  async () => {
    const docx = await writeDocx(whole)
    inFolder(folder => {
      const pdf = asLibreOffice(folder, docx)
      const text = execFileSync('pdftotext', ['-layout', pdf, '-'], { encoding: 'utf8' })
      expect(readFileSync(pdf).length).toBeGreaterThan(10_000)
      for (const words of ['六月服务报告', '队列 119', '第 1 页']) expect(text).toContain(words)
      expect(text.match(/队列名称/g)?.length).toBeGreaterThan(2)
      const fonts = execFileSync('pdffonts', [pdf], { encoding: 'utf8' })
      expect(fonts).toMatch(/HuiyinSansSC-Regular/)
      expect(fonts).toMatch(/HuiyinSansSC-Bold/)
      const pictures = execFileSync('pdfimages', ['-list', pdf], { encoding: 'utf8' })
      expect(pictures).toMatch(/image/)
    })
  },
)

test('what does not load embedded letters is told which font comes nearest', async () => {
  const parts = unzipSync(await writeDocx(whole))
  const table = strFromU8(parts['word/fontTable.xml'] ?? new Uint8Array())
  expect(table).toMatch(/<w:font w:name="Huiyin Sans SC"><w:altName w:val="Microsoft YaHei"\/>.*<w:embedRegular .*<w:embedBold /)
  expect(Object.keys(parts).filter(name => name.startsWith('word/fonts/'))).toHaveLength(2)
})

test.skipIf(!has('pdftotext'))('no line stands alone, and whoever signs does not stand alone on a page', async () => {
  const sentence = '城东片区的供水管道已经修复完毕，用户反映良好，后续工作按计划推进。'
  for (let n = 48; n < 62; n++) {
    const blocks: FilledBlock[] = [
      ...Array.from({ length: n }, (_, at): FilledBlock => ({ kind: 'paragraph', align: 'left', text: said(`第 ${at} 段`) })),
      { kind: 'paragraph', align: 'left', text: said(sentence.repeat(6)) },
      { kind: 'signature', lines: ['清源供水', '2026 年 7 月 1 日'] },
    ]
    const { bytes } = await drawPdf(filled(blocks))
    inFolder(folder => {
      writeFileSync(path.join(folder, 'a.pdf'), bytes)
      const text = execFileSync('pdftotext', ['-layout', path.join(folder, 'a.pdf'), '-'], { encoding: 'utf8' })
      const pages = text.split('\f').filter(page => page.trim() !== '')
      const signed = pages.find(page => page.includes('2026 年 7 月 1 日')) ?? ''
      const long = (page: string) => page.split('\n').filter(line => /城东|修复|反映|后续|推进/.test(line)).length
      expect(long(signed), `${n}`).toBeGreaterThanOrEqual(2)
      for (const page of pages) expect(long(page), `${n}`).not.toBe(1)
    })
  }
})

test('every kind of chart is drawn: bars lie as high as their names need, a target is dashed', async () => {
  for (const chart of ['bar', 'line', 'stack', 'rows'] as const) {
    const figure: FilledBlock = {
      kind: 'figure',
      chart,
      unit: 'percent',
      labels: ['平均 20 秒内接起的标准', '满意率'],
      series: [
        { name: '达成率', values: [0.82, 0.91] },
        { name: '目标', values: [0.8, 0.9], dashed: true },
      ],
      caption: '达成',
    }
    const html = writePage(filled([figure]))
    expect(html.includes('stroke-dasharray'), chart).toBe(chart === 'line')
    expect(html).toContain('满意率')
    expect((await drawPdf(filled([figure]))).pages).toBe(1)
  }
})
