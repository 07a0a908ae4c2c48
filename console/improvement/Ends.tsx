import { Form, Input } from 'antd'
import { type Finding, improvements, type Round } from '#contract/improvement.ts'
import { call } from '../kit/call.ts'
import { queryClient } from '../kit/data.ts'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { tell } from '../kit/tell.tsx'
import { DueField, dueAt, OwnerField } from './Fields.tsx'
import { LinkPick } from './Links.tsx'
import { w } from './words.ts'

export type Ending = 'close' | 'drop' | 'reopen' | 'edit'
const titles: Record<Ending, () => string> = { close: () => w.standardise, drop: () => w.drop, reopen: () => w.reopen, edit: () => w.edit }
type Values = { text: string; title: string; ownerId: string | null; due: string; links: Round['links'] }

const twoDigits = (n: number) => String(n).padStart(2, '0')
const dayOf = (at: Date | null) => (at ? `${at.getFullYear()}-${twoDigits(at.getMonth() + 1)}-${twoDigits(at.getDate())}` : '')

/** The steps that need a few words. */
export default function Ends({ finding: f, ending, close }: { finding: Finding; ending: Ending; close: () => void }) {
  const save = async ({ text, title, ownerId, due, links }: Values) => {
    if (ending === 'close') await call(improvements.close, { id: f.id, body: { standardised: text, links } })
    else if (ending === 'drop') await call(improvements.drop, { id: f.id, body: { reason: text } })
    else if (ending === 'reopen') await call(improvements.reopen, { id: f.id, body: { reason: text } })
    else
      await call(improvements.change, {
        id: f.id,
        body: {
          title,
          text: text ?? '',
          ownerId: ownerId ?? null,
          dueAt: due ? (due === dayOf(f.dueAt) ? f.dueAt : dueAt(due)) : null,
        },
      })
    await queryClient.invalidateQueries({ queryKey: ['improvements'] })
    tell({ close: w.finished, drop: w.droppedNow, reopen: w.reopened, edit: w.save }[ending])
  }
  const label = { close: w.standardised, drop: w.dropReason, reopen: w.reopenReason, edit: w.text }[ending]
  return (
    <FormDrawer<Values>
      open
      title={titles[ending]()}
      values={ending === 'edit' ? { title: f.title, text: f.text, ownerId: f.ownerId, due: dayOf(f.dueAt) } : { text: '', links: [] }}
      save={save}
      close={close}
      {...(ending === 'close' ? { saveWord: w.finish } : {})}
    >
      {ending === 'edit' && (
        <Form.Item name="title" label={w.title} rules={[{ required: true, whitespace: true, message: w.must }]}>
          <Input maxLength={200} autoFocus />
        </Form.Item>
      )}
      <Form.Item
        name="text"
        label={label}
        {...(ending === 'edit' ? {} : { rules: [{ required: true, whitespace: true, message: w.must }] })}
        {...(ending === 'close' ? { help: w.standardisedHint } : {})}
      >
        <Input.TextArea
          maxLength={ending === 'edit' || ending === 'close' ? 4000 : 2000}
          autoSize={{ minRows: 3, maxRows: 10 }}
          autoFocus={ending !== 'edit'}
        />
      </Form.Item>
      {ending === 'close' && (
        <Form.Item name="links" label={w.links} help={w.linksHelp}>
          <LinkPick />
        </Form.Item>
      )}
      {ending === 'edit' && (
        <>
          <OwnerField />
          <DueField />
        </>
      )}
    </FormDrawer>
  )
}
