import { customers } from '#contract/customers.ts'
import { duplicates } from '#contract/duplicates.ts'
import { needs } from '#contract/needs.ts'
import { segments } from '#contract/segments.ts'
import { samplePassword } from '#domains/sample/centre.ts'
import { signIn } from '../../journeys/story/client.ts'
import { firstLine } from './instruments.ts'
import type { Shot } from './shot.ts'

/** The archive of customers: who they are to us, what they owe and need, who stands twice, and what may be done with them. */
export async function archive(base: string): Promise<Shot[]> {
  const admin = await signIn(base, 'admin', samplePassword)
  const { rows } = await admin.call(customers.list, { query: { size: 1 } })
  const segment = (await admin.call(segments.list, { query: {} })).find(one => !one.retired)
  const pair = (await admin.call(duplicates.list, { query: { size: 1 } })).rows[0]
  const need = (await admin.call(needs.list, { query: { size: 1 } })).rows[0]
  const [customer] = rows
  if (!customer || !segment || !need) throw new Error('the sample centre has no customers, segments or needs')
  return [
    { name: 'customer-phone', path: `/customers/${customer.id}`, who: 'supervisor', size: 'phone' },
    { name: 'customer-supervisor', path: `/customers/${customer.id}`, who: 'supervisor' },
    { name: 'segments', path: '/segments', who: 'supervisor' },
    { name: 'segment', path: `/segments/${segment.id}`, who: 'admin' },
    { name: 'segment-phone', path: `/segments/${segment.id}`, who: 'admin', size: 'phone' },
    { name: 'key-accounts', path: '/key-accounts', who: 'supervisor' },
    { name: 'key-accounts-phone', path: '/key-accounts', who: 'supervisor', size: 'phone' },
    { name: 'duplicates', path: '/customers/duplicates', who: 'supervisor' },
    ...(pair ? [{ name: 'compare', path: `/customers/compare?keptId=${pair.a.id}&goneId=${pair.b.id}`, who: 'supervisor' }] : []),
    { name: 'needs', path: '/needs', who: 'supervisor', act: firstLine },
    { name: 'needs-phone', path: `/needs?need=${need.id}`, who: 'supervisor', size: 'phone' },
    { name: 'opportunities', path: '/opportunities', who: 'supervisor', act: firstLine },
    { name: 'opportunities-phone', path: '/opportunities', who: 'supervisor', size: 'phone' },
  ]
}
