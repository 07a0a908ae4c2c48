import { Form, InputNumber, Select, Switch } from 'antd'
import { useState } from 'react'
import type * as z from 'zod'
import { type QueueVoice, queueVoice, RecordingPolicy } from '#contract/voiceSettings.ts'
import { call } from '../../kit/call.ts'
import { DataTable } from '../../kit/DataTable.tsx'
import { queryClient, useFetch } from '../../kit/data.ts'
import { FormDrawer } from '../../kit/FormDrawer.tsx'
import { Empty, Failure, Waiting } from '../../kit/parts.tsx'
import { nameOf } from '../../kit/words.ts'
import { useQueues } from '../../settings/fields.tsx'
import { recordingWord } from './recording.ts'
import { useAnnouncements } from './SoundField.tsx'
import { w } from './words.ts'

/** How the queues of the telephone treat their calls. */
export default function QueueVoicePage() {
  const reading = useFetch(queueVoice.list, {})
  const queues = useQueues().filter(q => q.channel === 'phone')
  const music = useAnnouncements().filter(a => a.kind === 'music')
  const [open, setOpen] = useState<QueueVoice | null>(null)
  const queueOf = (id: string) => queues.find(q => q.id === id)
  const rows = (reading.data ?? []).filter(r => queueOf(r.queueId))
  return (
    <div className="page">
      <header>
        <h1>{w.queueVoice}</h1>
        <span className="t3 cut">{w.queueVoiceHint}</span>
      </header>
      {reading.error && !reading.data ? (
        <Failure error={reading.error} retry={() => void reading.refetch()} />
      ) : !reading.data ? (
        <Waiting />
      ) : (
        <div className="card">
          <DataTable<QueueVoice>
            rowKey="queueId"
            pagination={false}
            dataSource={rows}
            open={setOpen}
            empty={<Empty title={w.noQueues} hint={w.noQueuesHint} />}
            columns={[
              { key: 'queue', title: w.queue, render: (_, r) => <b className="m5">{nameOf(queueOf(r.queueId) ?? { name: '' })}</b> },
              { key: 'recording', title: w.recording, render: (_, r) => recordingWord(r.recording) },
              { key: 'keep', title: w.keepDays, render: (_, r) => `${r.keepDays} ${w.days}` },
              { key: 'rating', title: w.rating, render: (_, r) => (r.rating ? w.ratingOn : w.ratingOff) },
              {
                key: 'callback',
                title: w.callbackShort,
                render: (_, r) => (r.callbackTries && r.callbackMinutes ? w.callbackOf(r.callbackTries, r.callbackMinutes) : ''),
              },
              {
                key: 'music',
                title: w.music,
                render: (_, r) => music.find(a => a.id === r.musicId)?.name ?? <span className="t3">{w.own}</span>,
              },
            ]}
          />
        </div>
      )}
      <FormDrawer<z.output<typeof queueVoice.set.body>>
        open={open !== null}
        title={open ? nameOf(queueOf(open.queueId) ?? { name: '' }) : ''}
        values={open ?? {}}
        close={() => setOpen(null)}
        save={async values => {
          if (!open) return
          await call(queueVoice.set, { queueId: open.queueId, body: { ...values, musicId: values.musicId ?? null } })
          await queryClient.invalidateQueries({ queryKey: ['queue-voice'] })
        }}
      >
        <Form.Item name="recording" label={w.recording} rules={[{ required: true, message: w.required }]}>
          <Select options={RecordingPolicy.options.map(value => ({ value, label: recordingWord(value) }))} />
        </Form.Item>
        <Form.Item name="keepDays" label={w.keepDays} rules={[{ required: true, message: w.required }]}>
          <InputNumber min={1} max={3660} precision={0} suffix={w.days} style={{ width: 144 }} />
        </Form.Item>
        <Form.Item name="rating" label={w.rating} valuePropName="checked">
          <Switch />
        </Form.Item>
        <Form.Item name="callbackTries" label={w.callbackTries} rules={[{ required: true, message: w.required }]}>
          <InputNumber min={1} max={5} precision={0} suffix={w.callbackTimes} style={{ width: 144 }} />
        </Form.Item>
        <Form.Item name="callbackMinutes" label={w.callbackMinutes} rules={[{ required: true, message: w.required }]}>
          <InputNumber min={1} max={240} precision={0} suffix={w.callbackMinute} style={{ width: 144 }} />
        </Form.Item>
        <Form.Item name="musicId" label={w.music}>
          <Select allowClear placeholder={w.own} options={music.map(a => ({ value: a.id, label: a.name }))} />
        </Form.Item>
      </FormDrawer>
    </div>
  )
}
