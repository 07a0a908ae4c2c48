import { Button } from 'antd'
import type { ReactNode } from 'react'
import { type AlikeFile, type DuplicateReason, duplicates } from '#contract/duplicates.ts'
import { useMay } from '../../app/me.ts'
import { useRested } from '../../app/people.tsx'
import { useFetch } from '../../kit/data.ts'
import { Sep } from '../../kit/parts.tsx'
import './alike.css'
import { reasonWords, w } from './words.ts'

type Described = { [key in 'name' | 'number' | 'phone' | 'email' | 'address']?: string | undefined } & {
  kind?: AlikeFile['kind'] | undefined
}
type Alike = { byNumber: readonly AlikeFile[]; byPlace: readonly AlikeFile[] }
const none: Alike = { byNumber: [], byPlace: [] }
const sure: readonly DuplicateReason[] = ['phone', 'email', 'code']

/** Who stands in the archive already, while somebody new is written: each where the field is that tells it. */
export function useAlike({ name, number, phone, email, address, kind }: Described): Alike {
  const may = useMay()
  const said = Object.entries({ name, number, phone, email, address }).flatMap(([key, text]) => {
    const plain = text?.trim()
    return plain ? [[key, plain] as const] : []
  })
  // A name or an address alone is everybody's.
  const tells = said.some(([key, text]) => key !== 'name' && key !== 'address' && text.length > 3) || (name?.trim() && address?.trim())
  const query = useRested(tells ? JSON.stringify(Object.fromEntries([...said, ...(kind ? [['kind', kind]] : [])])) : '')
  const { data } = useFetch(
    duplicates.alike,
    { query: query ? duplicates.alike.query.parse(JSON.parse(query)) : {} },
    { enabled: query !== '' && may('customer:read') },
  )
  if (!tells || query === '' || !data) return none
  const isSure = (file: AlikeFile) => file.reasons.some(reason => sure.includes(reason))
  return { byNumber: data.filter(isSure), byPlace: data.filter(file => !isSure(file)) }
}

/** Told calmly: whoever writes decides whether it is the same customer. */
export function AlikeFiles({ files, act }: { files: readonly AlikeFile[]; act: (file: AlikeFile) => ReactNode }) {
  return (
    <div aria-live="polite">
      {files.length > 0 && (
        <section className="alike" aria-label={w.mayStand}>
          <span className="t2 f12">{w.mayStand}</span>
          {files.map(file => (
            <div key={file.id} className="row">
              <span className="grow">
                <span className="cut">
                  <b>{file.name}</b>
                  {[file.phone, file.address].map(
                    text =>
                      text && (
                        <span key={text} className="t2">
                          <Sep />
                          {text}
                        </span>
                      ),
                  )}
                </span>
                <span className="t3 f12">
                  {reasonWords(file.reasons)} <Sep /> {file.number}
                </span>
              </span>
              {act(file)}
            </div>
          ))}
        </section>
      )}
    </div>
  )
}

/** In a tab of its own: what was typed stays. */
export const OpenAlike = ({ file }: { file: AlikeFile }) => (
  <Button size="small" href={`/customers/${file.id}`} target="_blank" rel="noopener" title={w.openBeside}>
    {w.look}
  </Button>
)
