import type { Flag } from '#contract/flags.ts'
import { day } from '../../kit/time.ts'
import './accounts.css'
import { dayAt, flagWords, useFlags } from './marks.ts'
import { m } from './marks.words.ts'

const tints = { bad: 'ba', warn: 'wa', info: '' } as const

export function Chips({ flags }: { flags: readonly Flag[] | undefined }) {
  return flags?.map(flag => (
    <span
      key={flag.code}
      className={`tag flag ${tints[flag.level]}`}
      title={[
        m.since(day(dayAt(flag.since))),
        flag.until ? m.until(day(dayAt(flag.until))) : '',
        flag.source && flag.source !== 'overdue' && flag.source !== 'care' ? m.bySystem(flag.source) : '',
      ]
        .filter(Boolean)
        .join(' ')}
    >
      {flagWords(flag)}
    </span>
  ))
}

/** What one must know of a customer before the first word: overdue, neglected, a risk that the finance system sees. */
export function FlagChips({ customerId }: { customerId: string }) {
  const flags = useFlags([customerId]).get(customerId)
  return <Chips flags={flags} />
}
