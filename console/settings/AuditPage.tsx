import { Button, DatePicker, Select, Table } from 'antd'
import dayjs from 'dayjs'
import { type AuditEntry, audit, identity } from '#contract/identity.ts'
import { permissionWord, scopeWords } from '../identity/permissions.words.ts'
import { useFetch, useListing } from '../kit/data.ts'
import { useFilters } from '../kit/filters.ts'
import { IconFilter, IconX } from '../kit/icons.ts'
import { ListFoot } from '../kit/ListFoot.tsx'
import { Avatar, Empty, Failure, Waiting } from '../kit/parts.tsx'
import { full } from '../kit/time.ts'
import { fieldWord, s, whatKeys, whatWord } from './security.words.ts'
import { w } from './words.ts'

export default function AuditPage() {
  const [filters, change] = useFilters(audit.list)
  const listing = useListing(audit.list, filters)
  const people = useFetch(identity.people, {}).data ?? []
  return (
    <div className="page audit">
      <header>
        <h1>{s.audit}</h1>
        <span className="t3 cut">{s.auditHint}</span>
      </header>
      <div className="row wrap">
        <Select
          style={{ width: 160 }}
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          placeholder={s.anyone}
          aria-label={s.who}
          value={filters.actorId ?? null}
          onChange={actorId => change({ actorId: actorId ?? undefined })}
          options={people.map(p => ({ value: p.id, label: p.name }))}
        />
        <Select
          style={{ width: 176 }}
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          placeholder={s.anyWhat}
          aria-label={s.what}
          value={filters.what ?? null}
          onChange={what => change({ what: what ?? undefined })}
          options={whatKeys.map(what => ({ value: what, label: whatWord(what) }))}
        />
        <DatePicker.RangePicker
          allowEmpty={[true, true]}
          style={{ width: 256 }}
          aria-label={s.period}
          value={[filters.since ? dayjs(filters.since) : null, filters.until ? dayjs(filters.until).subtract(1, 'day') : null]}
          onChange={days => change({ since: at(days?.[0]?.startOf('day')), until: at(days?.[1]?.startOf('day').add(1, 'day')) })}
        />
        {filters.about && (
          <Button size="small" icon={<IconX size={14} />} onClick={() => change({ about: undefined })}>
            {s.onlyAbout}
          </Button>
        )}
      </div>
      {listing.error && <Failure error={listing.error} retry={listing.refetch} readAt={listing.readAt} />}
      {listing.first ? (
        <Waiting rows={8} />
      ) : (
        <>
          <div className="card">
            <Table<AuditEntry>
              rowKey="id"
              size="small"
              pagination={false}
              dataSource={listing.rows}
              scroll={{ x: 'max-content' }}
              locale={{ emptyText: <Empty title={s.noAudit} hint={s.noAuditHint} /> }}
              columns={[
                {
                  key: 'at',
                  title: s.when,
                  width: 128,
                  render: (_, entry) => (
                    <time className="t2 nowrap" dateTime={entry.at.toISOString()}>
                      {full(entry.at)}
                    </time>
                  ),
                },
                { key: 'who', title: s.who, width: 136, render: (_, entry) => <Who entry={entry} /> },
                { key: 'what', title: s.what, width: 128, render: (_, entry) => <span className="nowrap">{whatWord(entry.what)}</span> },
                {
                  key: 'about',
                  title: s.about,
                  width: 152,
                  render: (_, entry) => (
                    <span className="row nowrap" style={{ gap: 4 }}>
                      <span className="cut" style={{ maxWidth: 112 }}>
                        {entry.aboutName ?? ''}
                      </span>
                      {!filters.about && entry.aboutName && (
                        <Button
                          type="text"
                          size="small"
                          icon={<IconFilter size={14} className="t3" />}
                          aria-label={s.onlyAbout}
                          title={s.onlyAbout}
                          onClick={() => change({ about: entry.about })}
                        />
                      )}
                    </span>
                  ),
                },
                { key: 'changes', title: s.changes, render: (_, entry) => <Changes entry={entry} /> },
              ]}
            />
          </div>
          <ListFoot list={listing} />
        </>
      )}
    </div>
  )
}

const at = (moment: dayjs.Dayjs | null | undefined): Date | undefined => moment?.toDate()

function Who({ entry: { actorKind, actorName } }: { entry: AuditEntry }) {
  if (actorKind === 'user' || actorKind === 'key')
    return (
      <span className="row nowrap" style={{ gap: 6 }}>
        <Avatar name={actorName ?? '?'} />
        <span className="cut">{actorName}</span>
        {actorKind === 'key' && <span className="tag">{s.actorKey}</span>}
      </span>
    )
  return <span className="t3">{actorKind === 'system' ? s.actorSystem : actorKind === 'link' ? s.actorLink : s.actorAnyone}</span>
}

/** Field by field: what it was, struck through, and what it is. */
function Changes({ entry: { changes, facts } }: { entry: AuditEntry }) {
  const told = Object.entries(facts).filter(([key]) => key !== 'table' && key !== 'act')
  return (
    <dl className="changes">
      {changes.flatMap(({ field, was, is }) =>
        field === 'grants'
          ? grantChanges(was, is).map(([name, from, to]) => <Change key={`${field} ${name}`} name={name} was={from} is={to} />)
          : [<Change key={field} name={fieldWord(field)} was={valueWord(was)} is={valueWord(is)} />],
      )}
      {told.map(([key, value]) => (
        <div key={key}>
          <dt>{fieldWord(key)}</dt>
          <dd>{valueWord(value)}</dd>
        </div>
      ))}
    </dl>
  )
}

function Change({ name, was, is }: { name: string; was: string; is: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {was !== '' && <del>{was}</del>} <ins>{is === '' ? s.nothing : is}</ins>
      </dd>
    </div>
  )
}

/** Rights are told one by one: only those that came, went or reach elsewhere. */
function grantChanges(was: string, is: string): [name: string, was: string, is: string][] {
  const [before, after] = [read(was), read(is)]
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter(permission => before[permission] !== after[permission])
    .map(permission => [permissionWord(permission), scopeWord(before[permission]), scopeWord(after[permission])])
}
const scopes: Record<string, string> = scopeWords
const scopeWord = (scope: unknown) => (scope === undefined ? '' : (scopes[String(scope)] ?? String(scope)))
function read(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

function valueWord(value: string): string {
  if (value === 'true') return w.yes
  if (value === 'false') return w.no
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return full(new Date(value))
  return value.length > 120 ? `${value.slice(0, 120)}…` : value
}
