import { Button } from 'antd'
import { useEffect, useRef } from 'react'
import { type CustomerFile, profile } from '#contract/profile.ts'
import { useMay } from '../../app/me.ts'
import { useAct } from '../../kit/data.ts'
import { IconFile, IconPaperclip, IconX } from '../../kit/icons.ts'
import { Failure, Waiting } from '../../kit/parts.tsx'
import { ago, full } from '../../kit/time.ts'
import { undoable } from '../../kit/undo.tsx'
import { refusalText } from '../../kit/words.ts'
import { sizeText, useAttachments } from '../../messaging/attach.ts'
import { useFiles } from './useOlder.ts'
import { w } from './words.ts'

/** Files kept with this customer: contracts, pictures of the meter, copies of letters. */
export function Files({ customerId }: { customerId: string }) {
  const may = useMay()
  const kept = useFiles(customerId)
  const writes = may('customer:write')
  const put = useAct(profile.removeFile)
  if (!writes && kept.rows.length === 0 && !kept.error) return null
  const remove = async (f: CustomerFile) => {
    if (await put.act({ id: customerId, keptId: f.id, body: { removed: true } }))
      undoable(w.removed(f.file?.name ?? ''), () => void put.act({ id: customerId, keptId: f.id, body: { removed: false } }))
  }
  return (
    <section className="card" aria-label={w.files}>
      <header>
        <h3>{w.files}</h3>
        {kept.rows.length > 0 && <span className="badge n">{kept.rows.length}</span>}
        {writes && <Upload customerId={customerId} />}
      </header>
      <ul className="body col keptfiles">
        {kept.error && <Failure error={kept.error} retry={kept.refetch} />}
        {kept.first && <Waiting rows={1} />}
        {!kept.first && kept.rows.length === 0 && <li className="t3">{w.noFiles}</li>}
        {kept.rows.map(f => (
          <li key={f.id} className="held">
            {f.file && (
              <a href={f.file.url} target="_blank" rel="noreferrer" className="row grow" title={f.note || f.file.name}>
                {f.file.type.startsWith('image/') ? (
                  <img src={f.file.url} alt="" width={28} height={28} loading="lazy" />
                ) : (
                  <IconFile size={16} stroke={1.75} />
                )}
                <span className="grow">
                  <span className="cut block">{f.file.name}</span>
                  <span className="t3 f12">
                    {sizeText(f.file.size)} <time title={full(f.addedAt)}>{ago(f.addedAt)}</time>
                  </span>
                </span>
              </a>
            )}
            {writes && (
              <Button
                className="more"
                type="text"
                size="small"
                icon={<IconX size={14} />}
                aria-label={`${w.remove} ${f.file?.name ?? ''}`}
                title={w.remove}
                onClick={() => void remove(f)}
              />
            )}
          </li>
        ))}
        {kept.older && (
          <Button size="small" onClick={kept.older}>
            {w.moreFiles}
          </Button>
        )}
        <Travelling customerId={customerId} />
      </ul>
    </section>
  )
}

const placeOf = (customerId: string) => `customer.${customerId}`

function Upload({ customerId }: { customerId: string }) {
  const { add } = useAttachments(placeOf(customerId))
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        style={{ display: 'none' }}
        aria-label={w.addFile}
        onChange={e => {
          add(e.target.files ?? [])
          e.target.value = ''
        }}
      />
      <Button
        className="end"
        type="text"
        size="small"
        icon={<IconPaperclip size={16} stroke={1.75} />}
        aria-label={w.addFile}
        title={w.addFile}
        onClick={() => input.current?.click()}
      />
    </>
  )
}

/** On their way: each is kept as soon as it has arrived. */
function Travelling({ customerId }: { customerId: string }) {
  const { files, remove, retry } = useAttachments(placeOf(customerId))
  const { act } = useAct(profile.keep)
  const sending = useRef(new Set<string>())
  useEffect(() => {
    for (const file of files)
      if (file.card && !sending.current.has(file.key)) {
        sending.current.add(file.key)
        void act({ id: customerId, body: { fileId: file.card.id } }).then(() => remove(file.key))
      }
  }, [files, act, customerId, remove])
  return files.map(f => (
    <li key={f.key} className={`held f12 ${f.failed ? 'bac' : 't3'}`}>
      <span className="grow">
        {f.name} {f.failed ? refusalText(f.failed) : `${Math.round(f.share * 100)} %`}
      </span>
      {f.again && (
        <Button size="small" onClick={() => retry(f.key)}>
          {w.retry}
        </Button>
      )}
      {f.failed && <Button type="text" size="small" icon={<IconX size={14} />} aria-label={w.remove} onClick={() => remove(f.key)} />}
    </li>
  ))
}
