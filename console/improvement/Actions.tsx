import { Link } from '@tanstack/react-router'
import { Button, Form, Input } from 'antd'
import { useState } from 'react'
import { type Finding, findingCan, improvements } from '#contract/improvement.ts'
import { useMay } from '../app/me.ts'
import { PersonSelect } from '../app/people.tsx'
import { call } from '../kit/call.ts'
import { queryClient } from '../kit/data.ts'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { IconCircleCheck, IconPlus, IconProgress } from '../kit/icons.ts'
import { SlaChip } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { w } from './words.ts'

type Values = { title: string; text: string; ownerId: string; due: string }

/** What is done about it: tasks of their owners, with their states as tasks know them. */
export function Actions({ finding }: { finding: Finding }) {
  const may = useMay()
  const [adding, setAdding] = useState(false)
  const mine = finding.tasks.filter(t => t.round === finding.round)
  const save = async ({ title, text, ownerId, due }: Values) => {
    await call(improvements.act, {
      id: finding.id,
      body: { title, text: text ?? '', ownerId, dueAt: due ? new Date(`${due}T17:00`) : null },
    })
    await Promise.all(['improvements', 'tasks'].map(noun => queryClient.invalidateQueries({ queryKey: [noun] })))
    tell(w.actionAdded)
  }
  return (
    <section className="card" aria-label={w.actions}>
      <header>
        <h2>{w.actions}</h2>
        {mine.length > 0 && <span className="t3 f12">{w.actionsOf(finding.actions.done, finding.actions.all)}</span>}
        {findingCan.act(finding) && may('improvement:write') && (
          <Button className="end" size="small" icon={<IconPlus size={14} />} onClick={() => setAdding(true)}>
            {w.addAction}
          </Button>
        )}
      </header>
      <div className="body col">
        {mine.length === 0 ? (
          <span className="t3">
            {w.noActions}
            <i className="sep" />
            {w.noActionsHint}
          </span>
        ) : (
          <ul className="col actions">
            {mine.map(t => (
              <li key={t.id} className="row wrap">
                {t.doneAt ? <IconCircleCheck size={16} className="okc" /> : <IconProgress size={16} className="t3" />}
                <Link className="grow" to="/tasks" search={{ t: t.id } as never} title={w.openTask}>
                  {t.title}
                </Link>
                <span className="t2 f12">{t.ownerName}</span>
                {t.doneAt ? (
                  <span className="tag ok">{w.done}</span>
                ) : t.dueAt ? (
                  <SlaChip due={t.dueAt} start={finding.openedAt} />
                ) : (
                  <span className="tag">{w.open}</span>
                )}
              </li>
            ))}
          </ul>
        )}
      </div>
      {adding && (
        <FormDrawer<Values> open title={w.addAction} values={{ title: '', text: '', due: '' }} save={save} close={() => setAdding(false)}>
          <Form.Item name="title" label={w.actionTitle} rules={[{ required: true, whitespace: true, message: w.must }]}>
            <Input maxLength={200} autoFocus />
          </Form.Item>
          <Form.Item name="text" label={w.text}>
            <Input.TextArea maxLength={4000} autoSize={{ minRows: 3, maxRows: 8 }} />
          </Form.Item>
          <Form.Item name="ownerId" label={w.owner} rules={[{ required: true, message: w.must }]}>
            <PersonSelect allowClear={false} />
          </Form.Item>
          <Form.Item name="due" label={w.due}>
            <Input type="date" style={{ width: 180 }} />
          </Form.Item>
        </FormDrawer>
      )}
    </section>
  )
}
