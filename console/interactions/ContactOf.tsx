import { interactions } from '#contract/interactions.ts'
import { useFetch } from '../kit/data.ts'
import { FailureDrawer } from '../kit/FailureDrawer.tsx'
import { ContactDrawer } from './ContactDrawer.tsx'
import { useContactNames } from './names.ts'
import { w } from './words.ts'

/** A contact beside any page that tells of it. `find`: words in it that were looked for. */
export default function ContactOf({ id, find, close }: { id: string; find?: string | undefined; close: () => void }) {
  const { data, error, refetch } = useFetch(interactions.one, { id }, { keep: false })
  const names = useContactNames(data ? [data] : [])
  if (data) return <ContactDrawer contact={data} names={names} find={find} close={close} />
  return error && <FailureDrawer title={w.contacts} error={error} retry={() => void refetch()} close={close} />
}
