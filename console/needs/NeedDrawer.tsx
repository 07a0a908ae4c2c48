import { Button, Drawer, Tabs } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { type Need, needs, needTemplates } from '#contract/needs.ts'
import { useFresh } from '../app/live.ts'
import { useMay } from '../app/me.ts'
import { useFetch } from '../kit/data.ts'
import { fieldText } from '../kit/FieldInput.tsx'
import { Failure, Waiting } from '../kit/parts.tsx'
import { full } from '../kit/time.ts'
import { nameOf } from '../kit/words.ts'
import { Askers } from './Askers.tsx'
import { Course } from './Course.tsx'
import { Deciding } from './Deciding.tsx'
import { NeedTag } from './NeedTag.tsx'
import { Voices } from './Voices.tsx'
import { w } from './words.ts'
import '../kit/page.css'
import './needs.css'

const AnswerNeed = lazy(() => import('./AnswerNeed.tsx'))
const EditNeed = lazy(() => import('./EditNeed.tsx'))

/** One need beside its list: what is wanted, whose it is, who said so in their words, and what became of it. */
export default function NeedDrawer({ id, close, open }: { id: string; close: () => void; open: (id: string) => void }) {
  const { data, error, refetch } = useFetch(needs.one, { id }, { keep: false })
  useFresh('need', 'needs')
  return (
    <Drawer open onClose={close} size={560} title={data?.title ?? w.title}>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {data ? <Shown of={data} open={open} /> : error ? null : <Waiting rows={8} />}
    </Drawer>
  )
}

function Shown({ of, open }: { of: Need; open: (id: string) => void }) {
  const may = useMay()
  const templates = useFetch(needTemplates.list, { query: { retired: true } }, { staleTime: 60_000 }).data
  const template = templates?.find(t => t.id === of.templateId)
  const [doing, setDoing] = useState<'answer' | 'edit' | null>(null)
  const fields = (template?.fields ?? []).flatMap(f => {
    const text = fieldText(f, of.fields[f.key])
    return text === '' ? [] : [{ key: f.key, name: nameOf({ name: f.label, nameEn: f.labelEn }), text }]
  })
  return (
    <div className="need col">
      <div className="row wrap">
        <NeedTag state={of.state} />
        <b>{w.voicesOf(of.voices)}</b>
        {template && (templates?.length ?? 0) > 1 && <span className="tag">{nameOf(template)}</span>}
        <span className="end row">
          {may('need:write') && <Button onClick={() => setDoing('edit')}>{w.edit}</Button>}
          {may('need:decide') && (
            <Button type="primary" onClick={() => setDoing('answer')}>
              {w.answer}
            </Button>
          )}
        </span>
      </div>
      {of.text && <p className="prose">{of.text}</p>}
      {fields.length > 0 && (
        <dl className="facts one">
          {fields.map(f => (
            <div key={f.key}>
              <dt>{f.name}</dt>
              <dd>{f.text}</dd>
            </div>
          ))}
        </dl>
      )}
      {of.answer && (
        <div className="answer">
          <span className="t3 f12">
            {w.answered} {of.answeredAt && full(of.answeredAt)}
          </span>
          <p className="prose">{of.answer}</p>
        </div>
      )}
      <Deciding of={of} open={open} />
      <Tabs
        size="small"
        items={[
          { key: 'voices', label: w.voices, children: <Voices of={of} /> },
          { key: 'askers', label: w.askers, children: <Askers id={of.id} /> },
          { key: 'course', label: w.course, children: <Course id={of.id} /> },
        ]}
      />
      <Suspense>
        {doing === 'answer' && <AnswerNeed of={of} close={() => setDoing(null)} />}
        {doing === 'edit' && <EditNeed of={of} close={() => setDoing(null)} />}
      </Suspense>
    </div>
  )
}
