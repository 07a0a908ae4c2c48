import { Form, Input } from 'antd'
import { useRef } from 'react'
import { improvements, type SourceNoun } from '#contract/improvement.ts'
import { useMe } from '../app/me.ts'
import { call } from '../kit/call.ts'
import { queryClient } from '../kit/data.ts'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { tell } from '../kit/tell.tsx'
import { DueField, dueAt, OwnerField, TextField } from './Fields.tsx'
import { sourceWord } from './stages.tsx'
import { w } from './words.ts'

export type From = { noun: SourceNoun; id: string | null; title: string }
type Values = { title: string; text: string; ownerId: string | null; due: string }

/** Something to be better at. Whoever closes it is told what was made: its own page is where the plan is. */
export default function NewFinding({ from, close }: { from: From | null; close: (made: string | null) => void }) {
  const me = useMe()
  const made = useRef<string | null>(null)
  const save = async ({ title, text, ownerId, due }: Values) => {
    const finding = await call(improvements.open, {
      body: {
        title,
        text: text ?? '',
        ownerId: ownerId ?? null,
        dueAt: due ? dueAt(due) : null,
        source: { noun: from?.noun ?? 'idea', id: from?.id ?? null, facts: from?.title ? { title: from.title } : {} },
      },
    })
    await queryClient.invalidateQueries({ queryKey: ['improvements'] })
    tell(w.added)
    made.current = finding.id
  }
  return (
    <FormDrawer<Values>
      open
      title={w.add}
      values={{ title: from?.title ?? '', text: '', ownerId: me?.user.id ?? null, due: '' }}
      save={save}
      close={() => close(made.current)}
      width={480}
    >
      {from && from.noun !== 'idea' && (
        <p className="row" style={{ marginBottom: 12 }}>
          <span className="t3">{w.source}</span>
          <span className="tag">{sourceWord(from.noun)}</span>
          <span className="cut">{from.title}</span>
        </p>
      )}
      <Form.Item name="title" label={w.title} rules={[{ required: true, whitespace: true, message: w.must }]}>
        <Input maxLength={200} autoFocus />
      </Form.Item>
      <TextField label={w.text} rows={3} />
      <OwnerField />
      <DueField />
    </FormDrawer>
  )
}
