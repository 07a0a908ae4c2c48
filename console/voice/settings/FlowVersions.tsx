import { Button, Select } from 'antd'
import { useState } from 'react'
import { calendars } from '#contract/calendars.ts'
import type { FlowBody, FlowWhole } from '#contract/flows.ts'
import { queues } from '#contract/routing.ts'
import { announcements } from '#contract/voiceSettings.ts'
import { useFetch } from '../../kit/data.ts'
import { Empty, Sep } from '../../kit/parts.tsx'
import { clockTime } from '../../kit/time.ts'
import { nameOf } from '../../kit/words.ts'
import { changesOf, type NameOf } from './changes.ts'
import { w } from './words.ts'

type Props = { flow: FlowWhole; draft: FlowBody; load: (body: FlowBody) => void }
const asDraft = 0

/** What callers heard from when on, by whom it was published; held against the draft or another version, or taken up again as draft. */
export function FlowVersions({ flow, draft, load }: Props) {
  const [held, hold] = useState<{ version: number; against: number } | null>(null)
  const name = useNames()
  if (flow.versions.length === 0) return <Empty title={w.notYet} />
  const bodies = new Map([[asDraft, draft], ...flow.versions.map(v => [v.version, v.body] as const)])
  return (
    <section className="card" aria-label={w.versions}>
      <div className="body col">
        {flow.versions.map(({ version, body, ...of }) => (
          <div key={version} className="col">
            <div className="row wrap f12">
              <b className="nowrap">{w.version(version)}</b>
              {version === flow.published && <span className="tag ok nowrap">{w.inUse}</span>}
              <span className="grow t2">
                {of.publishedByName}
                <Sep />
                {clockTime(of.publishedAt)}
                {of.note && (
                  <>
                    <Sep />
                    {of.note}
                  </>
                )}
              </span>
              <Button
                size="small"
                type="text"
                aria-expanded={held?.version === version}
                onClick={() => hold(held?.version === version ? null : { version, against: asDraft })}
              >
                {w.compare}
              </Button>
              <Button size="small" type="text" onClick={() => load(body)}>
                {w.takeUp}
              </Button>
            </div>
            {held?.version === version && (
              <>
                <span className="row f12">
                  {w.version(version)} →
                  <Select
                    size="small"
                    style={{ width: 104 }}
                    aria-label={w.comparedWith}
                    value={held.against}
                    onChange={against => hold({ version, against })}
                    options={[...bodies.keys()]
                      .filter(other => other !== version)
                      .map(other => ({ value: other, label: other === asDraft ? w.draft : w.version(other) }))}
                  />
                </span>
                <Changes was={body} is={bodies.get(held.against) ?? draft} name={name} />
              </>
            )}
          </div>
        ))}
      </div>
    </section>
  )
}

function Changes({ was, is, name }: { was: FlowBody; is: FlowBody; name: NameOf }) {
  const changes = changesOf(was, is, name)
  if (changes.length === 0) return <p className="t3 f12">{w.noDifference}</p>
  return (
    <ul className="flowchanges f12" role="status">
      {changes.map(change => (
        <li key={change.key + change.how}>
          <span className="t3">{w[change.how]}</span> <b className="m5">{change.name}</b>
          {change.lines.length > 0 && (
            <ul>
              {change.lines.map(line => (
                <li key={line.label}>
                  <span className="t3">{line.label}</span> <del className="t3">{line.was}</del> → <ins>{line.is}</ins>
                </li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ul>
  )
}

const kept = { query: { retired: true } }
/** What versions name may have been put away since. */
function useNames(): NameOf {
  const rows = [useFetch(queues.list, kept).data, useFetch(announcements.list, kept).data, useFetch(calendars.list, kept).data]
  const names = new Map(rows.flatMap(list => (list ?? []).map(row => [row.id, nameOf(row)])))
  return id => names.get(id) ?? id.slice(0, 8)
}
