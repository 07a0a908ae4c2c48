import { Button, Input } from 'antd'
import { useEffect, useState } from 'react'
import { type TaskItem, type TaskWhole, tasks } from '#contract/tasks.ts'
import { useNames } from '../app/people.tsx'
import { useAct } from '../kit/data.ts'
import { IconPlus, IconX } from '../kit/icons.ts'
import { Sep } from '../kit/parts.tsx'
import { ago } from '../kit/time.ts'
import { w } from './words.ts'

const none: ReadonlyMap<string, boolean> = new Map()

/** What is to be done, item by item. What is required keeps the task open. */
export function Checklist({ task, mayWrite }: { task: TaskWhole; mayWrite: boolean }) {
  const { items } = task
  const open = task.doneAt === null && mayWrite
  const tick = useAct(tasks.tick, { also: ['work'] })
  const write = useAct(tasks.setItems, { also: ['work'] })
  const who = useNames(items.map(i => i.doneById))
  const [text, setText] = useState('')
  // Ticked at once; what the server says then stands, also when it says no.
  const [meant, setMeant] = useState<ReadonlyMap<string, boolean>>(none)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was meant ends with the news of the items
  useEffect(() => setMeant(none), [items])
  const turn = async (id: string, done: boolean) => {
    setMeant(new Map(meant).set(id, done))
    if (!(await tick.act({ id: task.id, itemId: id, body: { done } }))) setMeant(none)
  }
  if (items.length === 0 && !open) return null
  const left = items.filter(i => i.required && i.doneAt === null).length
  const save = (next: readonly { id?: string; text: string; required: boolean }[]) => write.act({ id: task.id, body: { items: [...next] } })
  const add = async () => {
    if (!text.trim() || write.acting) return
    if (await save([...items, { text: text.trim(), required: false }])) setText('')
  }
  return (
    <section aria-label={w.items}>
      <h3>
        {w.items}
        {items.length > 0 && <span className="t3"> {`${items.filter(i => i.doneAt).length}/${items.length}`}</span>}
        {left > 0 && open && <span className="tag wa">{w.itemsLeft(left)}</span>}
      </h3>
      <ul className="checklist">
        {items.map(item => (
          <li key={item.id}>
            <label>
              <input
                type="checkbox"
                checked={meant.get(item.id) ?? item.doneAt !== null}
                disabled={!open}
                onChange={e => void turn(item.id, e.target.checked)}
              />
              <span className={item.doneAt ? 't3' : ''}>{item.text}</span>
            </label>
            {item.doneAt ? (
              <span className="t3 f12 nowrap">
                {who(item.doneById)}
                <Sep />
                {ago(item.doneAt)}
              </span>
            ) : open ? (
              <Mark item={item} save={required => void save(items.map(i => (i.id === item.id ? { ...i, required } : i)))} />
            ) : (
              item.required && <span className="tag wa">{w.required}</span>
            )}
            {open && !item.doneAt && (
              <Button
                type="text"
                size="small"
                icon={<IconX size={14} />}
                aria-label={`${w.removeItem} ${item.text}`}
                title={w.removeItem}
                onClick={() => void save(items.filter(i => i.id !== item.id))}
              />
            )}
          </li>
        ))}
      </ul>
      {open && (
        <Input
          variant="filled"
          prefix={<IconPlus size={14} className="t3" />}
          placeholder={w.addItem}
          aria-label={w.addItem}
          value={text}
          maxLength={300}
          onChange={e => setText(e.target.value)}
          onPressEnter={() => void add()}
          onBlur={() => void add()}
        />
      )}
    </section>
  )
}

const Mark = ({ item, save }: { item: TaskItem; save: (required: boolean) => void }) => (
  <button
    type="button"
    className={`tag mark ${item.required ? 'wa' : ''}`}
    aria-pressed={item.required}
    onClick={() => save(!item.required)}
  >
    {item.required ? w.required : w.require}
  </button>
)
