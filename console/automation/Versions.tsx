import { Button } from 'antd'
import type { Rule } from '#contract/automation.ts'
import { Sep } from '../kit/parts.tsx'
import { clockTime } from '../kit/time.ts'
import { w } from './words.ts'

type Version = Rule['versions'][number]

/** What was published when, by whom; any of them can be taken up again as a draft. */
export function Versions({ rule, load }: { rule: Rule; load: ((version: Version) => void) | null }) {
  return (
    <section className="card" aria-label={w.versions}>
      <header>
        <h3>{w.versions}</h3>
      </header>
      <div className="body">
        {rule.versions.length === 0 && <span className="t3 f12">{w.noVersions}</span>}
        {rule.versions.map(version => (
          <div key={version.number} className="row f12">
            <span className="m5 nowrap">{w.version(version.number)}</span>
            <span className="grow t2">
              {version.publishedByName}
              <Sep />
              {clockTime(version.publishedAt)}
              {version.note && <div className="t3">{version.note}</div>}
            </span>
            {load && (
              <Button size="small" type="text" onClick={() => load(version)}>
                {w.asThen}
              </Button>
            )}
          </div>
        ))}
      </div>
    </section>
  )
}
