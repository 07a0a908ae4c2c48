import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Form, Input } from 'antd'
import { useEffect, useState } from 'react'
import { identity } from '#contract/identity.ts'
import { call } from '../kit/call.ts'
import { keyOf, queryClient, useAct, useFetch } from '../kit/data.ts'
import { Avatar, Failure, Kbd, Waiting } from '../kit/parts.tsx'
import { isChosenHere, language, setLanguage } from '../kit/words.ts'
import { Entry } from './Entry.tsx'
import { w } from './words.ts'

type Fields = { tenant?: string; login: string; password: string; code?: string }
const asksForCode = ['access.code_needed', 'access.code_wrong']

export default function LoginPage() {
  const go = useNavigate()
  const { back }: { back?: string } = useSearch({ strict: false })
  const welcome = useFetch(identity.welcome, {})
  const [form] = Form.useForm<Fields>()
  const [caps, setCaps] = useState(false)
  const signIn = useAct(identity.signIn, { quiet: true })
  const data = welcome.data
  const [second, setSecond] = useState(false)
  const refused = signIn.refused?.code
  useEffect(() => {
    if (refused && asksForCode.includes(refused)) setSecond(true)
  }, [refused])
  useEffect(() => {
    if (data && !data.installed) void go({ to: '/setup', replace: true })
  }, [data, go])
  useEffect(() => {
    document.title = `${w.title} - ${w.brand}`
  }, [])

  const enter = async ({ tenant, login, password, code }: Fields) => {
    const slug = tenant ?? data?.tenant?.slug
    const reply = await signIn.act({ body: { login, password, ...(slug ? { tenant: slug } : {}), ...(code ? { code } : {}) } })
    if (!reply) {
      // A second step that is asked for now has drawn its field by the next frame.
      requestAnimationFrame(() => (form.getFieldInstance('code') ?? form.getFieldInstance('password'))?.focus?.())
      return
    }
    const { bearer: _, ...me } = reply
    queryClient.clear()
    queryClient.setQueryData(keyOf(identity.me, {}), me)
    // Whoever chose a language finds it on every machine; one chosen on this page a moment ago goes with the account.
    if (isChosenHere()) void call(identity.changeMe, { body: { language: language() } }).catch(() => undefined)
    else if (me.user.language) setLanguage(me.user.language)
    // The practice phone is a page of its own.
    if (back === '/phone') location.assign(back)
    // Only addresses of our own: a link must not send a signed-in person elsewhere.
    else if (back?.startsWith('/') && !back.startsWith('//') && !back.startsWith('/\\')) await go({ href: back })
    else await go({ to: '/' })
  }

  return (
    <Entry
      house={data?.tenant}
      title={w.title}
      foot={
        data && (
          <div className="foot">
            <i className="dot ok" />
            {w.well}
            <i className="sep" />
            {w.version} {data.version}
          </div>
        )
      }
    >
      {welcome.error && !data && <Failure error={welcome.error} retry={() => void welcome.refetch()} />}
      {!data && !welcome.error && <Waiting />}
      {data && (
        <Form
          form={form}
          layout="vertical"
          requiredMark={false}
          onFinish={values => void enter(values)}
          validateTrigger="onSubmit"
          onValuesChange={changed => 'login' in changed && setSecond(false)}
        >
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
          {second && (
            <Form.Item name="code" label={w.code} extra={w.codeHint} rules={[{ required: true, min: 6, message: w.codeNeeded }]}>
              <Input size="large" autoComplete="one-time-code" maxLength={20} spellCheck={false} autoCapitalize="none" />
            </Form.Item>
          )}
          {signIn.refused && signIn.refused.code !== 'access.code_needed' && (
            <div style={{ marginBottom: 16 }}>
              <Failure error={signIn.refused} />
            </div>
          )}
          <Button type="primary" size="large" htmlType="submit" block loading={signIn.acting}>
            {w.enter} <Kbd>Enter</Kbd>
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
    </Entry>
  )
}
