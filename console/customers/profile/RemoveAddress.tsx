import { Modal } from 'antd'
import { addressLine } from '#contract/addresses.ts'
import { type Address, profile } from '#contract/profile.ts'
import { useAct } from '../../kit/data.ts'
import { tell } from '../../kit/tell.tsx'
import { w } from './words.ts'

/** Asked once: it is masked here, so it could not be put back. */
export default function RemoveAddress({ customerId, address, close }: { customerId: string; address: Address; close: () => void }) {
  const { act, acting } = useAct(profile.removeAddress)
  const line = addressLine(address)
  const remove = async () => {
    if (await act({ id: customerId, addressId: address.id })) tell(w.removed(line))
    close()
  }
  return (
    <Modal
      open
      title={w.removeWay(line)}
      okText={w.remove}
      cancelText={w.keep}
      okButtonProps={{ danger: true }}
      confirmLoading={acting}
      onOk={() => void remove()}
      onCancel={close}
      width={400}
    >
      {w.removeAddressText}
    </Modal>
  )
}
