import { profile, type ReachedBy } from '#contract/profile.ts'
import { useAct } from '../../kit/data.ts'
import { RemoveForGood } from './RemoveForGood.tsx'
import { w } from './words.ts'

export default function RemoveReach({ customerId, way, close }: { customerId: string; way: ReachedBy; close: () => void }) {
  const { act, acting } = useAct(profile.removeReach)
  const remove = () => act({ id: customerId, reachId: way.id })
  return <RemoveForGood what={way.value} hint={w.removeWayText} act={remove} acting={acting} close={close} />
}
