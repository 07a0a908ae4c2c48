import { Button, Select, Table } from 'antd'
import { identity } from '#contract/identity.ts'
import type { ReplyOf } from '../kit/call.ts'
import { col } from '../kit/columns.tsx'
import { useAct, useFetch, useListing } from '../kit/data.ts'
import { useFilters } from '../kit/filters.ts'
import { ListFoot } from '../kit/ListFoot.tsx'
import { Empty, Failure, Waiting } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { full } from '../kit/time.ts'
import { deviceOf } from './device.ts'
import { s } from './security.words.ts'
import { w } from './words.ts'

type Session = ReplyOf<typeof identity.allSessions>['rows'][number]

export default function SessionsPage() {
  const [filters, change] = useFilters(identity.allSessions)
  const listing = useListing(identity.allSessions, filters)
  const people = useFetch(identity.people, {}).data ?? []
  const one = useAct(identity.endAnySession)
  const all = useAct(identity.endSessionsOf, { also: ['sessions'] })
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
          <Select
            style={{ width: 176 }}
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            placeholder={s.anyone}
            aria-label={s.who}
            value={filters.personId ?? null}
            onChange={personId => change({ personId: personId ?? undefined })}
            options={people.map(p => ({ value: p.id, label: p.name }))}
          />
        </span>
      </header>
      {listing.error && <Failure error={listing.error} retry={listing.refetch} readAt={listing.readAt} />}
      {listing.first ? (
        <Waiting />
      ) : (
        <>
          <div className="card">
            <Table<Session>
              rowKey="id"
              size="small"
              pagination={false}
              dataSource={listing.rows}
              scroll={{ x: 'max-content' }}
              locale={{ emptyText: <Empty title={s.noSessions} /> }}
              columns={[
                col.person<Session>('personName', w.person, 160),
                { key: 'device', title: w.device, render: (_, row) => <span title={row.userAgent}>{deviceOf(row.userAgent)}</span> },
                { key: 'ip', title: s.from, width: 136, render: (_, row) => <span className="t2">{row.ip}</span> },
                { key: 'opened', title: w.opened, width: 136, render: (_, row) => <span className="t2 nowrap">{full(row.openedAt)}</span> },
                col.time<Session>('seenAt', w.seen),
                {
                  key: 'acts',
                  align: 'end',
                  width: 96,
                  render: (_, row) =>
                    row.current ? (
                      <span className="tag ok">{w.thisOne}</span>
                    ) : (
                      <Button
                        type="text"
                        size="small"
                        onClick={() =>
                          void one.act({ id: row.id }).then(() => {
                            tell(s.ended(row.personName))
                          })
                        }
                      >
                        {w.end}
                      </Button>
                    ),
                },
              ]}
            />
          </div>
          <ListFoot list={listing} />
        </>
      )}
    </div>
  )
}
