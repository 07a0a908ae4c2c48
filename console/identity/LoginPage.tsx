import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Form, Input } from 'antd'
import { useEffect, useState } from 'react'
import { identity } from '#contract/identity.ts'
import { keyOf, queryClient, useAct, useFetch } from '../kit/data.ts'
import { Avatar, Failure, Waiting } from '../kit/parts.tsx'
import { language, nameOf } from '../kit/words.ts'
import { Tongue } from './Tongue.tsx'
import { w } from './words.ts'
import './entry.css'

type Fields = { tenant?: string; login: string; password: string }

export default function LoginPage() {
  const go = useNavigate()
  const { back }: { back?: string } = useSearch({ strict: false })
  const welcome = useFetch(identity.welcome, {})
  const [form] = Form.useForm<Fields>()
  const [caps, setCaps] = useState(false)
  const signIn = useAct(identity.signIn, { quiet: true })
  const data = welcome.data
  useEffect(() => {
    if (data && !data.installed) void go({ to: '/setup', replace: true })
  }, [data, go])
  useEffect(() => {
    document.title = `${w.title} - ${w.brand}`
  }, [])

  const enter = async ({ tenant, login, password }: Fields) => {
    const slug = tenant ?? data?.tenant?.slug
    const reply = await signIn.act({ body: { login, password, ...(slug ? { tenant: slug } : {}) } })
    if (!reply) {
      form.getFieldInstance('password')?.focus?.()
      return
    }
    const { bearer: _, ...me } = reply
    queryClient.clear()
    queryClient.setQueryData(keyOf(identity.me, {}), me)
    // Only addresses of our own: a link must not send a signed-in person elsewhere.
    if (back?.startsWith('/') && !back.startsWith('//') && !back.startsWith('/\\')) await go({ href: back })
    else await go({ to: '/' })
  }

  return (
    <div className="login">
      <Left />
      <main className="right">
        <Tongue className="tongue" />
        <div className="box">
          <div className="t3">{data?.tenant ? nameOf(data.tenant) : '回音 Huiyin'}</div>
          <h1>{w.title}</h1>
          {welcome.error && !data && <Failure error={welcome.error} retry={() => void welcome.refetch()} />}
          {!data && !welcome.error && <Waiting />}
          {data && (
            <Form form={form} layout="vertical" requiredMark={false} onFinish={values => void enter(values)} validateTrigger="onSubmit">
              {!data.tenant && (
                <Form.Item name="tenant" label={w.organisation} extra={w.organisationHint} rules={[{ required: true, message: w.needed }]}>
                  <Input size="large" autoCapitalize="none" autoComplete="organization" />
                </Form.Item>
              )}
              <Form.Item name="login" label={w.login} rules={[{ required: true, message: w.needLogin }]}>
                <Input size="large" autoFocus autoCapitalize="none" autoComplete="username" spellCheck={false} />
              </Form.Item>
              <Form.Item
                name="password"
                label={w.password}
                rules={[{ required: true, message: w.needPassword }]}
                extra={caps ? <span className="wac">{w.caps}</span> : undefined}
              >
                <Input.Password size="large" autoComplete="current-password" onKeyUp={e => setCaps(e.getModifierState('CapsLock'))} />
              </Form.Item>
              {signIn.refused && (
                <div style={{ marginBottom: 16 }}>
                  <Failure error={signIn.refused} />
                </div>
              )}
              <Button type="primary" size="large" htmlType="submit" block loading={signIn.acting}>
                {w.enter} <kbd>↵</kbd>
              </Button>
            </Form>
          )}
          {data && data.accounts.length > 0 && (
            <section aria-label={w.sample} style={{ marginTop: 24 }}>
              <div className="t3 f12">{w.sample}</div>
              <div className="accounts">
                {data.accounts.map(({ login, password, name, role, roleEn }) => (
                  <button
                    type="button"
                    key={login}
                    disabled={signIn.acting}
                    onClick={() => {
                      form.setFieldsValue({ login, password })
                      void enter({ login, password })
                    }}
                  >
                    <Avatar name={name} />
                    <span className="grow">
                      <span className="m5">{name}</span>
                      <span className="t3 f12" style={{ display: 'block' }}>
                        {language() === 'zh' ? role : roleEn}
                      </span>
                    </span>
                  </button>
                ))}
              </div>
            </section>
          )}
        </div>
        {data && (
          <div className="foot">
            <i className="dot ok" />
            {w.well}
            <i className="sep" />
            {w.version} {data.version}
          </div>
        )}
      </main>
    </div>
  )
}

/** A word goes out, the answer comes back: rings around a bubble. */
function Left() {
  const rings = [61, 92, 123, 154]
  return (
    <section className="left" aria-hidden="true">
      <svg aria-hidden="true" className="rings" viewBox="0 0 360 400" preserveAspectRatio="xMidYMid slice" fill="none">
        {rings.map((half, i) => (
          <rect
            key={half}
            x={180 - half}
            y={200 - half}
            width={half * 2}
            height={half * 2}
            rx={half * 0.34}
            stroke="#fff"
            strokeWidth=".5"
            opacity={0.5 - i * 0.11}
          />
        ))}
        <path
          d="M161 170h38a11 11 0 0 1 11 11v34a11 11 0 0 1-11 11h-19l-11.4 9.4c-1.8 1.5-4.5.2-4.5-2.1v-7.300h-3.100a11 11 0 0 1-11-11v-34a11 11 0 0 1 11-11z"
          fill="#f3f5ff"
        />
      </svg>
      <div className="name">
        <img src="/favicon.svg" width={36} height={36} alt="" />
        <b>回音 Huiyin</b>
      </div>
      <div className="slogan">
        {w.slogan1}
        <br />
        {w.slogan2}
      </div>
    </section>
  )
}
