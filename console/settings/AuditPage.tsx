import { Button, DatePicker, Select, type TableColumnType } from 'antd'
import dayjs from 'dayjs'
import { type AuditEntry, audit } from '#contract/audit.ts'
import { auditExports } from '#contract/lists.ts'
import { PersonSelect } from '../app/people.tsx'
import { permissionWord, scopeWords } from '../identity/permissions.words.ts'
import { ListTable } from '../kit/DataTable.tsx'
import { useFetch, useListing } from '../kit/data.ts'
import { useFilters } from '../kit/filters.ts'
import { IconFilter, IconX } from '../kit/icons.ts'
import { Avatar, Empty } from '../kit/parts.tsx'
import { day, full } from '../kit/time.ts'
import { inView, useViews, type ViewColumn } from '../kit/views/useViews.ts'
import { ViewBar, ViewTools } from '../kit/views/ViewBar.tsx'
import { ExportButton } from '../runs/ExportButton.tsx'
import { aboutWord, factLines, type Names, parsed, partsOf } from './auditWords.ts'
import { fieldWord, s, whatKeys, whatWord } from './security.words.ts'
import { useAuditNames } from './useAuditNames.ts'

export default function AuditPage() {
  const [filters, change] = useFilters(audit.list)
  const listing = useListing(audit.list, filters)
  const names = useAuditNames()
  const columns: (TableColumnType<AuditEntry> & ViewColumn)[] = [
    {
      key: 'at',
      title: s.when,
      order: 'time',
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
            {aboutWord(entry, names)}
          </span>
          {!filters.about && aboutWord(entry, names) !== '' && (
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
    { key: 'changes', title: s.changes, render: (_, entry) => <Changes entry={entry} names={names} /> },
  ]
  const views = useViews('audit', audit.list, columns)
  return (
    <div className="page audit">
      <header>
        <h1>{s.audit}</h1>
        <span className="t3 cut">{s.auditHint}</span>
        <span className="end row wrap">
          <Sealed />
          <ExportButton of={auditExports} filter={filters} what={s.audit} />
        </span>
      </header>
      <ViewBar of={views} first={s.allEntries} />
      <div className="row wrap">
        <PersonSelect
          width={160}
          retired
          placeholder={s.anyone}
          aria-label={s.who}
          value={filters.actorId ?? null}
          onChange={actorId => change({ actorId: actorId ?? undefined })}
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
        <ViewTools of={views} />
      </div>
      <ListTable<AuditEntry>
        list={listing}
        empty={<Empty title={s.noAudit} hint={s.noAuditHint} />}
        views={views}
        columns={inView(views, columns)}
      />
    </div>
  )
}

/** Whether what stands here is still what stood here. */
function Sealed() {
  const sealed = useFetch(audit.seal, {}, { staleTime: 300_000 }).data
  if (!sealed?.upTo) return null
  return sealed.brokenOn ? (
    <span className="tag ba" title={s.brokenHint}>
      {s.broken(day(new Date(sealed.brokenOn)))}
    </span>
  ) : (
    <span className="tag ok" title={s.sealedHint(sealed.mark ?? '')}>
      {s.sealed(day(new Date(sealed.upTo)))}
    </span>
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
  if (actorKind === 'rule') return <span className="t2 cut">{s.actorRule(actorName ?? '')}</span>
  return <span className="t3">{actorKind === 'system' ? s.actorSystem : actorKind === 'link' ? s.actorLink : s.actorAnyone}</span>
}

/** Field by field: what it was, struck through, and what it is. */
function Changes({ entry, names }: { entry: AuditEntry; names: Names }) {
  return (
    <dl className="changes">
      {entry.changes.flatMap(({ field, was, is }) =>
        field === 'grants'
          ? grantChanges(was, is).map(([name, from, to]) => <Change key={`${field} ${name}`} name={name} was={from} is={to} />)
          : [<Change key={field} name={fieldWord(field, entry.what)} {...partsOf(field, was, is, names)} />],
      )}
      {factLines(entry, names).map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
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
  const value = parsed(text)
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
