import { Button, Form, Input, Switch } from 'antd'
import { useState } from 'react'
import { announcementSounds, type SpeechSettings, speech } from '#contract/sounds.ts'
import { useAct, useFetch } from '../../kit/data.ts'
import { Failure, Waiting } from '../../kit/parts.tsx'
import { tell } from '../../kit/tell.tsx'
import { playSounds } from './sounding.ts'
import { w } from './words.ts'

type Values = SpeechSettings & { key: string }

/** Who speaks words for which there is no file. */
export default function SpeechPage() {
  const reading = useFetch(speech.read, {})
  if (reading.error && !reading.data) return <Failure error={reading.error} retry={() => void reading.refetch()} />
  if (!reading.data) return <Waiting />
  return <Settings kept={reading.data} />
}

function Settings({ kept: { hasKey, ...kept } }: { kept: SpeechSettings & { hasKey: boolean } }) {
  const [form] = Form.useForm<Values>()
  const [touched, touch] = useState(false)
  const save = useAct(speech.change)
  const speak = useAct(announcementSounds.speak)
  const put = async ({ key, ...values }: Values) => {
    if (!(await save.act({ body: { ...values, ...(key ? { key } : {}) } }))) return
    form.resetFields(['key'])
    touch(false)
    tell(w.saved)
  }
  const trySpeech = async () => {
    const heard = await speak.act({ body: { text: w.testText, language: 'zh' } })
    if (heard) await playSounds([heard.url])
  }
  return (
    <div className="page">
      <header>
        <h1>{w.speech}</h1>
        <span className="t3 cut">{w.speechHint}</span>
      </header>
      <section className="card" style={{ maxWidth: 640 }}>
        <Form<Values>
          className="body"
          form={form}
          layout="vertical"
          initialValues={{ ...kept, key: '' }}
          onValuesChange={() => touch(true)}
          onFinish={values => void put(values)}
        >
          <Form.Item name="enabled" label={w.enabled} valuePropName="checked">
            <Switch />
          </Form.Item>
          <Form.Item name="url" label={w.url} extra={w.urlHint}>
            <Input placeholder="https://…/v1/audio/speech" />
          </Form.Item>
          <Form.Item name="key" label={w.apiKey} extra={hasKey ? w.keptKey : undefined}>
            <Input.Password autoComplete="off" maxLength={4000} />
          </Form.Item>
          <Form.Item name="model" label={w.model}>
            <Input maxLength={80} />
          </Form.Item>
          <Form.Item name="voice" label={w.voice}>
            <Input maxLength={80} />
          </Form.Item>
          <Form.Item name="voiceEn" label={w.voiceEn}>
            <Input maxLength={80} />
          </Form.Item>
          <div className="row">
            <Button type="primary" htmlType="submit" loading={save.acting} disabled={!touched}>
              {w.save}
            </Button>
            <Button disabled={touched || !kept.enabled} loading={speak.acting} onClick={() => void trySpeech()}>
              {w.test}
            </Button>
          </div>
        </Form>
      </section>
    </div>
  )
}
