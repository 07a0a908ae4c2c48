import { type CustomerRecord, records } from '#contract/records.ts'
import { useAct } from '../../kit/data.ts'
import { tell } from '../../kit/tell.tsx'
import { w } from './words.ts'

export function useReopening(): (record: CustomerRecord) => Promise<unknown> {
  const { act } = useAct(records.reopen, { also: ['customers'], done: r => tell(w.reopened(r.number)) })
  return ({ id, version }) => act({ id, body: { version } })
}
