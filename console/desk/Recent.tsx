import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { interactions } from '#contract/interactions.ts'
import { useMay } from '../app/me.ts'
import { useFetch } from '../kit/data.ts'
import { IconHistory } from '../kit/icons.ts'
import { ChannelGlyph, channelWord, Failure } from '../kit/parts.tsx'
import { ago } from '../kit/time.ts'
import { w } from './words.ts'

const ContactOf = lazy(() => import('../interactions/ContactOf.tsx'))

const most = 6

/** `card`: by itself, not in a column. */
type Props = { customerId: string; interactionId: string | null; card?: boolean }
/** The last contacts before this one, on any channel. */
export function Recent({ customerId, interactionId, card = false }: Props) {
  const may = useMay()
  const { data, error, refetch } = useFetch(
    interactions.list,
    { query: { customerId, size: 50 } },
    { enabled: may('interaction:read'), staleTime: 30_000, keep: false },
  )
  const [opened, open] = useState<string | null>(null)
  if (!may('interaction:read')) return null
  const rows = data?.rows.filter(i => i.id !== interactionId) ?? []
  return (
    <section className={card ? 'card' : 'sec'} aria-label={w.recent}>
      <header className={card ? '' : 'sech'}>
        {card && <IconHistory size={16} stroke={1.75} />}
        <h3>{w.recent}</h3>
        {rows.length > most && (
          <Link className="end f12" to="/customers/$id" params={{ id: customerId } as never}>
            {w.all} {data?.next ? `${rows.length}+` : rows.length}
          </Link>
        )}
      </header>
      {error && (
        <Failure
          error={error}
          retry={() => {
            void refetch()
          }}
        />
      )}
      <ul className={card ? 'body lines' : 'lines'}>
        {rows.slice(0, most).map(i => (
          <li key={i.id} title={i.note}>
            <ChannelGlyph channel={i.channel} />
            <Button type="text" size="small" className="opens grow" onClick={() => open(i.id)}>
              <span className="cut">{i.subject || i.note || i.source || channelWord(i.channel)}</span>
            </Button>
            {i.rating !== null && <span className={`tag ${i.rating <= 2 ? 'ba' : ''}`}>{w.ratedN(i.rating)}</span>}
            <span className="t3 f12 nowrap">{i.state === 'active' ? w.now : ago(i.startedAt)}</span>
          </li>
        ))}
      </ul>
      {data && rows.length === 0 && <p className={card ? 'body t3' : 't3'}>{w.noRecent}</p>}
      <Suspense>{opened && <ContactOf id={opened} close={() => open(null)} />}</Suspense>
    </section>
  )
}
