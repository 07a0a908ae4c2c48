import { Button, Form, Input, QRCode } from 'antd'
import { useState } from 'react'
import { secondFactor } from '#contract/security.ts'
import { call, RefusalError } from '../kit/call.ts'
import { queryClient, useAct, useFetch } from '../kit/data.ts'
import { Failure, Waiting } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { Once } from './Once.tsx'
import { s } from './security.words.ts'
import { w } from './words.ts'

type Doing = 'begin' | 'codes' | 'remove'
type Shown = { secret: string; uri: string } | { codes: string[] } | null

/** The second step of signing in: begun with the password, confirmed with a code, and the recovery codes shown once. */
export function SecondFactor({ whenOn }: { whenOn?: () => void }) {
  const state = useFetch(secondFactor.state, {})
  const [doing, setDoing] = useState<Doing | null>(null)
  const [shown, setShown] = useState<Shown>(null)
  if (state.error) return <Failure error={state.error} retry={() => void state.refetch()} />
  if (!state.data) return <Waiting rows={2} />
  const { on, required, codesLeft } = state.data
  if (shown && 'codes' in shown)
    return (
      <div className="col" style={{ gap: 12 }}>
        <b>{s.codes}</b>
        <Once text={shown.codes.join('\n')} hint={s.codesHint} />
        <div>
          <Button
            type="primary"
            onClick={() => {
              setShown(null)
              void queryClient.invalidateQueries({ queryKey: ['me'] })
              whenOn?.()
            }}
          >
            {s.done}
          </Button>
        </div>
      </div>
    )
  if (shown) return <Confirm begun={shown} done={codes => setShown({ codes })} cancel={() => setShown(null)} />
  if (doing)
    return (
      <Ask
        doing={doing}
        cancel={() => setDoing(null)}
        done={next => {
          setDoing(null)
          setShown(next)
        }}
      />
    )
  return (
    <div className="row wrap">
      <span className={`tag ${on ? 'ok' : ''}`}>{on ? s.on : s.off}</span>
      {on && <span className={`f12 ${codesLeft < 3 ? 'wac' : 't3'}`}>{s.codesLeft(codesLeft)}</span>}
      <span className="end row">
        {!on && (
          <Button type={whenOn ? 'primary' : 'default'} onClick={() => setDoing('begin')}>
            {s.turnOn}
          </Button>
        )}
        {on && <Button onClick={() => setDoing('codes')}>{s.newCodes}</Button>}
        {on && !required && <Button onClick={() => setDoing('remove')}>{s.turnOff}</Button>}
      </span>
    </div>
  )
}

/** Each of the three asks for the password once more. */
function Ask({ doing, done, cancel }: { doing: Doing; done: (next: Shown) => void; cancel: () => void }) {
  const begin = useAct(secondFactor.begin, { quiet: true, done })
  const codes = useAct(secondFactor.renewCodes, { quiet: true, done })
  const remove = useAct(secondFactor.remove, {
    quiet: true,
    done: () => {
      tell(s.takenOff)
      done(null)
    },
  })
  const { act, acting, refused } = { begin, codes, remove }[doing]
  return (
    <Form<{ password: string }> layout="vertical" style={{ maxWidth: 320 }} onFinish={({ password }) => void act({ body: { password } })}>
      <Form.Item name="password" label={s.myPassword} rules={[{ required: true, message: w.required }]}>
        <Input.Password autoFocus autoComplete="current-password" />
      </Form.Item>
      {refused && <Failure error={refused} />}
      <div className="row" style={{ marginTop: 8 }}>
        <Button onClick={cancel}>{s.cancel}</Button>
        <Button type="primary" htmlType="submit" loading={acting}>
          {s.next}
        </Button>
      </div>
    </Form>
  )
}

function Confirm({
  begun: { secret, uri },
  done,
  cancel,
}: {
  begun: { secret: string; uri: string }
  done: (codes: string[]) => void
  cancel: () => void
}) {
  const [{ acting, refused }, setState] = useState<{ acting: boolean; refused: RefusalError | null }>({ acting: false, refused: null })
  // Not by useAct: what it refreshes would take the recovery codes from the page before they are seen.
  const confirm = async (code: string) => {
    setState({ acting: true, refused: null })
    try {
      done((await call(secondFactor.confirm, { body: { code } })).codes)
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error
      setState({ acting: false, refused: error })
    }
  }
  return (
    <Form<{ code: string }> layout="vertical" style={{ maxWidth: 320 }} onFinish={({ code }) => void confirm(code)}>
      <p className="t2">{s.scan}</p>
      {/* White behind it: a dark page would hide the code from the camera. */}
      <QRCode type="svg" value={uri} size={176} color="#000" bgColor="#fff" />
      <p className="t3 f12" style={{ margin: '8px 0 16px', overflowWrap: 'anywhere' }}>
        {s.orType} <code>{secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
      </p>
      <Form.Item name="code" label={s.typeCode} rules={[{ required: true, pattern: /^\s*\d{3}\s?\d{3}\s*$/, message: s.typeCode }]}>
        <Input inputMode="numeric" autoComplete="one-time-code" maxLength={8} style={{ width: 144 }} autoFocus />
      </Form.Item>
      {refused && <Failure error={refused} />}
      <div className="row" style={{ marginTop: 8 }}>
        <Button onClick={cancel}>{s.cancel}</Button>
        <Button type="primary" htmlType="submit" loading={acting}>
          {s.confirm}
        </Button>
      </div>
    </Form>
  )
}
