import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Form, Input } from 'antd'
import { useEffect, useState } from 'react'
import { identity } from '#contract/identity.ts'
import { keyOf, queryClient, useAct, useFetch } from '../kit/data.ts'
import { Failure, Waiting } from '../kit/parts.tsx'
import { language, nameOf, setLanguage } from '../kit/words.ts'
import { w } from './words.ts'

type Fields = { tenant?: string; login: string; password: string }

export default function LoginPage() {
  const go = useNavigate()
  const { back } = useSearch({ strict: false }) as { back?: string }
  const welcome = useFetch(identity.welcome, {})
  const [form] = Form.useForm<Fields>()
  const [caps, setCaps] = useState(false)
  const signIn = useAct(identity.signIn, { quiet: true })
  const data = welcome.data
  useEffect(() => {
    if (data && !data.installed) void go({ to: '/setup' })
  }, [data, go])

  const enter = async ({ tenant, login, password }: Fields) => {
    const me = await signIn.act({ body: { login, password, ...(tenant || data?.tenant ? { tenant: tenant ?? data?.tenant?.slug } : {}) } })
    if (!me) {
      form.getFieldInstance('password')?.focus?.()
      return
    }
    queryClient.clear()
    const { bearer: _, ...known } = me
    queryClient.setQueryData(keyOf(identity.me, {}), known)
    // Only addresses of our own: a link must not send a signed-in person elsewhere.
    if (back?.startsWith('/') && !back.startsWith('//')) router(back)
    else await go({ to: '/' })
  }
  const router = (address: string) => {
    void go({ href: address })
  }

  return (
    <div className="login">
      <section className="left" aria-hidden="true">
        <img src="/favicon.svg" width={40} height={40} alt="" style={{ borderRadius: 10, boxShadow: '0 0 0 1px rgb(255 255 255 / .4)' }} />
        <div style={{ marginTop: 'auto' }} className="f28 m6">
          {w.slogan}
        </div>
        <div className="f14" style={{ maxWidth: 420, opacity: 0.9 }}>
          {w.sloganMore}
        </div>
      </section>
      <main className="right">
        <Button
          type="text"
          size="small"
          style={{ position: 'absolute', top: 16, right: 16 }}
          onClick={() => setLanguage(language() === 'zh' ? 'en' : 'zh')}
        >
          {w.language}
        </Button>
        <div style={{ width: '100%', maxWidth: 336, marginBottom: 20 }}>
          <div className="f20 m6">{data?.tenant ? nameOf(data.tenant) : '回音 Huiyin'}</div>
          <div className="t3">{w.title}</div>
        </div>
        {welcome.error && (
          <Failure
            error={welcome.error}
            retry={() => {
              void welcome.refetch()
            }}
          />
        )}
        {!data && !welcome.error && <Waiting />}
        {data && (
          <Form
            form={form}
            layout="vertical"
            requiredMark={false}
            onFinish={values => {
              void enter(values)
            }}
            validateTrigger="onBlur"
          >
            {!data.tenant && (
              <Form.Item
                name="tenant"
                label={w.organisation}
                extra={w.organisationHint}
                rules={[{ required: true, message: w.organisationHint }]}
              >
                <Input size="large" autoCapitalize="none" autoComplete="organization" />
              </Form.Item>
            )}
            <Form.Item name="login" label={w.login} rules={[{ required: true, message: w.needLogin }]}>
              <Input size="large" autoFocus autoCapitalize="none" autoComplete="username" />
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
              <div style={{ marginBottom: 12 }}>
                <Failure error={signIn.refused} />
              </div>
            )}
            <Button type="primary" size="large" htmlType="submit" block loading={signIn.acting}>
              {w.enter}
            </Button>
          </Form>
        )}
        {data && data.accounts.length > 0 && (
          <>
            <div className="t3 f12" style={{ width: '100%', maxWidth: 336, marginTop: 24 }}>
              {w.sample}
            </div>
            <div className="accounts" style={{ marginTop: 8 }}>
              {data.accounts.map(a => (
                <button
                  type="button"
                  key={a.login}
                  onClick={() => {
                    form.setFieldsValue({ login: a.login, password: a.password })
                    void enter({ login: a.login, password: a.password })
                  }}
                >
                  <b className="m5">{a.name}</b>
                  <div className="t3 f12">{language() === 'zh' ? a.role : a.roleEn}</div>
                </button>
              ))}
            </div>
          </>
        )}
        <div className="t3 f12" style={{ marginTop: 28 }}>
          回音 Huiyin {data?.version}
        </div>
      </main>
    </div>
  )
}
