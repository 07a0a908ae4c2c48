import { useNavigate } from '@tanstack/react-router'
import { Form } from 'antd'
import type { Customer } from '#contract/customers.ts'
import { FormDrawer } from '../../kit/FormDrawer.tsx'
import { CustomerSelect } from '../finding/Found.tsx'
import { w } from './words.ts'

/** Two files that are one customer's though nothing in them is alike: a person knows. They are compared before anything is merged. */
export default function MergeWith({ customer, close }: { customer: Pick<Customer, 'id' | 'name'>; close: () => void }) {
  const go = useNavigate()
  return (
    <FormDrawer<{ goneId: string }>
      open
      title={w.mergeWith}
      values={{}}
      save={({ goneId }) => go({ to: '/customers/compare', search: { keptId: customer.id, goneId } as never })}
      close={close}
      saveWord={w.compare}
      width={400}
    >
      <Form.Item
        name="goneId"
        label={w.otherFile}
        extra={w.mergeWithHint(customer.name)}
        rules={[{ required: true, message: w.mustOther }]}
      >
        <CustomerSelect autoFocus allowClear aria-label={w.otherFile} not={customer.id} />
      </Form.Item>
    </FormDrawer>
  )
}
