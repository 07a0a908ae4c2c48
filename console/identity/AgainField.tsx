import { Form, Input } from 'antd'
import { w } from './words.ts'

/** The new password once more: it must be the one in the field named by `of`. */
export function AgainField({ of, large = false }: { of: string; large?: boolean }) {
  return (
    <Form.Item
      name="again"
      label={w.again}
      dependencies={[of]}
      rules={[
        { required: true, message: w.needed },
        ({ getFieldValue }) => ({
          validator: (_, value) => (!value || value === getFieldValue(of) ? Promise.resolve() : Promise.reject(new Error(w.differs))),
        }),
      ]}
    >
      <Input.Password {...(large ? { size: 'large' as const } : {})} autoComplete="new-password" />
    </Form.Item>
  )
}
