import { Button, Input, Popover } from 'antd'
import { type ReactNode, useState } from 'react'
import { tasks } from '#contract/tasks.ts'
import type { WorkLine } from '#contract/work.ts'
import { PersonSelect } from '../app/people.tsx'
import type { InputOf } from '../kit/call.ts'
import { useAct } from '../kit/data.ts'
import { IconCalendar, IconCheck, IconTransfer } from '../kit/icons.ts'
import { tell, tellRefusal } from '../kit/tell.tsx'
import { undoable } from '../kit/undo.tsx'
import { refusalText } from '../kit/words.ts'
import { DueChoice } from './DueChoice.tsx'
import { w } from './words.ts'

type Act = InputOf<typeof tasks.bulk>['body']['act']

/** What can be done with several at once. Whoever is refused says why; the others are done. */
export function BulkBar({ rows, clear }: { rows: readonly WorkLine[]; clear: () => void }) {
  const { act, acting } = useAct(tasks.bulk, { also: ['work', 'customers'] })
  const [result, setResult] = useState('')
  const open = rows.every(r => r.doneAt === null)
  const run = async (what: string, asked: Act) => {
    const reply = await act({ body: { ids: rows.map(r => r.id), act: asked } })
    if (!reply) return
    const done = reply.rows.filter(r => r.code === null).map(r => r.id)
    const refused = reply.rows.find(r => r.code !== null)
    if (refused?.code)
      tellRefusal({ code: 'task.some', message: w.refusedSome(reply.rows.length - done.length, refusalText(refused.code, refused.facts)) })
    if (asked.do === 'finish' && done.length > 0)
      undoable(w.doneSome(done.length, what), () => void act({ body: { ids: done, act: { do: 'reopen' } } }))
    else if (done.length > 0) tell(w.doneSome(done.length, what))
    clear()
  }
  return (
    <div className="bulk" role="toolbar" aria-label={w.chosen(rows.length)}>
      <b className="nowrap">{w.chosen(rows.length)}</b>
      <Above title={w.give} icon={<IconTransfer size={16} />} disabled={acting || !open}>
        <PersonSelect
          width={220}
          allowClear={false}
          aria-label={w.owner}
          placeholder={w.owner}
          onChange={ownerId => ownerId && void run(w.give, { do: 'give', ownerId })}
        />
      </Above>
      <Above title={w.moveDue} icon={<IconCalendar size={16} />} disabled={acting || !open}>
        <DueChoice choose={due => void run(w.moveDue, { do: 'due', ...due })} />
      </Above>
      <Above title={w.finishAll} icon={<IconCheck size={16} />} disabled={acting || !open}>
        <div className="col" style={{ width: 260, gap: 8 }}>
          <Input.TextArea
            autoFocus
            aria-label={w.result}
            placeholder={w.resultMust}
            value={result}
            maxLength={4000}
            autoSize={{ minRows: 2, maxRows: 6 }}
            onChange={e => setResult(e.target.value)}
          />
          <Button
            type="primary"
            disabled={!result.trim()}
            loading={acting}
            onClick={() => void run(w.finishAll, { do: 'finish', result: result.trim() })}
          >
            {w.finishAll}
          </Button>
        </div>
      </Above>
      <Button type="text" onClick={clear}>
        <kbd>Esc</kbd>
      </Button>
    </div>
  )
}

function Above({ title, icon, disabled, children }: { title: string; icon: ReactNode; disabled: boolean; children: ReactNode }) {
  return (
    <Popover trigger="click" placement="top" title={title} content={children} destroyOnHidden>
      <Button type="text" icon={icon} disabled={disabled}>
        {title}
      </Button>
    </Popover>
  )
}
