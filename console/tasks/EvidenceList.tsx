import { Button, Popover, Select } from 'antd'
import { useState } from 'react'
import { type Evidence, type Matter, type TaskWhole, tasks } from '#contract/tasks.ts'
import { tickets } from '#contract/tickets.ts'
import { useMay } from '../app/me.ts'
import { useRested } from '../app/people.tsx'
import { foundOption, useFound } from '../customers/finding/Found.tsx'
import { useAct, useFetch } from '../kit/data.ts'
import { FilePick } from '../kit/FilePick.tsx'
import { IconFile, IconLink, IconPaperclip, IconX } from '../kit/icons.ts'
import { refusalText } from '../kit/words.ts'
import { useArrivals } from '../messaging/arrivals.ts'
import { sizeText } from '../messaging/attach.ts'
import { MatterLink } from './MatterLink.tsx'
import { matterAt } from './typed.ts'
import { w } from './words.ts'

/** Files and links that show it. */
export function EvidenceRows({ evidence, remove }: { evidence: readonly Evidence[]; remove?: (id: string) => void }) {
  return (
    <ul className="evidence">
      {evidence.map(e => (
        <li key={e.id}>
          {e.file ? (
            <a href={e.file.url} target="_blank" rel="noreferrer" className="row">
              {e.file.type.startsWith('image/') ? (
                <img src={e.file.url} alt="" width={32} height={32} loading="lazy" />
              ) : (
                <IconFile size={16} />
              )}
              <span className="cut">{e.file.name}</span>
              <span className="t3 f12 nowrap">{sizeText(e.file.size)}</span>
            </a>
          ) : (
            e.matter && <MatterLink matter={e.matter} />
          )}
          {e.note && <span className="t3 cut">{e.note}</span>}
          {remove && (
            <Button
              type="text"
              size="small"
              className="end"
              icon={<IconX size={14} />}
              aria-label={w.removeEvidence}
              title={w.removeEvidence}
              onClick={() => remove(e.id)}
            />
          )}
        </li>
      ))}
    </ul>
  )
}

export function EvidenceOfTask({ task, mayWrite }: { task: TaskWhole; mayWrite: boolean }) {
  const add = useAct(tasks.addEvidence)
  const remove = useAct(tasks.removeEvidence)
  const act = add.act
  const {
    files,
    add: upload,
    retry,
    remove: forget,
  } = useArrivals(`task.${task.id}`, tasks.addEvidence, fileId => ({ id: task.id, body: { fileId, note: '' } }))
  if (task.evidence.length === 0 && !mayWrite) return null
  return (
    <section aria-label={w.evidence}>
      <h3>{w.evidence}</h3>
      <EvidenceRows evidence={task.evidence} {...(mayWrite ? { remove: id => void remove.act({ id: task.id, evidenceId: id }) } : {})} />
      {files.map(f => (
        <p key={f.key} className={f.failed ? 'row bac f12' : 'row t3 f12'}>
          <span className="grow">
            {f.name} {f.failed ? refusalText(f.failed) : `${Math.round(f.share * 100)} %`}
          </span>
          {f.again && (
            <Button size="small" onClick={() => retry(f.key)}>
              {w.sendAgain}
            </Button>
          )}
          {f.failed && (
            <Button type="text" size="small" icon={<IconX size={14} />} aria-label={w.removeEvidence} onClick={() => forget(f.key)} />
          )}
        </p>
      ))}
      {mayWrite && (
        <div className="row wrap">
          <FilePick name={w.addFile} pick={upload}>
            {open => (
              <Button size="small" icon={<IconPaperclip size={14} />} onClick={open}>
                {w.addFile}
              </Button>
            )}
          </FilePick>
          <Popover
            trigger="click"
            placement="bottomLeft"
            destroyOnHidden
            content={<FindMatter choose={matter => void act({ id: task.id, body: { matter, note: '' } })} />}
          >
            <Button size="small" icon={<IconLink size={14} />}>
              {w.addLink}
            </Button>
          </Popover>
        </div>
      )}
    </section>
  )
}

/** A ticket or a customer by what is typed, or whatever a pasted address of ours is about. */
function FindMatter({ choose }: { choose: (matter: Matter) => void }) {
  const may = useMay()
  const [typed, setTyped] = useState('')
  const q = useRested(typed.trim())
  const pasted = matterAt(typed)
  const asks = q.length > 1 && pasted === null
  const found = {
    tickets: useFetch(tickets.list, { query: { box: 'all', q, size: 8 } }, { enabled: asks && may('ticket:read') }).data?.rows ?? [],
    customers: useFound(asks ? typed : '', 5).rows,
  }
  const options = pasted
    ? [{ value: `${pasted.noun} ${pasted.id}`, label: <MatterLink matter={pasted} plain /> }]
    : asks
      ? [
          ...found.tickets.map(t => ({ value: `ticket ${t.id}`, label: `${t.number} ${t.title}` })),
          ...found.customers.map(c => ({ ...foundOption(c), value: `customer ${c.id}` })),
        ]
      : []
  return (
    <Select<string>
      autoFocus
      style={{ width: 300 }}
      aria-label={w.addLink}
      placeholder={w.linkHint}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      notFoundContent={null}
      value={null}
      options={options}
      onSelect={value => {
        const [noun = '', id = ''] = value.split(' ')
        choose({ noun, id })
      }}
    />
  )
}
