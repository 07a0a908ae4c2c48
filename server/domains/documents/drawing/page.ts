import type { Filled, FilledBlock, Run } from '#contract/documentBlocks.ts'
import type { Language } from '#contract/documents.ts'
import { chartSvg, sizeOf } from './chart.ts'
import { leftWords } from './parts.ts'
import { escaped, shapesOf, svgOf } from './shapes.ts'

/** A whole page without script that looks like the sheet and prints like it. Every word in it is escaped. */
export function writePage(filled: Filled): string {
  const { language, title, footer, blocks } = filled
  return `<!doctype html><html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="content-security-policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${escaped(title)}</title><style>${style}</style></head><body><main>${blocks.map(b => htmlOf(b, language)).join('\n')}</main>${
    footer ? `<footer>${escaped(footer)}</footer>` : ''
  }</body></html>`
}

const runs = (all: readonly Run[]) => all.map(({ text, bold }) => (bold ? `<strong>${lines(text)}</strong>` : lines(text))).join('')
const lines = (text: string) => escaped(text).replace(/\r?\n/g, '<br>')

function htmlOf(block: FilledBlock, language: Language): string {
  if (block.kind === 'heading') return `<h${block.level}>${runs(block.text)}</h${block.level}>`
  if (block.kind === 'paragraph') return `<p class="${block.align}">${runs(block.text)}</p>`
  if (block.kind === 'list') {
    const tag = block.ordered ? 'ol' : 'ul'
    return `<${tag}>${block.items.map(item => `<li>${runs(item)}</li>`).join('')}</${tag}>`
  }
  if (block.kind === 'table') {
    const shares = block.columns.reduce((sum, c) => sum + c.share, 0)
    const cell = (tag: 'th' | 'td', text: string, at: number) =>
      `<${tag}${tag === 'th' ? ' scope="col"' : ''} class="${block.columns[at]?.align ?? 'left'}">${lines(text)}</${tag}>`
    return `<div class="wide"><table><colgroup>${block.columns.map(c => `<col style="width:${((c.share / shares) * 100).toFixed(2)}%">`).join('')}</colgroup><thead><tr>${block.columns
      .map((c, at) => cell('th', c.title, at))
      .join(
        '',
      )}</tr></thead><tbody>${block.rows.map(row => `<tr>${row.map((text, at) => cell('td', text, at)).join('')}</tr>`).join('')}</tbody></table></div>${
      block.left > 0 ? `<p class="small">${escaped(leftWords(language, block.left))}</p>` : ''
    }`
  }
  if (block.kind === 'figure')
    return `<figure>${svgOf(shapesOf(chartSvg(block, language)), sizeOf(block), block.caption)}${block.caption ? `<figcaption>${escaped(block.caption)}</figcaption>` : ''}</figure>`
  if (block.kind === 'figures')
    return `<dl>${block.items.map(i => `<div><dt>${escaped(i.label)}</dt><dd>${escaped(i.value)}</dd>${i.note ? `<dd class="small">${escaped(i.note)}</dd>` : ''}</div>`).join('')}</dl>`
  if (block.kind === 'image')
    return `<figure class="left"><img src="${escaped(block.src)}" alt="${escaped(block.caption)}" style="width:${block.widthMm}mm">${block.caption ? `<figcaption>${escaped(block.caption)}</figcaption>` : ''}</figure>`
  if (block.kind === 'pageBreak') return '<hr class="break">'
  if (block.kind === 'letterhead')
    return `<header><b>${escaped(block.title)}</b>${block.lines.map(line => `<span>${escaped(line)}</span>`).join('')}</header>`
  return `<p class="signature">${block.lines.map(escaped).join('<br>')}</p>`
}

const style = `*{box-sizing:border-box}body{margin:0;background:#fff;color:#181B22;font:15px/1.7 -apple-system,"Segoe UI","PingFang SC","HarmonyOS Sans SC","Microsoft YaHei","Noto Sans SC Variable","Noto Sans CJK SC",sans-serif}
main{max-width:760px;margin:0 auto;padding:48px 40px}footer{max-width:760px;margin:0 auto;padding:0 40px 32px;color:#646B7A;font-size:12px}
h1{font-size:26px;line-height:1.4;margin:0 0 14px}h2{font-size:18px;margin:30px 0 8px}h3{font-size:15px;margin:22px 0 6px}p{margin:0 0 10px}ul,ol{margin:0 0 10px;padding-left:24px}
.center{text-align:center}.right{text-align:right}.small,figcaption{color:#646B7A;font-size:12px}.wide{overflow-x:auto;margin:0 0 18px}
table{width:100%;border-collapse:collapse;font-size:13px;line-height:1.5;font-variant-numeric:tabular-nums}th{background:#F0F2F5;color:#4A5160;font-weight:600}th,td{padding:7px 8px;border-bottom:1px solid #E5E7EC;text-align:left;vertical-align:top}th.right,td.right{text-align:right}th.center,td.center{text-align:center}
figure{margin:8px 0 20px;text-align:center}figure.left{text-align:left}figure svg{width:100%;height:auto}figure img{max-width:100%}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(140px,1fr));gap:10px;margin:8px 0 18px}dl div{background:#F0F2F5;border-radius:6px;padding:10px 14px}dt{color:#646B7A;font-size:12px}dd{margin:0;font-size:22px;font-weight:600;line-height:1.5;font-variant-numeric:tabular-nums}dd.small{font-size:12px;font-weight:400}
header{border-bottom:2px solid #3552D6;margin-bottom:28px;padding-bottom:10px}header b{display:block;color:#3552D6;font-size:20px}header span{display:block;color:#646B7A;font-size:12px}
.signature{text-align:right;margin-top:36px}.break{border:0;border-top:1px dashed #D2D6DE;margin:28px 0}
@page{size:A4;margin:22mm}@media print{main,footer{max-width:none;padding:0}thead{display:table-header-group}tr,figure,dl div{break-inside:avoid}h1,h2,h3{break-after:avoid}.break{border:0;margin:0;break-after:page}}
@media(max-width:560px){main{padding:24px 16px}footer{padding:0 16px 24px}}`
