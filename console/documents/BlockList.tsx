import { Button, Select, Upload } from 'antd'
import { useState } from 'react'
import type { Block } from '#contract/documentBlocks.ts'
import { EditorCard } from '../kit/EditorCard.tsx'
import { IconAlertTriangle, IconChevronDown, IconChevronRight } from '../kit/icons.ts'
import { BlockForm } from './BlockForm.tsx'
import { moved, newBlock, simpleKinds } from './blocks.ts'
import { isNumber, listsOf, type Scope } from './naming.ts'
import { useKeys } from './Rows.tsx'
import { summaryOf } from './said.ts'
import { f, kinds, w } from './words.ts'

type Props = {
  blocks: Block[]
  scope: Scope
  change: (blocks: Block[]) => void
  /** The place of the one that does not hold. */
  wrong: number | null
  inner?: true
}

/** The blocks in their order, a line each; the one that is open shows its form. */
export function BlockList({ blocks, scope, change, wrong, inner }: Props) {
  const [open, setOpen] = useState<number | null>(null)
  const [told, tell] = useState('')
  const { keys, move, drop } = useKeys(blocks.length)
  const shift = (at: number, by: number) => {
    if (at + by < 0 || at + by >= blocks.length) return
    move(at, by)
    change(moved(blocks, at, by))
    tell(f.movedTo(at + by + 1, blocks.length))
  }
  const add = (block: Block, at = blocks.length) => {
    change([...blocks.slice(0, at), block, ...blocks.slice(at)])
    return at
  }
  const lists = listsOf(scope.variables)
  const fits = (kind: Block['kind']) =>
    kind === 'table' ? lists.length > 0 : kind === 'figure' ? lists.some(l => l.of.some(isNumber)) : true
  const picture = async (file: File) => {
    const bytes = new Uint8Array(await file.arrayBuffer())
    let text = ''
    for (const byte of bytes) text += String.fromCharCode(byte)
    add({ kind: 'image', src: `data:${file.type};base64,${btoa(text)}`, widthMm: 60, caption: '' })
  }
  return (
    <div>
      <ol className="editorlist">
        {blocks.map((block, at) => {
          const isOpen = keys[at] !== undefined && keys[at] === open
          return (
            <EditorCard
              key={keys[at]}
              at={at}
              of={blocks.length}
              isOpen={isOpen}
              open={() => setOpen(isOpen ? null : (keys[at] ?? null))}
              shift={by => shift(at, by)}
              copy={() => add(block, at + 1)}
              remove={() => {
                drop(at)
                change(blocks.filter((_, i) => i !== at))
                tell(f.removed(kinds[block.kind]))
              }}
              line={
                <>
                  {isOpen ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
                  <span className="t3 f12 nowrap">{kinds[block.kind]}</span>
                  <span className="cut">{summaryOf(block, scope.variables)}</span>
                  {wrong === at && <IconAlertTriangle size={14} className="bac" aria-label={f.wrong} />}
                </>
              }
            >
              {isOpen && (
                <div className="editorform blockform">
                  <BlockForm block={block} scope={scope} change={next => change(blocks.map((b, i) => (i === at ? next : b)))} />
                </div>
              )}
            </EditorCard>
          )
        })}
      </ol>
      <div className="row wrap">
        <Select
          style={{ width: 176 }}
          aria-label={w.addBlock}
          placeholder={w.addBlock}
          value={null}
          onChange={kind => kind && add(newBlock(kind, scope.variables))}
          options={[...simpleKinds, ...(inner ? [] : ['section' as const])].flatMap(kind =>
            kind === 'image' || !fits(kind) ? [] : [{ value: kind, label: kinds[kind] }],
          )}
        />
        <Upload accept="image/png,image/jpeg" showUploadList={false} beforeUpload={file => (void picture(file), false)}>
          <Button>{f.picture}</Button>
        </Upload>
      </div>
      <span className="hidden" role="status">
        {told}
      </span>
    </div>
  )
}
