import { Button } from 'antd'
import { type CustomerFile, profile } from '#contract/profile.ts'
import { useMay } from '../../app/me.ts'
import { useAct } from '../../kit/data.ts'
import { FilePick } from '../../kit/FilePick.tsx'
import { IconFile, IconPaperclip, IconX } from '../../kit/icons.ts'
import { Failure, Waiting } from '../../kit/parts.tsx'
import { ago, full } from '../../kit/time.ts'
import { undoable } from '../../kit/undo.tsx'
import { refusalText } from '../../kit/words.ts'
import { useArrivals } from '../../messaging/arrivals.ts'
import { sizeText } from '../../messaging/attach.ts'
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

const useArriving = (id: string) => useArrivals(`customer.${id}`, profile.keep, fileId => ({ id, body: { fileId } }))

function Upload({ customerId }: { customerId: string }) {
  const { add } = useArriving(customerId)
  return (
    <FilePick name={w.addFile} pick={add}>
      {open => (
        <Button
          className="end"
          type="text"
          size="small"
          icon={<IconPaperclip size={16} stroke={1.75} />}
          aria-label={w.addFile}
          title={w.addFile}
          onClick={open}
        />
      )}
    </FilePick>
  )
}

/** On their way: each is kept as soon as it has arrived. */
function Travelling({ customerId }: { customerId: string }) {
  const { files, remove, retry } = useArriving(customerId)
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
