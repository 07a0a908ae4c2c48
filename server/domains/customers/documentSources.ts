import type { DocumentSource } from '#kernel/documentSources.ts'
import { isId } from '#kernel/ids.ts'
import { Refusal } from '#kernel/refusal.ts'
import { oneCustomer } from './queries.ts'

/** A customer to write to. Telephone and mail stay out: a letter has no use for them, and showing them in full leaves a trace. */
export const documentSources: DocumentSource[] = [
  {
    name: 'customers.customer',
    zh: '一位客户',
    en: 'A customer',
    may: 'customer:read',
    params: [{ key: 'customerId', kind: 'customer', zh: '客户', en: 'Customer', options: [], required: true }],
    matter: ({ customerId }) => (customerId ? { noun: 'customer', id: customerId } : null),
    customer: async (_, { customerId }) => customerId ?? null,
    variables: [
      { path: 'customer.name', type: 'text', zh: '客户姓名', en: 'Name' },
      { path: 'customer.number', type: 'text', zh: '户号', en: 'Number' },
      { path: 'customer.district', type: 'text', zh: '片区', en: 'District' },
      { path: 'customer.address', type: 'text', zh: '地址', en: 'Address' },
      { path: 'customer.postCode', type: 'text', zh: '邮编', en: 'Post code' },
      { path: 'customer.since', type: 'date', zh: '开户日期', en: 'Customer since' },
      { path: 'customer.due', type: 'number', zh: '欠费（元）', en: 'Balance due (yuan)' },
    ],
    load: async (ctx, { customerId = '' }) => {
      if (!isId(customerId)) throw new Refusal('not_found', 'customer.not_found', { id: customerId.slice(0, 60) })
      const { name, number, district, address, postCode, since, balanceDue } = await oneCustomer(ctx, customerId)
      return { customer: { name, number, district, address, postCode, since, due: Math.max(0, balanceDue) / 100 } }
    },
    example: language => {
      const zh = language === 'zh'
      return {
        customer: {
          name: zh ? '王建国' : 'Wang Jianguo',
          number: '1010004217',
          district: zh ? '城东片区' : 'East',
          address: zh ? '清源路 12 号 3 单元 502' : 'Qingyuan Road 12, unit 3, 502',
          postCode: '310016',
          since: '2019-03-01',
          due: 86.4,
        },
      }
    },
  },
]
