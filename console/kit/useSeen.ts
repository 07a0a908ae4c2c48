import type { FormInstance } from 'antd'
import { useState } from 'react'
import { type Meanwhile, merge, same } from './merge.ts'
import { WireError } from './wire.ts'

export type Overtaking<R, V> = {
  /** The refusal that says so. */
  code: string
  /** How it stands now; undefined: not to be found any more. */
  latest: () => Promise<R | undefined>
  /** What of it stands in the form; null: it is gone. */
  valuesOf: (row: R) => V | null
  /** Where the three are not compared as they are. */
  between?: (meanwhile: Meanwhile<V>) => Meanwhile<V>
}

/** Sends what was made of a row as it was seen. Where somebody saved since, but nothing that the form holds, it is sent once more; else `overtaken` is told, and the refusal thrown. */
export async function sendSeen<R, V extends object, T>(
  was: R,
  mine: V,
  send: (seen: R) => Promise<T>,
  over: Overtaking<R, V>,
  overtaken: (row: R, meanwhile: Meanwhile<V>) => void,
): Promise<T> {
  try {
    return await send(was)
  } catch (error) {
    if (!(error instanceof WireError) || error.code !== over.code) throw error
    const is = await over.latest()
    if (is === undefined) throw error
    const [base, theirs] = [over.valuesOf(was), over.valuesOf(is)]
    if (base === null || theirs === null) return send(is)
    if (same(base, theirs)) return sendSeen(is, mine, send, over, overtaken)
    const meanwhile = { base, mine, theirs }
    overtaken(is, over.between?.(meanwhile) ?? meanwhile)
    throw error
  }
}

/** The row that a form began with, for pushes go on changing the page behind it; and, once somebody else saved, what both made of it. Show that by `Conflict`. */
export function useSeen<R, V extends object>(row: R, form: Pick<FormInstance, 'setFieldsValue'>, over: Overtaking<R, V>) {
  const [seen, setSeen] = useState<{ row: R; meanwhile: Meanwhile<V> | null }>({ row, meanwhile: null })
  return {
    ...seen,
    send: <T>(mine: V, send: (seen: R) => Promise<T>): Promise<T> =>
      sendSeen(seen.row, mine, send, over, (latest, meanwhile) => {
        setSeen({ row: latest, meanwhile })
        form.setFieldsValue(merge(meanwhile))
      }),
  }
}
