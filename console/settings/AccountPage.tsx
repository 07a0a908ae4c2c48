import { Button, Form, Input, Segmented } from 'antd'
import { identity } from '#contract/identity.ts'
import { openSessions, securityPolicy } from '#contract/security.ts'
import { useMe } from '../app/me.ts'
import { type Shade, setShade, useTheme } from '../app/theme.ts'
import { AgainField } from '../identity/AgainField.tsx'
import { call, type ReplyOf } from '../kit/call.ts'
import { DataTable } from '../kit/DataTable.tsx'
import { useAct, useFetch } from '../kit/data.ts'
import { Failure, Waiting } from '../kit/parts.tsx'
import { tell } from '../kit/tell.tsx'
import { ago, full } from '../kit/time.ts'
import { language, setLanguage } from '../kit/words.ts'
import { deviceOf } from './device.ts'
import { SecondFactor } from './SecondFactor.tsx'
import { s } from './security.words.ts'
import { endColumn } from './sessionColumns.tsx'
import { w } from './words.ts'

export default function AccountPage() {
  return (
    <div className="page" style={{ maxWidth: 760 }}>
      <header>
        <h1>{w.account}</h1>
      </header>
      <Mine />
      <PasswordCard />
      <SecondCard />
      <Sessions />
    </div>
  )
}

function Mine() {
  const me = useMe()
  const { shade } = useTheme()
  const { act, acting } = useAct(identity.changeMe)
  if (!me) return <Waiting rows={2} />
  return (
    <section className="card">
      <header>
        <h2>{w.mine}</h2>
        <span className="end t3">{me.user.login}</span>
      </header>
      <div className="body">
        <Form
          layout="vertical"
          initialValues={{ name: me.user.name }}
          onFinish={async ({ name }: { name: string }) => {
            if (await act({ body: { name } })) tell(w.saved)
          }}
        >
          <Form.Item label={w.name}>
            <span className="row">
              <Form.Item name="name" noStyle rules={[{ required: true, whitespace: true, message: w.required }]}>
                <Input maxLength={60} style={{ width: 208 }} autoComplete="name" aria-label={w.name} />
              </Form.Item>
              <Button htmlType="submit" loading={acting}>
                {w.save}
              </Button>
            </span>
          </Form.Item>
        </Form>
        <div className="row wrap" style={{ gap: 32 }}>
          <div className="col" style={{ gap: 4 }}>
            <span>{w.language}</span>
            <Segmented
              value={language()}
              options={[
                { value: 'zh', label: <span lang="zh-CN">{['中文']}</span> },
                { value: 'en', label: <span lang="en">English</span> },
              ]}
              onChange={next => {
                setLanguage(next === 'en' ? 'en' : 'zh')
                void call(identity.changeMe, { body: { language: next === 'en' ? 'en' : 'zh' } }).catch(() => undefined)
              }}
            />
          </div>
          <div className="col" style={{ gap: 4 }}>
            <span>{w.shade}</span>
            <Segmented<Shade>
              value={shade}
              options={[
                { value: 'light', label: w.light },
                { value: 'dark', label: w.dark },
                { value: 'system', label: w.system },
              ]}
              onChange={next => setShade(next)}
            />
          </div>
        </div>
      </div>
    </section>
  )
}

function SecondCard() {
  return (
    <section className="card">
      <header>
        <h2>{s.second}</h2>
        <span className="t3 f12">{s.secondHint}</span>
      </header>
      <div className="body">
        <SecondFactor />
      </div>
    </section>
  )
}

type Passwords = { current: string; next: string; again: string }
function PasswordCard() {
  const [form] = Form.useForm<Passwords>()
  const least = useFetch(securityPolicy.read, {}).data?.passwordLength ?? 10
  const { act, acting, refused } = useAct(identity.changePassword, {
    quiet: true,
    also: ['me'],
    done: () => {
      form.resetFields()
      tell(w.passwordChanged)
    },
  })
  return (
    <section className="card">
      <header>
        <h2>{w.changePassword}</h2>
        <span className="t3 f12">{w.passwordEnds}</span>
      </header>
      <div className="body">
        <Form<Passwords>
          form={form}
          layout="vertical"
          validateTrigger="onBlur"
          style={{ maxWidth: 320 }}
          onFinish={({ current, next }) => void act({ body: { current, next } })}
        >
          <Form.Item name="current" label={w.current} rules={[{ required: true, message: w.required }]}>
            <Input.Password autoComplete="current-password" />
          </Form.Item>
          <Form.Item name="next" label={w.next} rules={[{ required: true, min: least, message: w.passwordShort(least) }]}>
            <Input.Password autoComplete="new-password" />
          </Form.Item>
          <AgainField of="next" />
          {refused && <Failure error={refused} />}
          <Button htmlType="submit" loading={acting} style={{ marginTop: 8 }}>
            {w.changePassword}
          </Button>
        </Form>
      </div>
    </section>
  )
}

type Session = ReplyOf<typeof openSessions.sessions>[number]
function Sessions() {
  const listing = useFetch(openSessions.sessions, {})
  const others = useAct(openSessions.endOtherSessions)
  const { act } = useAct(openSessions.endSession)
  return (
    <section className="card">
      <header>
        <h2>{w.sessions}</h2>
        {(listing.data?.length ?? 0) > 1 && (
          <Button className="end" size="small" loading={others.acting} onClick={() => void others.act({})}>
            {s.endOthers}
          </Button>
        )}
      </header>
      {listing.error && <Failure error={listing.error} retry={() => void listing.refetch()} />}
      {listing.isPending ? (
        <Waiting rows={2} />
      ) : (
        <DataTable<Session>
          dataSource={listing.data ?? []}
          columns={[
            {
              key: 'device',
              title: w.device,
              render: (_, s) => (
                <span title={s.userAgent}>
                  {deviceOf(s.userAgent)} <span className="t3">{s.ip}</span>
                </span>
              ),
            },
            { key: 'opened', title: w.opened, width: 136, render: (_, s) => <span className="t2">{full(s.openedAt)}</span> },
            { key: 'seen', title: w.seen, width: 112, render: (_, s) => <span className="t2">{ago(s.seenAt)}</span> },
            endColumn<Session>(({ id }) => void act({ id })),
          ]}
        />
      )}
    </section>
  )
}
