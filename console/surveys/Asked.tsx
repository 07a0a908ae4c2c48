import { type Invitation, invitations } from '#contract/invitations.ts'
import { useFresh } from '../app/live.ts'
import { useFetch } from '../kit/data.ts'
import { IconStar } from '../kit/icons.ts'
import { Failure } from '../kit/parts.tsx'
import { ago, full } from '../kit/time.ts'
import { v, whyText } from './invitations.words.ts'

const tones = { sent: 'ac', refused: 'wa', answered: 'ok' } as const
export const InvitationTag = ({ invitation: i }: { invitation: Invitation }) => (
  <span className={`tag ${tones[i.state]}`}>{i.score === null ? v[i.state] : v.scored(i.score)}</span>
)

/** Whether the customer of a ticket or contact was asked how it went, why not, and what they said. Nothing where nobody thought of asking. */
export function Asked({ noun, id }: { noun: 'ticket' | 'interaction'; id: string }) {
  const { data, error, refetch } = useFetch(noun === 'ticket' ? invitations.ofTicket : invitations.ofContact, { id }, { keep: false })
  useFresh('invitation', 'invitations')
  useFresh('rating', 'invitations')
  if (error) return <Failure error={error} retry={() => void refetch()} />
  const { invitation, rating } = data ?? {}
  if (!invitation && !rating) return null
  return (
    <section className="card" aria-label={v.asked}>
      <header>
        <IconStar size={16} stroke={1.75} />
        <h3>{v.asked}</h3>
      </header>
      <div className="body col" style={{ gap: 6 }}>
        {invitation && (
          <div className="row">
            <InvitationTag invitation={invitation} />
            <span className="t2 grow">{whyText(invitation)}</span>
            <time className="t3 f12 nowrap" dateTime={invitation.madeAt.toISOString()} title={full(invitation.madeAt)}>
              {ago(invitation.madeAt)}
            </time>
          </div>
        )}
        {rating && !invitation && <span className="tag ok">{v.scored(rating.score)}</span>}
        {rating?.words && <p className="prose">{rating.words}</p>}
      </div>
    </section>
  )
}
