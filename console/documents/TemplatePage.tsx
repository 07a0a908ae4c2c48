import { Link, useParams } from '@tanstack/react-router'
import { Button, InputNumber, Segmented } from 'antd'
import { useState } from 'react'
import { TemplateContent } from '#contract/documentBlocks.ts'
import { documents, type Language, type Source, type Template } from '#contract/documents.ts'
import { useFresh } from '../app/live.ts'
import type { RefusalError } from '../kit/call.ts'
import { useAct, useFetch } from '../kit/data.ts'
import { EditingNotes, Steps } from '../kit/Editing.tsx'
import { useHotkey, withCommand } from '../kit/hotkeys.ts'
import { Empty, Failure, Waiting } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { useEditing } from '../kit/useEditing.ts'
import { language, nameOf } from '../kit/words.ts'
import { BlockList } from './BlockList.tsx'
import { Inputs } from './Inputs.tsx'
import { Preview } from './Preview.tsx'
import { inputsOf } from './said.ts'
import { TemplateVersions } from './TemplateVersions.tsx'
import './documents.css'
import { Worded } from './Worded.tsx'
import { d, w } from './words.ts'

export default function TemplatePage() {
  const { id = '' } = useParams({ strict: false })
  const reading = useFetch(documents.template, { id }, { staleTime: 60_000, keep: false })
  const sources = useFetch(documents.sources, {}).data
  useFresh('documentTemplate', 'document-templates')
  if (reading.error && !reading.data) return <Failure error={reading.error} retry={() => void reading.refetch()} />
  if (!reading.data || !sources) return <Waiting />
  const { source: name } = reading.data
  const gone = { name, zh: name, en: name, params: [], variables: [], allowed: false }
  return <Editor key={reading.data.id} template={reading.data} source={sources.find(s => s.name === name) ?? gone} />
}

function Editor({ template, source }: { template: Template; source: Source }) {
  const editing = useEditing(`documentTemplate.${template.id}`, TemplateContent, template)
  const { draft, touched, change } = editing
  const [shown, show] = useState<Language>(language())
  const [beside, setBeside] = useState<'preview' | 'versions'>('preview')
  const [refused, setRefused] = useState<RefusalError | null>(null)
  const save = useAct(documents.changeTemplate)
  const publish = useAct(documents.publish, { also: ['documents'] })
  const put = async () => {
    const saved = await save.act({ id: template.id, body: { version: editing.version, draft } })
    if (!saved) return
    editing.settle(saved)
    tell(w.saved)
  }
  const goLive = async () => {
    const done = await publish.act({ id: template.id, body: { version: editing.version } })
    if (!done) return
    editing.settle(done)
    if (done.published) tell(w.published(done.published))
  }
  useHotkey('mod+s', () => void put(), touched && !save.acting)
  const variables = [...source.variables, ...inputsOf(draft)]
  const wrongAt = refused?.facts.language === shown && typeof refused.facts.at === 'number' ? refused.facts.at : null
  return (
    <div className="page">
      <header>
        <Link className="nowrap" to="/settings/document-templates">
          {w.back}
        </Link>
        <h1 className="cut">{nameOf(template)}</h1>
        <span className="t3 nowrap">{template.published === null ? w.notYet : w.version(template.published)}</span>
        {(touched || template.changed) && template.published !== null && <span className="tag wa nowrap">{w.changed}</span>}
        <span className="end row">
          <Steps editing={editing} />
          <Button disabled={!touched} loading={save.acting} title={withCommand('S')} onClick={() => void put()}>
            {w.save}
          </Button>
          <Button type="primary" disabled={touched || !template.changed} loading={publish.acting} onClick={() => void goLive()}>
            {w.publish}
          </Button>
        </span>
      </header>
      <EditingNotes editing={editing} />
      <div className="editorbody templatebody">
        <div>
          <div className="row wrap editorhead">
            <Segmented
              value={shown}
              onChange={show}
              aria-label={w.language}
              options={(['zh', 'en'] as const).map(l => ({ value: l, label: w[l] }))}
            />
            <span className="t3 f12 end">{d.moveHint}</span>
          </div>
          {draft[shown].length === 0 && <Empty title={w.noBlocks} hint={w.noBlocksHint} />}
          <BlockList
            key={shown}
            blocks={draft[shown]}
            scope={{ variables, list: null }}
            wrong={wrongAt}
            change={blocks => change({ ...draft, [shown]: blocks })}
          />
          <Inputs draft={draft} change={change} />
          <h2>{w.footer}</h2>
          <Worded
            label={w.footer}
            text={draft.footer[shown]}
            scope={{ variables, list: null }}
            change={text => change({ ...draft, footer: { ...draft.footer, [shown]: text } })}
          />
          <Keeping template={template} version={editing.version} settle={editing.settle} disabled={touched} />
        </div>
        <div className="editorside">
          <Segmented
            style={{ justifySelf: 'start' }}
            aria-label={d.beside}
            value={beside}
            onChange={setBeside}
            options={[
              { value: 'preview' as const, label: d.preview },
              { value: 'versions' as const, label: w.versions },
            ]}
          />
          {beside === 'preview' ? (
            <Preview source={source} language={shown} draft={draft} told={setRefused} />
          ) : (
            <TemplateVersions
              template={template}
              draft={draft}
              language={shown}
              variables={source.variables}
              load={content => {
                change(content)
                tell(d.taken)
              }}
            />
          )}
        </div>
      </div>
    </div>
  )
}

/** How long what is made of it is kept. */
function Keeping({
  template,
  version,
  settle,
  disabled,
}: {
  template: Template
  version: number
  settle: (saved: Template) => void
  disabled: boolean
}) {
  const save = useAct(documents.changeTemplate)
  const [days, setDays] = useState<number | null>(template.keepDays)
  const put = async () => {
    if (days === template.keepDays) return
    const saved = await save.act({ id: template.id, body: { version, keepDays: days } })
    if (saved) {
      settle(saved)
      tell(w.saved)
    }
  }
  return (
    <section>
      <h2>{d.keep}</h2>
      <div className="row wrap">
        <InputNumber
          style={{ width: 144 }}
          aria-label={d.keep}
          min={1}
          max={36_500}
          precision={0}
          placeholder={d.always}
          suffix={d.days}
          value={days}
          disabled={disabled || save.acting}
          onChange={setDays}
          onBlur={() => void put()}
          onPressEnter={() => void put()}
        />
        <span className="t3 f12">{disabled ? d.saveFirst : d.keepHint}</span>
      </div>
    </section>
  )
}
