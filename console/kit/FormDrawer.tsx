import { Button, Drawer, Form, type FormInstance, Modal } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { RefusalError } from './call.ts'
import { submitKey, useHotkey, withCommand } from './hotkeys.ts'
import { Failure, Kbd } from './parts.tsx'
import { words } from './words.ts'

const w = words({
  save: ['保存', 'Save'],
  cancel: ['取消', 'Cancel'],
  tooSmall: ['太短或太小', 'Too short or too small'],
  tooBig: ['太长或太大', 'Too long or too large'],
  unfit: ['这里不能这样填', 'This does not fit here'],
  changed: [(n: number) => `改动 ${n} 处`, (n: number) => (n === 1 ? '1 change' : `${n} changes`)],
  leaveTitle: ['不保存就关闭', 'Close without saving'],
  leaveText: [(n: number) => `改动的 ${n} 处会丢失。`, (n: number) => (n === 1 ? 'One change is lost.' : `${n} changes are lost.`)],
  leave: ['放弃改动', 'Discard them'],
  stay: ['继续填写', 'Keep editing'],
})

/** The fields that an `input.invalid` names, `body.week.1` and the like, each with what is wrong. */
function fieldsOf(error: RefusalError): { at: string[]; word: string }[] {
  if (!Array.isArray(error.facts.fields)) return []
  return error.facts.fields.map((f: { at?: unknown; problem?: unknown }) => ({
    at: String(f.at).split('.').slice(1),
    word: f.problem === 'too_small' ? w.tooSmall : f.problem === 'too_big' ? w.tooBig : w.unfit,
  }))
}

type Props<V> = {
  open: boolean
  title: ReactNode
  /** What the fields hold when it opens. */
  values: Partial<V>
  /** Sends it; a thrown refusal is told above the foot and at the fields it names, and the drawer stays, as it does for false: thought better of. */
  save: (values: V) => Promise<unknown>
  close: () => void
  /** Refusals that are about one field stand there and not above the foot. */
  places?: Readonly<Record<string, keyof V & string>>
  children: ReactNode
  /** The page's own hold on the form, where it sets values itself. */
  form?: FormInstance<V>
  saveWord?: string
  width?: number
}

/** A form beside the list it belongs to: fields are antd Form.Items; ⌘Enter saves; Esc and a click beside close it, asking first when something was typed. */
export function FormDrawer<V extends object>(props: Props<V>) {
  const { open, title, close, children, saveWord, width = 440 } = props
  const [form] = Form.useForm<V>(props.form)
  const [state, setState] = useState<{ saving: boolean; refused: RefusalError | null; changes: number }>({
    saving: false,
    refused: null,
    changes: 0,
  })
  const { saving, refused, changes } = state
  const [asked, ask] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the values count when it opens; later renders must not overwrite what was typed
  useEffect(() => {
    ask(false)
    if (!open) return
    form.resetFields()
    form.setFieldsValue(props.values as Parameters<typeof form.setFieldsValue>[0])
    setState({ saving: false, refused: null, changes: 0 })
  }, [open, form])
  const submit = async (values: V) => {
    setState(s => ({ ...s, saving: true, refused: null }))
    try {
      if ((await props.save(values)) === false) {
        setState(s => ({ ...s, saving: false }))
        return
      }
      close()
      setState({ saving: false, refused: null, changes: 0 })
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error
      const place = props.places?.[error.code]
      setState(s => ({ ...s, saving: false, refused: place ? null : error }))
      form.setFields(
        place
          ? [{ name: place as never, errors: [error.message] }]
          : fieldsOf(error).map(({ at, word }) => ({ name: at as never, errors: [word] })),
      )
      if (place) form.scrollToField(place as never, { focus: true })
    }
  }
  useHotkey('mod+enter', form.submit, open && !saving && !asked)
  return (
    <Drawer
      open={open}
      onClose={() => (changes > 0 ? ask(true) : close())}
      title={title}
      size={width}
      destroyOnHidden
      footer={
        <>
          {refused && (
            <div style={{ marginBottom: 8 }}>
              <Failure error={refused} />
            </div>
          )}
          <div className="row">
            {changes > 0 && <span className="t3 f12">{w.changed(changes)}</span>}
            <Button className="end" onClick={close}>
              {w.cancel}
            </Button>
            <Button type="primary" loading={saving} onClick={form.submit}>
              {saveWord ?? w.save} <Kbd>{withCommand('Enter')}</Kbd>
            </Button>
          </div>
        </>
      }
    >
      <Form<V>
        form={form}
        layout="vertical"
        validateTrigger="onBlur"
        scrollToFirstError
        onFinish={values => void submit(values)}
        onKeyDownCapture={submitKey(() => !saving && form.submit())}
        onValuesChange={changed => {
          // What was refused there is being put right.
          const right = Object.values(props.places ?? {}).filter(name => name in changed && form.getFieldError(name as never).length > 0)
          if (right.length > 0) form.setFields(right.map(name => ({ name: name as never, errors: [] })))
          const touched = Object.keys(form.getFieldsValue()).filter(name => form.isFieldTouched(name as never)).length
          setState(s => ({ ...s, changes: touched }))
        }}
      >
        {children}
      </Form>
      <Modal
        open={asked}
        title={w.leaveTitle}
        okText={w.leave}
        cancelText={w.stay}
        okButtonProps={{ danger: true }}
        cancelButtonProps={{ autoFocus: true }}
        onOk={close}
        onCancel={() => ask(false)}
        width={400}
        destroyOnHidden
      >
        {w.leaveText(changes)}
      </Modal>
    </Drawer>
  )
}
