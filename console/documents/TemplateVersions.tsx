import { Button, Select } from 'antd'
import { useState } from 'react'
import type { TemplateContent } from '#contract/documentBlocks.ts'
import { documents, type Language, type Template, type TemplateVersion, type Variable } from '#contract/documents.ts'
import { call, RefusalError } from '../kit/call.ts'
import { useFetch } from '../kit/data.ts'
import { Failure, Sep, Waiting } from '../kit/parts.tsx'
import { tellRefusal } from '../kit/tell.tsx'
import { clockTime } from '../kit/time.ts'
import { Compared } from './Compared.tsx'
import { templateUnits } from './said.ts'
import { d, w } from './words.ts'

type Props = {
  template: Template
  draft: TemplateContent
  language: Language
  variables: readonly Variable[]
  load: (content: TemplateContent) => void
}

/** What was published when, by whom: compared with one another or with the draft, and taken up again as a draft. */
export function TemplateVersions({ template, draft, language, variables, load }: Props) {
  const versions = useFetch(documents.templateVersions, { id: template.id }).data
  const [asked, setAsked] = useState<{ was: number; is: number } | null>(null)
  if (!versions) return <Waiting />
  if (versions.length === 0) return <p className="t3">{w.notYet}</p>
  const was = asked?.was ?? versions[0]?.number ?? 0
  const is = asked?.is ?? 0
  const takeUp = async ({ number }: TemplateVersion) => {
    try {
      load((await call(documents.templateVersion, { id: template.id, number: String(number) })).content)
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error
      tellRefusal(error)
    }
  }
  const options = versions.map(v => ({ value: v.number, label: w.version(v.number) }))
  return (
    <section className="card" aria-label={w.versions}>
      <header>
        <h2>{w.versions}</h2>
      </header>
      <div className="body col">
        {versions.map(version => (
          <div key={version.number} className="row f12">
            <b className="nowrap">{w.version(version.number)}</b>
            <span className="grow t2 cut">
              {version.publishedByName ?? w.system}
              <Sep />
              {clockTime(version.publishedAt)}
            </span>
            <Button size="small" type="text" onClick={() => setAsked({ was: version.number, is: 0 })}>
              {d.withDraft}
            </Button>
            <Button size="small" type="text" onClick={() => void takeUp(version)}>
              {d.asDraft}
            </Button>
          </div>
        ))}
        <div className="row wrap">
          <Select aria-label={d.was} value={was} onChange={next => setAsked({ was: next, is })} options={options} />
          <span className="t3">{d.against}</span>
          <Select
            aria-label={d.is}
            value={is}
            onChange={next => setAsked({ was, is: next })}
            options={[{ value: 0, label: d.draft }, ...options]}
          />
        </div>
        <Pair key={`${was} ${is}`} {...{ template, draft, language, variables, was, is }} />
      </div>
    </section>
  )
}

function Pair({ template, draft, language, variables, was, is }: Omit<Props, 'load'> & { was: number; is: number }) {
  const of = (number: number) => ({ id: template.id, number: String(number) })
  const settled = { staleTime: 3_600_000, keep: false }
  const before = useFetch(documents.templateVersion, of(was), settled)
  const after = useFetch(documents.templateVersion, of(is), { ...settled, enabled: is > 0 })
  const content = is === 0 ? draft : after.data?.content
  const error = before.error ?? after.error
  if (error) return <Failure error={error} />
  if (!before.data || !content) return <Waiting />
  return (
    <Compared
      was={templateUnits(before.data.content, language, variables)}
      is={templateUnits(content, language, variables)}
      names={[w.version(was), is === 0 ? d.draft : w.version(is)]}
    />
  )
}
