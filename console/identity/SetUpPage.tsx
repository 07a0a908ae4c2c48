import { useNavigate } from '@tanstack/react-router'
import { Button, Form, Input } from 'antd'
import { identity } from '#contract/identity.ts'
import { keyOf, queryClient, useAct } from '../kit/data.ts'
import { Failure } from '../kit/parts.tsx'
import { language, setLanguage } from '../kit/words.ts'
import { w } from './words.ts'

type Fields = { name: string; slug: string; timezone: string; adminName: string; login: string; password: string }

/** An empty installation: the first organisation and its administrator. */
export default function SetUpPage() {
  const go = useNavigate()
  const act = useAct(identity.setUp, { quiet: true })
  const needed = { required: true, message: w.needed }
  const create = async (fields: Fields) => {
    const me = await act.act({ body: { ...fields, language: language() } })
    if (!me) return
    queryClient.clear()
    queryClient.setQueryData(keyOf(identity.me, {}), me)
    await go({ to: '/' })
  }
  return (
    <div className="login">
      <section className="left" aria-hidden="true">
        <img src="/favicon.svg" width={40} height={40} alt="" />
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
        <div style={{ width: '100%', maxWidth: 336, marginBottom: 16 }}>
          <h1 className="f20">{w.setUp}</h1>
          <p className="t3">{w.setUpMore}</p>
        </div>
        <Form<Fields>
          layout="vertical"
          requiredMark={false}
          validateTrigger="onBlur"
          onFinish={fields => {
            void create(fields)
          }}
          initialValues={{ timezone: Intl.DateTimeFormat().resolvedOptions().timeZone }}
        >
          <Form.Item name="name" label={w.orgName} rules={[needed]}>
            <Input autoFocus maxLength={60} />
          </Form.Item>
          <Form.Item
            name="slug"
            label={w.slug}
            extra={w.slugHint}
            rules={[needed, { pattern: /^[a-z0-9][a-z0-9-]{1,40}$/, message: w.slugBad }]}
          >
            <Input autoCapitalize="none" />
          </Form.Item>
          <Form.Item name="timezone" label={w.zone} rules={[needed]}>
            <Input />
          </Form.Item>
          <Form.Item name="adminName" label={w.adminName} rules={[needed]}>
            <Input autoComplete="name" />
          </Form.Item>
          <Form.Item name="login" label={w.login} rules={[needed, { pattern: /^[a-z0-9][a-z0-9._@-]{1,63}$/, message: w.loginBad }]}>
            <Input autoCapitalize="none" autoComplete="username" />
          </Form.Item>
          <Form.Item name="password" label={w.password} extra={w.passwordHint} rules={[needed, { min: 8, message: w.short }]}>
            <Input.Password autoComplete="new-password" />
          </Form.Item>
          {act.refused && (
            <div style={{ marginBottom: 12 }}>
              <Failure error={act.refused} />
            </div>
          )}
          <Button type="primary" size="large" htmlType="submit" block loading={act.acting}>
            {w.create}
          </Button>
        </Form>
      </main>
    </div>
  )
}
