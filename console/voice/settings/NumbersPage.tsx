import { Link } from '@tanstack/react-router'
import { Form, Input, Select, Switch } from 'antd'
import { flows } from '#contract/flows.ts'
import { calls } from '#contract/voice.ts'
import { phoneNumbers, RecordingPolicy, trunks } from '#contract/voiceSettings.ts'
import { CatalogPage } from '../../kit/CatalogPage.tsx'
import { useFetch } from '../../kit/data.ts'
import { nameOf } from '../../kit/words.ts'
import { NameField } from '../../settings/fields.tsx'
import { recordingWord } from './recording.ts'
import { w } from './words.ts'

/** The numbers that customers call, and where each leads. */
export default function NumbersPage() {
  const all = useFetch(flows.list, {}).data ?? []
  const lines = useFetch(trunks.list, { query: {} }).data ?? []
  const today = useFetch(calls.numbers, {}).data ?? []
  const flowOf = (id: unknown) => all.find(f => f.id === id)
  return (
    <CatalogPage
      of={phoneNumbers}
      title={w.numbers}
      adding={w.addNumber}
      hint={w.numbersHint}
      empty={{ title: w.noPhoneNumbers, hint: w.noPhoneNumbersHint }}
      fresh={{ flowId: null, trunkId: null, outbound: false, language: 'zh', nameEn: '' }}
      columns={[
        { key: 'number', title: w.phoneNumber, show: row => <b className="m5 nowrap">{String(row.number)}</b> },
        { key: 'name', title: w.name, show: row => nameOf({ name: String(row.name), nameEn: String(row.nameEn) }) },
        {
          key: 'flow',
          title: w.flow,
          show: row => {
            const flow = flowOf(row.flowId)
            return flow ? nameOf(flow) : <span className="wac">{w.noFlow}</span>
          },
        },
        {
          key: 'today',
          title: w.callsToday,
          show: row => {
            const of = today.find(t => t.numberId === row.id)
            return of ? (
              <Link to="/calls" search={{ numberId: of.numberId, days: '1' } as never} onClick={e => e.stopPropagation()}>
                {w.callsOf(of.calls, of.answered, of.abandoned)}
              </Link>
            ) : (
              <span className="t3">{w.noCallsToday}</span>
            )
          },
        },
        { key: 'recording', title: w.recording, show: row => <span className="t2">{recordingWord(row.recording)}</span> },
        { key: 'outbound', title: w.outbound, show: row => <span className="t2">{row.outbound ? w.yesShort : w.noShort}</span> },
      ]}
      fields={
        <>
          <Form.Item
            name="number"
            label={w.phoneNumber}
            extra={w.phoneNumberHint}
            rules={[
              { required: true, message: w.required },
              { pattern: /^\+?[0-9*#]{2,20}$/, message: w.notNumber },
            ]}
          >
            <Input maxLength={21} inputMode="tel" />
          </Form.Item>
          <NameField />
          <Form.Item name="flowId" label={w.flow} extra={w.onlyPublished}>
            <Select
              allowClear
              placeholder={w.noFlow}
              options={all.filter(f => f.published !== null && !f.retired).map(f => ({ value: f.id, label: nameOf(f) }))}
            />
          </Form.Item>
          {lines.length > 0 && (
            <Form.Item name="trunkId" label={w.trunk}>
              <Select allowClear options={lines.map(t => ({ value: t.id, label: t.name }))} />
            </Form.Item>
          )}
          <Form.Item name="recording" label={w.recording}>
            <Select
              allowClear
              placeholder={w.recordingQueue}
              options={RecordingPolicy.options.map(value => ({ value, label: recordingWord(value) }))}
            />
          </Form.Item>
          <Form.Item name="language" label={w.language}>
            <Select options={(['zh', 'en'] as const).map(value => ({ value, label: w[value] }))} />
          </Form.Item>
          <Form.Item name="outbound" label={w.outbound} valuePropName="checked">
            <Switch />
          </Form.Item>
        </>
      }
    />
  )
}
