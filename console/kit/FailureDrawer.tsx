import { Drawer } from 'antd'
import type { RefusalError } from './call.ts'
import { Failure } from './parts.tsx'

/** In place of a form whose ground could not be read. */
export const FailureDrawer = ({
  title,
  error,
  retry,
  close,
}: {
  title: string
  error: RefusalError
  retry: () => void
  close: () => void
}) => (
  <Drawer open title={title} onClose={close} size={440}>
    <Failure error={error} retry={retry} />
  </Drawer>
)
