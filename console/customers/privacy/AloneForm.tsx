import { Button, DatePicker, Form, Input, type InputRef } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useEffect, useRef } from 'react'
import { reaching } from '#contract/outgoing.ts'
import { useAct } from '../../kit/data.ts'
import { x } from './wishes.words.ts'

type Values = { reason?: string; until?: Dayjs | null }

/** That a customer is to be left alone: why, and until when. */
export default function AloneForm({ customerId, close }: { customerId: string; close: () => void }) {
  const { act, acting } = useAct(reaching.disturb, { also: ['left-alone'] })
  const reason = useRef<InputRef>(null)
  // It comes into a popover that has its place yet to find: the page must not run after it.
  useEffect(() => reason.current?.focus({ preventScroll: true }), [])
  const save = async ({ reason: why, until }: Values) => {
    const body = { on: true, reason: why?.trim() ?? '', until: until?.endOf('day').toDate() ?? null }
    if (await act({ id: customerId, body })) close()
  }
  return (
    <Form<Values> layout="vertical" style={{ width: 264 }} onFinish={values => void save(values)}>
      <Form.Item name="until" label={x.aloneTill}>
        {/* Enter takes the day, and sends nothing yet. */}
        <DatePicker
          placeholder={x.aloneEver}
          minDate={dayjs()}
          style={{ width: '100%' }}
          onKeyDown={event => event.key === 'Enter' && event.preventDefault()}
        />
      </Form.Item>
      <Form.Item name="reason" label={x.aloneWhy}>
        <Input maxLength={300} ref={reason} />
      </Form.Item>
      <Button type="primary" size="small" htmlType="submit" loading={acting}>
        {x.setAlone}
      </Button>
    </Form>
  )
}
