import * as z from 'zod'
import type { Leaf } from '#contract/conditions.ts'
import { type CustomerKind, Tier } from '#contract/customers.ts'
import { type AutomationOffer, action, type FieldOffer, trigger } from '#kernel/automation.ts'
import type { Ctx } from '#kernel/work.ts'
import { changeCustomer } from './actions.ts'
import { customerAdded, customerChanged } from './events.ts'
import { ownAsked, ownOffers } from './own/automation.ts'
import { oneCustomer, visibleCustomers } from './queries.ts'
import { accountFacts, accountFields, accountTriggers } from './receivables/automation.ts'
import { moved, segmentFacts, segmentFields } from './segments/offer.ts'

const tiers = [
  { value: 'normal', name: '普通', nameEn: 'Normal' },
  { value: 'silver', name: '银卡', nameEn: 'Silver' },
  { value: 'gold', name: '金卡', nameEn: 'Gold' },
  { value: 'key', name: '重点', nameEn: 'Key' },
] satisfies { value: z.output<typeof Tier>; name: string; nameEn: string }[]
const kinds = [
  { value: 'person', name: '个人', nameEn: 'Person' },
  { value: 'organisation', name: '单位', nameEn: 'Organisation' },
] satisfies { value: z.output<typeof CustomerKind>; name: string; nameEn: string }[]
const cares = [
  { value: 'elderly', name: '老人', nameEn: 'Elderly' },
  { value: 'disabled', name: '残障', nameEn: 'Disabled' },
  { value: 'infant', name: '婴幼儿', nameEn: 'Infant' },
  { value: 'medical', name: '医疗用水', nameEn: 'Medical' },
]

export const fields: readonly FieldOffer[] = [
  { key: 'tier', kind: 'choice', name: '等级', nameEn: 'Tier', options: tiers },
  { key: 'kind', kind: 'choice', name: '客户类型', nameEn: 'Kind', options: kinds },
  { key: 'tags', kind: 'tags', name: '标签', nameEn: 'Tags' },
  { key: 'care', kind: 'tags', name: '关怀', nameEn: 'Care needs', options: cares },
  { key: 'district', kind: 'text', name: '片区', nameEn: 'District' },
  { key: 'balanceDue', kind: 'number', name: '欠费金额', nameEn: 'Balance due', money: true },
  { key: 'owner', kind: 'person', name: '负责人', nameEn: 'Owner' },
  { key: 'since', kind: 'time', name: '建档时间', nameEn: 'Customer since' },
  { key: 'lastContactAt', kind: 'time', name: '上次联系', nameEn: 'Last contact' },
  ...accountFields,
]

async function load(ctx: Ctx, id: string, asked: readonly Leaf[] = []) {
  const c = await visibleCustomers(ctx)
    .select(['name', 'number', 'tier', 'kind', 'tags', 'care', 'district', 'balanceDue', 'ownerId', 'since', 'lastContactAt', 'fields'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!c) return null
  const { ownerId, name, number, fields: own, ...known } = c
  const asks = (...keys: string[]) => asked.some(({ field }) => keys.some(key => field === key || field.startsWith(`${key}.`)))
  const facts = {
    ...(await segmentFacts(ctx, id, asked)),
    ...(asks('own') ? await ownAsked(ctx, own) : {}),
    ...(asks(...accountFields.map(field => field.key)) ? await accountFacts(ctx, id) : {}),
  }
  return { label: `${number} ${name}`, path: `/customers/${id}`, fields: { ...known, ...facts, owner: ownerId, customerId: id } }
}

const more = async (ctx: Ctx): Promise<FieldOffer[]> => [...(await segmentFields(ctx)), ...(await ownOffers(ctx))]

export const automation: AutomationOffer = {
  subjects: [{ noun: 'customer', name: '客户', nameEn: 'Customer', fields, more, load }],
  triggers: [
    trigger(customerAdded, { subject: 'customer', name: '客户已建档', nameEn: 'A customer is added' }),
    trigger(customerChanged, {
      subject: 'customer',
      name: '客户资料有改动',
      nameEn: 'A customer is changed',
      was: d => d.was ?? {},
    }),
    ...accountTriggers,
    moved,
  ],
  actions: [
    action({
      key: 'customer.set_tier',
      on: 'customer',
      may: 'customer:write',
      name: '设置等级',
      nameEn: 'Set the tier',
      params: z.object({ tier: Tier }),
      asks: { tier: { kind: 'choice', name: '等级', nameEn: 'Tier', options: tiers } },
      run: async (ctx, { id }, { tier }) => changeCustomer(ctx, id, { version: (await oneCustomer(ctx, id)).version, tier }),
    }),
    action({
      key: 'customer.add_tag',
      on: 'customer',
      may: 'customer:write',
      name: '加标签',
      nameEn: 'Add a tag',
      params: z.object({ tag: z.string().trim().min(1).max(30) }),
      asks: { tag: { kind: 'words', name: '标签', nameEn: 'Tag' } },
      run: async (ctx, { id }, { tag }) => {
        const { version, tags } = await oneCustomer(ctx, id)
        await changeCustomer(ctx, id, { version, tags: [...new Set([...tags, tag])].slice(0, 20) })
      },
    }),
    action({
      key: 'customer.remove_tag',
      on: 'customer',
      may: 'customer:write',
      name: '去掉标签',
      nameEn: 'Remove a tag',
      params: z.object({ tag: z.string().trim().min(1).max(30) }),
      asks: { tag: { kind: 'words', name: '标签', nameEn: 'Tag' } },
      run: async (ctx, { id }, { tag }) => {
        const { version, tags } = await oneCustomer(ctx, id)
        await changeCustomer(ctx, id, { version, tags: tags.filter(other => other !== tag) })
      },
    }),
  ],
}
