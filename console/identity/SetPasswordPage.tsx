import { useNavigate } from '@tanstack/react-router'
import { Button, Form, Input } from 'antd'
import { useEffect, useState } from 'react'
import { identity } from '#contract/identity.ts'
import { useAct } from '../kit/data.ts'
import { Failure, Waiting } from '../kit/parts.tsx'
import { AgainField } from './AgainField.tsx'
import { Entry } from './Entry.tsx'
import { w } from './words.ts'

/** The link carries its token behind the #, which no server and no referrer ever sees. */
const tokenHere = () => location.hash.slice(1)

export default function SetPasswordPage() {
  const go = useNavigate()
  const [token] = useState(tokenHere)
  const look = useAct(identity.lookAtPasswordLink, { quiet: true, done: whose => setWhose(whose) })
  const [whose, setWhose] = useState<{ name: string; login: string; organisation: string; organisationEn: string; least: number } | null>(
    null,
  )
  const [done, setDone] = useState(false)
  const use = useAct(identity.usePasswordLink, { quiet: true, done: () => setDone(true) })
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, when the page opens
  useEffect(() => {
    void look.act({ body: { token } })
    document.title = `${w.setPassword} - ${w.brand}`
  }, [])
  return (
    <Entry house={whose && { name: whose.organisation, nameEn: whose.organisationEn }} title={w.setPassword}>
      {look.refused && <Failure error={look.refused} />}
      {look.acting && <Waiting />}
      {whose && !done && (
        <Form<{ password: string; again: string }>
          layout="vertical"
          requiredMark={false}
          validateTrigger="onBlur"
          onFinish={({ password }) => void use.act({ body: { token, password } })}
        >
          <p className="t2" style={{ marginBottom: 16 }}>
            {w.forWhom(whose.name, whose.login)}
          </p>
          <input type="text" name="username" autoComplete="username" value={whose.login} readOnly hidden />
          <Form.Item
            name="password"
            label={w.newPassword}
            extra={w.newPasswordHint(whose.least)}
            rules={[{ required: true, min: whose.least, message: w.newPasswordHint(whose.least) }]}
          >
            <Input.Password size="large" autoFocus autoComplete="new-password" />
          </Form.Item>
          <AgainField of="password" large />
          {use.refused && (
            <div style={{ marginBottom: 16 }}>
              <Failure error={use.refused} />
            </div>
          )}
          <Button type="primary" size="large" htmlType="submit" block loading={use.acting}>
            {w.setPassword}
          </Button>
        </Form>
      )}
      {done && (
        <>
          <p className="t2" style={{ marginBottom: 16 }}>
            {w.passwordSet}
          </p>
          <Button type="primary" size="large" block onClick={() => void go({ to: '/login' })}>
            {w.enter}
          </Button>
        </>
      )}
    </Entry>
  )
}
