import { customerImports } from '#contract/imports.ts'
import { listImport } from '#kernel/imports.ts'
import { customersImported } from './events.ts'
import { back } from './importing/back.ts'
import { fields, keys, keysOf, problems, read, wrongIn } from './importing/fields.ts'
import { cellShown } from './importing/masked.ts'
import { ownColumns, ownProblems } from './importing/own.ts'
import { type Brought, takeCustomers } from './importing/take.ts'

export const customerImport = listImport<keyof typeof fields, Brought>({
  noun: 'customers',
  name: ['客户', 'Customer'],
  asks: customerImports,
  fields,
  more: ownColumns,
  keys,
  onMatch: ['skip', 'update', 'new'],
  keysOf,
  read,
  take: takeCustomers,
  over: async (ctx, runId, { made = 0, changed = 0, skipped = 0, failed = 0 }) => {
    await ctx.emit(customersImported, { id: runId }, { made, changed, skipped, failed })
  },
  problems: { ...problems, ...ownProblems },
  wrongIn,
  shownTo: cellShown,
  back,
})
