import { sql } from 'kysely'
import { customerExports } from '#contract/lists.ts'
import { listExport, withNames } from '#kernel/exports.ts'
import { ownColumns, withOwn } from './own/exports.ts'
import { listCustomers, visibleCustomers } from './queries.ts'

const tiers = { normal: ['普通', 'Normal'], silver: ['银卡', 'Silver'], gold: ['金卡', 'Gold'], key: ['重点', 'Key'] } as const
const kinds = { person: ['个人', 'Person'], organisation: ['单位', 'Organisation'] } as const
const cares = {
  elderly: ['老人', 'Elderly'],
  disabled: ['残障', 'Disabled'],
  infant: ['婴幼儿', 'Infant'],
  medical: ['医疗用水', 'Medical need'],
} as const

/** A contact while the file is written would carry a customer to where it is still to be read, or to where it was: who moves is written in the order of their ids. */
const still = (sort: Parameters<typeof listCustomers>[1]['sort']) =>
  sort === undefined || sort === '-contact' ? ('-added' as const) : sort === 'contact' ? ('added' as const) : sort

export const exports = [
  listExport({
    noun: 'customers',
    name: ['客户', 'Customers'],
    asks: customerExports,
    page: async (ctx, query) =>
      withNames(ctx, await withOwn(ctx, await listCustomers(ctx, { ...query, sort: still(query.sort) })), {
        ownerName: ['identity.fact_person', row => row.ownerId],
      }),
    masked: {
      may: 'customer:reveal',
      columns: ['phone', 'email'],
      unmask: async (ctx, rows) => {
        const full = await visibleCustomers(ctx, 'customer:reveal')
          .select(['id', 'phone', 'email'])
          .where(sql<boolean>`id = any(${rows.map(row => row.id)}::uuid[])`)
          .execute()
        const byId = new Map(full.map(row => [row.id, row]))
        return rows.map(row => ({ ...row, ...byId.get(row.id) }))
      },
    },
    more: ownColumns,
    columns: {
      number: { title: ['户号', 'Number'], value: row => row.number },
      name: { title: ['姓名', 'Name'], value: row => row.name },
      kind: { title: ['类别', 'Kind'], value: (row, say) => say(kinds[row.kind]) },
      tier: { title: ['等级', 'Tier'], value: (row, say) => say(tiers[row.tier]) },
      // Masked, as in the list, unless whoever may reveal says why.
      phone: { title: ['电话', 'Phone'], value: row => row.phone },
      email: { title: ['邮箱', 'E-mail'], value: row => row.email },
      district: { title: ['片区', 'District'], value: row => row.district },
      address: { title: ['地址', 'Address'], value: row => row.address },
      postCode: { title: ['邮编', 'Post code'], value: row => row.postCode },
      tags: { title: ['标签', 'Tags'], value: row => row.tags.join('、') },
      care: { title: ['关怀', 'Care'], value: (row, say) => row.care.map(need => say(cares[need])).join('、') },
      balance: { title: ['欠费（元）', 'Balance due (yuan)'], value: row => row.balanceDue / 100 },
      owner: { title: ['负责人', 'Looked after by'], value: row => row.ownerName },
      note: { title: ['备注', 'Note'], value: row => row.note },
      since: { title: ['建档时间', 'Since'], value: row => row.since },
      lastContactAt: { title: ['最近联系', 'Last contact'], value: row => row.lastContactAt },
    },
  }),
]
