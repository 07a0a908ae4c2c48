import { Button, Tooltip } from 'antd'
import { useEffect, useRef, useState } from 'react'
import type { FlowFault, FlowNode, FlowNodeKind } from '#contract/flows.ts'
import { EditorCard } from '../../kit/EditorCard.tsx'
import { IconAlertTriangle } from '../../kit/icons.ts'
import { Empty } from '../../kit/parts.tsx'
import { nameOf } from '../../kit/words.ts'
import { useQueues } from '../../settings/fields.tsx'
import { faultWord } from './faults.ts'
import { copyOf, kindsInOrder, needsQueue, newNode, outsOf, without } from './nodes.ts'
import { kinds, w } from './words.ts'

type Props = {
  nodes: FlowNode[]
  faults: readonly FlowFault[]
  open: string | null
  show: (key: string | null) => void
  change: (nodes: FlowNode[]) => void
}

/** The catalogue of steps, and those of this flow in a row: each with where it leads. */
export function NodeList({ nodes, faults, open, show, change }: Props) {
  const [queue] = useQueues().filter(q => q.channel === 'phone')
  const [told, tell] = useState('')
  const list = useRef<HTMLOListElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is opened comes into sight, a new step too
  useEffect(() => {
    // On a phone what is told of it stands above the list, and is looked at.
    if (!matchMedia('(max-width: 960px)').matches) list.current?.querySelector('.editorcard.on')?.scrollIntoView({ block: 'nearest' })
  }, [open])
  const nameOfKey = (key: string | null) => {
    const node = nodes.find(n => n.key === key)
    return node && nameOf(node)
  }
  const shift = (at: number, by: number) => {
    const [from, to] = [nodes[at], nodes[at + by]]
    if (!from || !to) return
    change(nodes.map((n, i) => (i === at ? to : i === at + by ? from : n)))
  }
  const add = (kind: FlowNodeKind) => {
    const made = newNode(kind, nodes, queue?.id)
    change([...nodes, made])
    show(made.key)
  }
  return (
    <div>
      <div className="flowkinds" role="toolbar" aria-label={w.addNode}>
        <b className="m5">{w.addNode}</b>
        {kindsInOrder.map(kind => {
          const lacks = needsQueue(kind) && !queue
          return (
            <Tooltip key={kind} title={lacks ? w.noQueue : ''}>
              <Button size="small" disabled={lacks} onClick={() => add(kind)}>
                {kinds[kind]()}
              </Button>
            </Tooltip>
          )
        })}
      </div>
      {nodes.length === 0 && <Empty title={w.noNodes} hint={w.noNodesHint} />}
      <ol ref={list} className="editorlist" aria-label={w.nodes}>
        {nodes.map((node, at) => {
          const own = faults.filter(f => f.node === node.key)
          return (
            <EditorCard
              key={node.key}
              at={at}
              of={nodes.length}
              isOpen={open === node.key}
              open={() => show(open === node.key ? null : node.key)}
              shift={by => shift(at, by)}
              copy={() => change([...nodes.slice(0, at + 1), copyOf(node, nodes), ...nodes.slice(at + 1)])}
              remove={() => {
                if (open === node.key) show(null)
                change(without(nodes, node.key))
                tell(w.removed(nameOf(node)))
              }}
              line={
                <>
                  <span className="t3 f12 nowrap">{kinds[node.kind]()}</span>
                  <b className="cut m5">{nameOf(node)}</b>
                  {at === 0 && <span className="tag ok nowrap">{w.start}</span>}
                  {own.length > 0 && (
                    <Tooltip title={own.map(faultWord).join(', ')}>
                      <IconAlertTriangle size={14} className="bac" aria-label={own.map(faultWord).join(', ')} />
                    </Tooltip>
                  )}
                </>
              }
            >
              {outsOf(node).length > 0 && (
                <p className="outs">
                  {outsOf(node).map(out => (
                    <span key={out.field}>
                      <b>{out.name}</b> → {nameOfKey(out.next) ?? <span className="wac">{w.toNowhere}</span>}
                    </span>
                  ))}
                </p>
              )}
            </EditorCard>
          )
        })}
      </ol>
      <span className="hidden" role="status">
        {told}
      </span>
    </div>
  )
}
