import { Button, Form, Input, InputNumber, Select } from 'antd'
import { approvals } from '#contract/approvals.ts'
import { PersonSelect, useNames } from '../app/people.tsx'
import { call } from '../kit/call.ts'
import { queryClient } from '../kit/data.ts'
import { FilePick } from '../kit/FilePick.tsx'
import { FormDrawer } from '../kit/FormDrawer.tsx'
import { IconPaperclip, IconX } from '../kit/icons.ts'
import { tell } from '../kit/tell.tsx'
import { nameOf, refusalText } from '../kit/words.ts'
import { sizeText, useAttachments } from '../messaging/attach.ts'
import { stepText, useApprovalKinds } from './approvalWords.ts'
import { w } from './words.ts'

type Values = { kind: string; title: string; text: string; amount: number | null; deciderId: string | null }

/** A request: by the policy of its kind, or with whoever is named. */
export default function AskApproval({ close, asked }: { close: () => void; asked: (id: string) => void }) {
  const [form] = Form.useForm<Values>()
  const kind = Form.useWatch('kind', form) ?? 'other'
  const { open } = useApprovalKinds()
  const policy = open.find(p => p.kind === kind)
  const { files, add, remove, clear } = useAttachments('approval.new')
  const counted = policy?.steps.some(s => s.above !== null || s.upTo !== null) ?? false
  const name = useNames(policy?.steps.map(s => (s.decider.who === 'person' ? s.decider.personId : null)) ?? [])
  const currency = policy?.currency ?? 'CNY'
  const save = async ({ title, text, amount, deciderId }: Values) => {
    const { id } = await call(approvals.ask, {
      body: {
        kind,
        title,
        text: text ?? '',
        amount: typeof amount === 'number' ? { minor: Math.round(amount * 100), currency } : null,
        deciderId: policy ? null : (deciderId ?? null),
        fileIds: files.flatMap(f => f.card?.id ?? []),
      },
    })
    clear()
    await Promise.all(['approvals', 'work'].map(noun => queryClient.invalidateQueries({ queryKey: [noun] })))
    tell(w.sent)
    asked(id)
  }
  return (
    <FormDrawer<Values>
      open
      form={form}
      title={w.askTitle}
      saveWord={w.send}
      values={{ kind: 'other', title: '', text: '', amount: null, deciderId: null }}
      save={save}
      close={close}
    >
      <Form.Item name="kind" label={w.kind}>
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          options={[
            ...open.filter(p => p.anyone && p.kind !== 'other').map(p => ({ value: p.kind, label: nameOf(p) })),
            { value: 'other', label: w.other },
          ]}
        />
      </Form.Item>
      <Form.Item name="title" label={w.what} validateTrigger="onChange" rules={[{ required: true, whitespace: true, message: w.must }]}>
        <Input maxLength={200} autoFocus />
      </Form.Item>
      <Form.Item name="text" label={w.text}>
        <Input.TextArea maxLength={4000} autoSize={{ minRows: 3, maxRows: 8 }} />
      </Form.Item>
      <Form.Item name="amount" label={w.amount} rules={counted ? [{ required: true, message: w.must }] : []}>
        <InputNumber min={0} max={1e11} precision={2} suffix={currency} style={{ width: 220 }} />
      </Form.Item>
      {policy ? (
        <Form.Item label={w.decidedBy}>
          <ol className="row wrap" style={{ gap: 4 }}>
            {policy.steps.map(step => (
              <li key={stepText(policy, step)} className="tag">
                {stepText(policy, step)} {step.decider.who === 'person' && name(step.decider.personId)}
              </li>
            ))}
          </ol>
        </Form.Item>
      ) : (
        <Form.Item name="deciderId" label={w.decider} rules={[{ required: true, message: w.must }]}>
          <PersonSelect />
        </Form.Item>
      )}
      <Form.Item label={w.files}>
        {files.map(f => (
          <div key={f.key} className="row">
            <span className={`cut grow ${f.failed ? 'bac' : ''}`}>
              {f.name}{' '}
              <span className="t3 f12">
                {f.failed ? refusalText(f.failed) : f.card ? sizeText(f.size) : `${Math.round(f.share * 100)} %`}
              </span>
            </span>
            <Button
              type="text"
              size="small"
              icon={<IconX size={14} />}
              aria-label={`${w.removeEvidence} ${f.name}`}
              onClick={() => remove(f.key)}
            />
          </div>
        ))}
        <FilePick pick={add}>
          {open => (
            <Button size="small" icon={<IconPaperclip size={14} />} onClick={open}>
              {w.addFile}
            </Button>
          )}
        </FilePick>
      </Form.Item>
    </FormDrawer>
  )
}
