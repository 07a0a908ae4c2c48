import { addressLine } from '#contract/addresses.ts'
import { type Address, profile } from '#contract/profile.ts'
import { useAct } from '../../kit/data.ts'
import { RemoveForGood } from './RemoveForGood.tsx'
import { w } from './words.ts'

export default function RemoveAddress({ customerId, address, close }: { customerId: string; address: Address; close: () => void }) {
  const { act, acting } = useAct(profile.removeAddress)
  const remove = () => act({ id: customerId, addressId: address.id })
  return <RemoveForGood what={addressLine(address)} hint={w.removeAddressText} act={remove} acting={acting} close={close} />
}
