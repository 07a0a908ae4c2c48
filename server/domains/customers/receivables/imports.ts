import { receivableImports } from '#contract/imports.ts'
import type { NewReceivable } from '#contract/receivables.ts'
import { type ImportRow, listImport, type Problem, type Taken, type Values } from '#kernel/imports.ts'
import type { Ctx } from '#kernel/work.ts'
import { bring } from './bringing.ts'
import { receivablesImported } from './events.ts'
import { dayOf, faultOf, fenOf } from './rules.ts'

const fields = {
  extId: {
    name: ['单据号', 'Document'],
    required: true,
    titles: ['账单号', '单号', '应收单号', '发票号', 'invoice', 'invoice number', 'id'],
  },
  customer: {
    name: ['户号', 'Customer number'],
    required: true,
    titles: ['客户编号', '用户编号', '用户号', 'customer', 'account', 'number'],
  },
  amount: { name: ['应收金额', 'Amount'], required: true, titles: ['金额', '应收', '开账金额', 'billed', 'total'] },
  open: { name: ['未收金额', 'Open amount'], titles: ['欠费', '欠费金额', '未结金额', '余额', 'open', 'due', 'outstanding'] },
  issuedOn: { name: ['开账日期', 'Issued on'], titles: ['开票日期', '账单日期', '出账日期', 'issued', 'date', 'invoice date'] },
  dueOn: { name: ['到期日', 'Due on'], required: true, titles: ['缴费截止日', '截止日期', '应缴日期', 'due date'] },
  period: { name: ['账期', 'Period'], titles: ['月份', '所属期', 'month'] },
  kind: { name: ['费用类别', 'Kind'], titles: ['费用类型', '费项', 'type'] },
  hold: { name: ['状态', 'State'], titles: ['缓缴', '争议', 'hold', 'status'] },
} as const
type Key = keyof typeof fields

const holds: Record<string, NewReceivable['hold']> = {
  正常: '', normal: '', open: '', 缓缴: 'suspended', 暂缓: 'suspended', suspended: 'suspended', 争议: 'disputed', disputed: 'disputed',
} // biome-ignore format: a list of words

const problems = {
  missing: ['缺单据号或户号', 'The document or the customer number is missing'],
  too_long: ['有一格太长', 'A cell is too long'],
  hold_unknown: ['状态只能是正常、缓缴或争议', 'The state is neither normal, suspended nor disputed'],
  amount_wrong: ['金额不对', 'Not an amount'],
  open_wrong: ['未收金额不对，或比应收还多', 'The open amount is none, or more than the amount'],
  date_wrong: ['日期不对', 'Not a date'],
  period_wrong: ['账期要写成 2026-10', 'The period is to be written as 2026-10'],
  currency_other: ['不是人民币', 'Another currency'],
  customer_unknown: ['没有这个户号', 'No customer has this number'],
  there_already: ['这张单据已经有了，跳过了', 'This document is there already: skipped'],
} as const
type Wrong = { wrong: keyof typeof problems }

/** An empty cell says nothing: of a bill that is there already it leaves all as it is. */
function read(values: Values<Key>): NewReceivable | Wrong {
  const said = (key: Key) => values[key]?.trim() ?? ''
  if (said('extId') === '' || said('customer') === '') return { wrong: 'missing' }
  if (said('extId').length > 80 || said('customer').length > 40 || said('kind').length > 30) return { wrong: 'too_long' }
  const hold = said('hold') === '' ? undefined : holds[said('hold').toLowerCase()]
  if (hold === undefined && said('hold') !== '') return { wrong: 'hold_unknown' }
  const amount = fenOf(said('amount'))
  if (amount === null) return { wrong: 'amount_wrong' }
  const openAmount = said('open') === '' ? undefined : fenOf(said('open'))
  if (openAmount === null) return { wrong: 'open_wrong' }
  const dueOn = dayOf(said('dueOn'))
  const issuedOn = said('issuedOn') === '' ? undefined : dayOf(said('issuedOn'))
  if (dueOn === null || issuedOn === null) return { wrong: 'date_wrong' }
  const period = said('period').replace(/^(\d{4})[/.年]?(\d{2})月?$/, '$1-$2')
  const item = {
    extId: said('extId'), customerNumber: said('customer'), kind: said('kind') || undefined, period, currency: 'CNY', amount, openAmount, issuedOn, dueOn, hold,
  } // biome-ignore format: as a table
  const wrong = faultOf(item)
  return wrong ? { wrong } : item
}

async function take(
  ctx: Ctx,
  rows: readonly ImportRow<NewReceivable>[],
  { dry, onMatch }: { dry: boolean; onMatch: string },
): Promise<Taken> {
  const keep = onMatch === 'skip'
  const brought = await bring(
    ctx,
    rows.map(row => row.said),
    { source: '', dry, keep },
  )
  const taken: Taken = { made: 0, changed: 0, skipped: [], problems: [] }
  for (const [n, { line, twin }] of rows.entries()) {
    const result = brought.rows[n]
    if (!result) continue
    const problem = (code: string): Problem => ({ line, code })
    if (result.outcome === 'refused') taken.problems.push(problem(result.code ?? ''))
    else if (keep && (result.outcome === 'same' || (dry && twin !== null))) taken.skipped.push(problem('there_already'))
    else if (result.outcome === 'made' && !(dry && twin !== null)) taken.made++
    else taken.changed++
  }
  return taken
}

/** Bills from a table of the finance department. */
export const receivableImport = listImport<Key, NewReceivable>({
  noun: 'receivables',
  name: ['应收账款', 'Receivables'],
  asks: receivableImports,
  fields,
  onMatch: ['update', 'skip'],
  keysOf: values => (values.extId ? [values.extId.trim()] : []),
  read,
  take,
  over: async (ctx, runId, { made = 0, changed = 0, skipped = 0, failed = 0 }) => {
    await ctx.emit(receivablesImported, { id: runId }, { made, changed, skipped, failed })
  },
  problems,
  wrongIn: {
    ...{ hold_unknown: 'hold', amount_wrong: 'amount', open_wrong: 'open', date_wrong: 'dueOn', period_wrong: 'period' },
    customer_unknown: 'customer',
  },
})
