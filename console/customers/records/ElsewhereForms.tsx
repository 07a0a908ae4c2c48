import { Form, Input } from 'antd'
import { type CustomerRecord, records } from '#contract/records.ts'
import { call } from '../../kit/call.ts'
import { queryClient } from '../../kit/data.ts'
import { FormDrawer } from '../../kit/FormDrawer.tsx'
import { tell } from '../../kit/tell.tsx'
import { CustomerSelect } from '../finding/Found.tsx'
import { w } from './words.ts'

const refreshed = () => queryClient.invalidateQueries({ queryKey: ['customers'] })

/** A flat is sold with its meter. */
export function MoveForm({ record, close }: { record: CustomerRecord; close: () => void }) {
  const save = async ({ customerId }: { customerId: string }) => {
    await call(records.move, { id: record.id, body: { customerId, version: record.version } })
    await refreshed()
    tell(w.moved(record.number))
  }
  return (
    <FormDrawer<{ customerId: string }> open title={`${w.move} ${record.number}`} values={{}} save={save} close={close} saveWord={w.moveTo}>
      <Form.Item name="customerId" label={w.moveTo} rules={[{ required: true, message: w.must }]}>
        <CustomerSelect autoFocus not={record.customerId} />
      </Form.Item>
    </FormDrawer>
  )
}

const today = () => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10)

export function EndForm({ record, close }: { record: CustomerRecord; close: () => void }) {
  const save = async ({ day }: { day: string }) => {
    // Today ends now; any other day at its beginning, here.
    const at = day === today() ? undefined : new Date(`${day}T00:00:00`)
    await call(records.end, { id: record.id, body: { version: record.version, ...(at ? { at } : {}) } })
    await refreshed()
    tell(w.endedNow(record.number))
  }
  return (
    <FormDrawer<{ day: string }>
      open
      title={w.endTitle(record.number)}
      values={{ day: today() }}
      save={save}
      close={close}
      saveWord={w.end}
    >
      <Form.Item name="day" label={w.endAt} rules={[{ required: true, message: w.must }]}>
        <Input type="date" style={{ width: 160 }} />
      </Form.Item>
    </FormDrawer>
  )
}
