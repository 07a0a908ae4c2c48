import { Modal } from 'antd'
import { tell } from '../../kit/tell.tsx'
import { w } from './words.ts'

type Props = { what: string; hint: string; act: () => Promise<unknown>; acting: boolean; close: () => void }

/** Asked once, for it could not be put back: here it is masked. `act` answers nothing when it was refused. */
export function RemoveForGood({ what, hint, act, acting, close }: Props) {
  const remove = async () => {
    if (await act()) tell(w.removed(what))
    close()
  }
  return (
    <Modal
      open
      title={w.removeWay(what)}
      okText={w.remove}
      cancelText={w.keep}
      okButtonProps={{ danger: true }}
      confirmLoading={acting}
      onOk={() => void remove()}
      onCancel={close}
      width={400}
    >
      {hint}
    </Modal>
  )
}
