import { Modal } from 'antd'
import { profile, type ReachedBy } from '#contract/profile.ts'
import { useAct } from '../../kit/data.ts'
import { tell } from '../../kit/tell.tsx'
import { w } from './words.ts'

/** Asked once: the number is masked here, so it could not be put back. */
export default function RemoveReach({ customerId, way, close }: { customerId: string; way: ReachedBy; close: () => void }) {
  const { act, acting } = useAct(profile.removeReach)
  const remove = async () => {
    if (await act({ id: customerId, reachId: way.id })) tell(w.removed(way.value))
    close()
  }
  return (
    <Modal
      open
      title={w.removeWay(way.value)}
      okText={w.remove}
      cancelText={w.keep}
      okButtonProps={{ danger: true }}
      confirmLoading={acting}
      onOk={() => void remove()}
      onCancel={close}
      width={400}
    >
      {w.removeWayText}
    </Modal>
  )
}
