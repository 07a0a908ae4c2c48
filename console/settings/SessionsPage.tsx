import { Button } from 'antd'
import { openSessions } from '#contract/security.ts'
import { PersonSelect } from '../app/people.tsx'
import type { ReplyOf } from '../kit/call.ts'
import { col } from '../kit/columns.tsx'
import { ListTable } from '../kit/DataTable.tsx'
import { useAct, useListing } from '../kit/data.ts'
import { useFilters } from '../kit/filters.ts'
import { Empty } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { full } from '../kit/time.ts'
import { deviceOf } from './device.ts'
import { s } from './security.words.ts'
import { endColumn } from './sessionColumns.tsx'
import { w } from './words.ts'

type Session = ReplyOf<typeof openSessions.allSessions>['rows'][number]

export default function SessionsPage() {
  const [filters, change] = useFilters(openSessions.allSessions)
  const listing = useListing(openSessions.allSessions, filters)
  const one = useAct(openSessions.endAnySession)
  const all = useAct(openSessions.endSessionsOf, { also: ['sessions'] })
  return (
    <div className="page">
      <header>
        <h1>{s.sessions}</h1>
        <span className="t3 cut">{s.sessionsHint}</span>
        <span className="end row">
          {filters.personId && (
            <Button loading={all.acting} onClick={() => filters.personId && void all.act({ id: filters.personId })}>
              {s.endAll}
            </Button>
          )}
          <PersonSelect
            width={176}
            placeholder={s.anyone}
            aria-label={s.who}
            value={filters.personId ?? null}
            onChange={personId => change({ personId: personId ?? undefined })}
          />
        </span>
      </header>
      <ListTable<Session>
        list={listing}
        empty={<Empty title={s.noSessions} />}
        columns={[
          col.person<Session>('personName', w.person, 160),
          { key: 'device', title: w.device, render: (_, row) => <span title={row.userAgent}>{deviceOf(row.userAgent)}</span> },
          { key: 'ip', title: s.from, width: 136, render: (_, row) => <span className="t2">{row.ip}</span> },
          { key: 'opened', title: w.opened, width: 136, render: (_, row) => <span className="t2 nowrap">{full(row.openedAt)}</span> },
          col.time<Session>('seenAt', w.seen),
          endColumn<Session>(({ id, personName }) => {
            void one.act({ id }).then(() => tell(s.ended(personName)))
          }),
        ]}
      />
    </div>
  )
}
