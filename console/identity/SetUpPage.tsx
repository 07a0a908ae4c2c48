import { useNavigate } from '@tanstack/react-router'
import { Button, Form, Input, Select } from 'antd'
import { useEffect, useState } from 'react'
import { identity } from '#contract/identity.ts'
import { keyOf, queryClient, useAct, useFetch } from '../kit/data.ts'
import { useHotkey, withCommand } from '../kit/hotkeys.ts'
import { IconCheck } from '../kit/icons.ts'
import { Failure, Kbd, Waiting } from '../kit/parts.tsx'
import { language } from '../kit/words.ts'
import { AgainField } from './AgainField.tsx'
import { Tongue } from './Tongue.tsx'
import { w } from './words.ts'
import './entry.css'

type Fields = { name: string; slug: string; timezone: string; adminName: string; login: string; password: string; again: string }
const pages: (keyof Fields)[][] = [
  ['name', 'slug', 'timezone'],
  ['adminName', 'login', 'password', 'again'],
]
const zones = () =>
  Intl.supportedValuesOf('timeZone').map(zone => ({ value: zone, label: `${zone.replaceAll('_', ' ')} ${offsetOf(zone)}` }))
/** A machine set to no place at all is most likely a server room's. */
const ownZone = () => {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  return timeZone === 'UTC' ? 'Asia/Shanghai' : timeZone
}
const offsetOf = (zone: string) =>
  new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'shortOffset' }).formatToParts().find(p => p.type === 'timeZoneName')
    ?.value ?? ''

/** An empty installation: the first organisation, then its administrator. */
export default function SetUpPage() {
  const go = useNavigate()
  const welcome = useFetch(identity.welcome, {})
  const act = useAct(identity.setUp, { quiet: true })
  const [form] = Form.useForm<Fields>()
  const [at, setAt] = useState(0)
  useEffect(() => {
    document.title = `${w.setUp} - ${w.brand}`
  }, [])
  const installed = welcome.data?.installed === true
  useEffect(() => {
    if (installed) void go({ to: '/login', replace: true })
  }, [installed, go])

  const forward = async () => {
    const fits = await form.validateFields(pages[at]).then(
      () => true,
      () => false,
    )
    if (fits && at === 0) setAt(1)
    else if (fits) form.submit()
  }
  const create = async () => {
    const { again: _, ...fields }: Fields = form.getFieldsValue(true)
    const me = await act.act({ body: { ...fields, language: language() } })
    if (!me) return
    queryClient.clear()
    queryClient.setQueryData(keyOf(identity.me, {}), me)
    await go({ to: '/' })
  }
  useHotkey('mod+enter', () => void forward(), !act.acting)
  if (!welcome.data || installed)
    return welcome.error ? <Failure error={welcome.error} retry={() => void welcome.refetch()} /> : <Waiting rows={8} />

  const needed = { required: true, message: w.needed }
  const stages = [
    { name: w.stageReady, more: w.stageReadyMore },
    { name: w.stageOrg, more: w.stageOrgMore },
    { name: w.stageAdmin, more: w.stageAdminMore },
  ]
  return (
    <div className="setup">
      <header>
        <img src="/favicon.svg" width={28} height={28} alt="" />
        <b className="f16 m6">
          {w.brand}
          <i className="sep" />
          {w.setUp}
        </b>
        <Tongue className="end" />
      </header>
      <ol className="stages">
        {stages.map((stage, i) => (
          <li key={stage.name} className={i <= at ? 'done' : ''} {...(i === at + 1 ? { 'aria-current': 'step' as const } : {})}>
            <i className="no">{i <= at ? <IconCheck size={14} /> : i + 1}</i>
            <div>
              <b>{stage.name}</b>
              <span>{stage.more}</span>
            </div>
          </li>
        ))}
      </ol>
      <main>
        <h1>{at === 0 ? w.stageOrg : w.stageAdmin}</h1>
        <p className="t2">{at === 0 ? w.orgHint : w.adminHint}</p>
        <Form
          form={form}
          layout="vertical"
          validateTrigger="onBlur"
          onFinish={() => void create()}
          onKeyDown={e => {
            if (e.key === 'Enter' && !e.metaKey && !e.ctrlKey && e.target instanceof HTMLInputElement && e.target.role !== 'combobox')
              void forward()
          }}
          initialValues={{ timezone: ownZone() }}
        >
          {at === 0 ? (
            <div className="two" key="organisation">
              <Form.Item name="name" label={w.orgName} rules={[needed]}>
                <Input autoFocus maxLength={60} autoComplete="organization" />
              </Form.Item>
              <Form.Item
                name="slug"
                label={w.slug}
                extra={w.slugHint}
                rules={[needed, { pattern: /^[a-z0-9][a-z0-9-]{1,40}$/, message: w.slugBad }]}
              >
                <Input autoCapitalize="none" spellCheck={false} />
              </Form.Item>
              <Form.Item name="timezone" label={w.zone} rules={[needed]}>
                <Select showSearch options={zones()} />
              </Form.Item>
            </div>
          ) : (
            <div className="two" key="administrator">
              <Form.Item name="adminName" label={w.adminName} rules={[needed]}>
                <Input autoFocus maxLength={60} autoComplete="name" />
              </Form.Item>
              <Form.Item name="login" label={w.login} rules={[needed, { pattern: /^[a-z0-9][a-z0-9._@-]{1,63}$/, message: w.loginBad }]}>
                <Input autoCapitalize="none" autoComplete="username" spellCheck={false} />
              </Form.Item>
              <Form.Item
                name="password"
                label={w.password}
                extra={w.passwordHint}
                rules={[
                  needed,
                  { min: 10, message: w.short },
                  ({ getFieldValue }) => ({
                    validator: (_, value) =>
                      value && value === getFieldValue('login') ? Promise.reject(new Error(w.likeLogin)) : Promise.resolve(),
                  }),
                ]}
              >
                <Input.Password autoComplete="new-password" />
              </Form.Item>
              <AgainField of="password" />
            </div>
          )}
          {act.refused && <Failure error={act.refused} />}
        </Form>
      </main>
      <footer>
        {at > 0 && <Button onClick={() => setAt(0)}>{w.stepBack}</Button>}
        <Button className="end" type="primary" loading={act.acting} onClick={() => void forward()}>
          {at === 0 ? w.nextAdmin : w.create} <Kbd>{withCommand('Enter')}</Kbd>
        </Button>
      </footer>
    </div>
  )
}
