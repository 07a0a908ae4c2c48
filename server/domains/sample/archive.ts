import type { Dice } from './dice.ts'
import type { Fill, Row } from './fill.ts'
import type { Customer, World } from './world.ts'

const roles = [
  ['财务', 'Accounts'],
  ['工程', 'Works'],
  ['前台', 'Front desk'],
] as const
const words = [
  ['上门前先打电话，门卫要登记。', 'Call before coming; the gate keeps a list.'],
  ['水费发票寄财务，不要放前台。', 'Send the invoices to accounts, not to the front desk.'],
  ['夜里用水多，停水要提前一天通知。', 'Uses much water at night; tell them a day before it is turned off.'],
  ['只在晚上七点后接电话。', 'Answers the telephone after seven in the evening only.'],
  ['耳背，说话慢一点。', 'Hard of hearing; speak slowly.'],
] as const

/** Who belongs to whom among the first of the archive, who takes care of them, and what was written down. */
export async function peopleOfArchive(fill: Fill, { customers, ids, say, now }: World, dice: Dice): Promise<void> {
  const organisations = customers.filter(c => c.kind === 'organisation').slice(0, 12)
  const persons = customers.filter(c => c.kind === 'person').slice(0, 40)
  const day = (n: number) => new Date(now.getTime() - n * 86_400_000)
  const rows: Record<'relation' | 'carer' | 'note' | 'address' | 'customer_identity', Row[]> = {
    relation: [],
    carer: [],
    note: [],
    address: [],
    customer_identity: [],
  }
  const relate = (from: Customer | undefined, to: Customer | undefined, kind: string, role: string, main = false) => {
    if (from && to) rows.relation.push({ id: dice.id(day(90)), customerId: from.id, toId: to.id, kind, role, main, since: day(90) })
  }
  organisations.forEach((firm, n) => {
    const at = day(60 - n)
    relate(persons[n * 2], firm, 'contact', say(roles[n % 3] ?? roles[0]), true)
    if (n % 2 === 0) relate(persons[n * 2 + 1], firm, 'contact', say(roles[(n + 1) % 3] ?? roles[1]))
    if (n % 4 === 3) relate(firm, organisations[0], 'subsidiary', '')
    rows.carer.push({ customerId: firm.id, userId: ids(`person ${n % 3 === 0 ? 'lead' : 'agent'}`), since: at })
    rows.customer_identity.push({
      id: dice.id(at),
      customerId: firm.id,
      kind: 'phone',
      value: `+861380000${String(7100 + n)}`,
      typed: `1380000${7100 + n}`,
      since: at,
      label: say(['财务', 'Accounts']),
    })
    rows.address.push({
      id: dice.id(at),
      customerId: firm.id,
      label: say(['寄送', 'Mail']),
      detail: `${firm.place} ${say(['传达室', 'porter'])}`,
      since: at,
      ...nowhere,
    })
    rows.note.push(note(firm, n))
  })
  for (let n = 24; n < 32; n += 2) {
    relate(persons[n], persons[n + 1], 'household', say(['配偶', 'Spouse']))
    const home = persons[n]
    if (home) rows.note.push(note(home, 3 + n / 2))
  }
  for (const [table, of] of Object.entries(rows)) if (of.length > 0) await fill(`customers.${table}`, of)

  function note(customer: Customer, n: number): Row {
    const at = day(40 - n)
    const text = say(words[n % words.length] ?? words[0])
    return { id: dice.id(at), customerId: customer.id, text, pinned: n % 4 === 0, writerId: ids('person agent'), writtenAt: at, version: 1 }
  }
}
const nowhere = { main: false, province: '', city: '', district: '', street: '', postCode: '' }
