import { sql } from 'kysely'
import { customerExports, leftAloneExports } from '#contract/lists.ts'
import { purposeWords } from '#contract/words.ts'
import { listExport, withNames } from '#kernel/exports.ts'
import { showsOf } from './masking/showing.ts'
import { ownColumns, withOwn } from './own/exports.ts'
import { leftAloneInFull, listLeftAlone } from './privacy/leavingAlone.ts'
import { exportedCustomers, visibleCustomers } from './queries.ts'
import { heldSql, holdSegment, holdsAny, letGo } from './segments/holding.ts'

const tiers = { normal: ['普通', 'Normal'], silver: ['银卡', 'Silver'], gold: ['金卡', 'Gold'], key: ['重点', 'Key'] } as const
const kinds = { person: ['个人', 'Person'], organisation: ['单位', 'Organisation'] } as const
const cares = {
  elderly: ['老人', 'Elderly'],
  disabled: ['残障', 'Disabled'],
  infant: ['婴幼儿', 'Infant'],
  medical: ['医疗用水', 'Medical need'],
} as const

const sources = { entered: ['录入', 'Entered'], table: ['批量', 'Many at once'], erased: ['已删除的客户', 'An erased customer'] } as const

/** A contact while the file is written would carry a customer to where it is still to be read, or to where it was: who moves is written in the order of their ids. */
const still = (sort: Parameters<typeof exportedCustomers>[1]['sort']) =>
  sort === undefined || sort === '-contact' ? ('-added' as const) : sort === 'contact' ? ('added' as const) : sort

export const exports = [
  listExport({
    noun: 'customers',
    name: ['客户', 'Customers'],
    asks: customerExports,
    // Who is in a segment is asked once: the file is of those who were when it was begun. Of a run that lay so long that they were let go, of those who are now.
    page: async (ctx, query, { id, isFirst }) => {
      if (query.segment && (isFirst || !(await holdsAny(ctx, id)))) await holdSegment(ctx, id, query.segment)
      const page = await exportedCustomers(ctx, { ...query, sort: still(query.sort) }, query.segment ? heldSql(ctx, id) : undefined)
      return withNames(ctx, await withOwn(ctx, page), { ownerName: ['identity.fact_person', row => row.ownerId] })
    },
    over: letGo,
    masked: {
      may: 'customer:reveal',
      columns: ['phone', 'email', 'address'],
      forAsker: async ctx => {
        const shows = await showsOf(ctx)
        return column => (column === 'phone' || column === 'email' || column === 'address') && shows(column) !== 'shown'
      },
      unmask: async (ctx, rows) => {
        const full = await visibleCustomers(ctx, 'customer:reveal')
          .select(['id', 'phone', 'email', 'address'])
          .where(sql<boolean>`id = any(${rows.map(row => row.id)}::uuid[])`)
          .execute()
        const byId = new Map(full.map(row => [row.id, row]))
        const shows = await showsOf(ctx)
        return rows.map(row => ({
          ...row,
          phone: shows('phone') === 'hidden' ? null : (byId.get(row.id)?.phone ?? row.phone),
          email: shows('email') === 'hidden' ? null : (byId.get(row.id)?.email ?? row.email),
          address: shows('address') === 'hidden' ? '' : (byId.get(row.id)?.address ?? row.address),
        }))
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
      owner: { title: ['负责人', 'Owner'], value: row => row.ownerName },
      note: { title: ['备注', 'Note'], value: row => row.note },
      since: { title: ['建档时间', 'Since'], value: row => row.since },
      lastContactAt: { title: ['最近联系', 'Last contact'], value: row => row.lastContactAt },
    },
  }),
  listExport({
    noun: 'left_alone',
    name: ['免打扰名单', 'Do-not-contact register'],
    asks: leftAloneExports,
    page: listLeftAlone,
    masked: {
      may: 'customer:reveal',
      columns: ['value'],
      unmask: async (ctx, rows) => {
        const [full, shows] = await Promise.all([
          leftAloneInFull(
            ctx,
            rows.map(row => row.id),
          ),
          showsOf(ctx),
        ])
        const isHidden = (value: string) => shows(value.includes('@') ? 'email' : 'phone') === 'hidden'
        return rows.map(row => {
          const value = full.get(row.id)
          return value === undefined || isHidden(value) ? row : { ...row, value }
        })
      },
    },
    columns: {
      value: { title: ['号码或邮箱', 'Number or address'], value: row => row.value },
      purpose: {
        title: ['不用于', 'Not for'],
        value: (row, say) => say(row.purpose === null ? ['全部', 'Everything'] : purposeWords[row.purpose]),
      },
      until: { title: ['直到', 'Until'], value: row => row.until },
      source: { title: ['来源', 'Source'], value: (row, say) => say(sources[row.source]) },
      reason: { title: ['原因', 'Reason'], value: row => row.reason },
      since: { title: ['加入时间', 'Since'], value: row => row.since },
      by: { title: ['登记人', 'By'], value: row => row.byName },
    },
  }),
]
