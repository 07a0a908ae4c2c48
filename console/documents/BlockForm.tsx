import { Checkbox, Input, InputNumber, Segmented, Select } from 'antd'
import type { Block } from '#contract/documentBlocks.ts'
import { BlockList } from './BlockList.tsx'
import { FigureForm, Labelled, TableForm } from './ListFields.tsx'
import { isNumber, listsOf, plainOf, type Scope, said } from './naming.ts'
import { Rows } from './Rows.tsx'
import { Valued, Worded } from './Worded.tsx'
import { f } from './words.ts'

type Props = { block: Block; scope: Scope; change: (block: Block) => void }
const aligns = () => (['left', 'center', 'right'] as const).map(value => ({ value, label: f[value] }))
const someLines = (text: string) => text.split('\n').slice(0, 6)

/** What one block says. */
export function BlockForm({ block, scope, change }: Props) {
  switch (block.kind) {
    case 'heading':
      return (
        <>
          <Worded label={f.text} text={block.text} scope={scope} change={text => change({ ...block, text })} />
          <Segmented<1 | 2 | 3>
            aria-label={f.level}
            style={{ justifySelf: 'start' }}
            value={block.level}
            onChange={level => change({ ...block, level })}
            options={([1, 2, 3] as const).map(value => ({ value, label: f.levelOf(value) }))}
          />
        </>
      )
    case 'paragraph':
      return (
        <>
          <Worded long label={f.text} text={block.text} scope={scope} change={text => change({ ...block, text })} />
          <Segmented
            aria-label={f.align}
            style={{ justifySelf: 'start' }}
            value={block.align}
            onChange={align => change({ ...block, align })}
            options={aligns()}
          />
        </>
      )
    case 'list':
      return (
        <>
          <Worded
            long
            label={f.items}
            text={block.items.join('\n')}
            scope={scope}
            change={text => change({ ...block, items: text.split('\n').slice(0, 50) })}
          />
          <Checkbox checked={block.ordered} onChange={e => change({ ...block, ordered: e.target.checked })}>
            {f.ordered}
          </Checkbox>
        </>
      )
    case 'figures':
      return <Figures block={block} scope={scope} change={change} />
    case 'table':
      return <TableForm block={block} scope={scope} change={change} />
    case 'figure':
      return <FigureForm block={block} scope={scope} change={change} />
    case 'image':
      return (
        <div className="row wrap end-aligned">
          <img src={block.src} alt={block.caption} style={{ height: 56 }} />
          <Labelled label={f.width}>
            <InputNumber min={10} max={170} value={block.widthMm} onChange={value => change({ ...block, widthMm: value ?? 60 })} />
          </Labelled>
          <Labelled label={f.caption}>
            <Input value={block.caption} onChange={e => change({ ...block, caption: e.target.value })} />
          </Labelled>
        </div>
      )
    case 'letterhead':
      return (
        <>
          <Worded label={f.text} text={block.title} scope={scope} change={title => change({ ...block, title })} />
          <Worded
            long
            label={f.lines}
            placeholder={f.lines}
            text={block.lines.join('\n')}
            scope={scope}
            change={text => change({ ...block, lines: text === '' ? [] : someLines(text) })}
          />
        </>
      )
    case 'signature':
      return (
        <Worded
          long
          label={f.items}
          text={block.lines.join('\n')}
          scope={scope}
          change={text => change({ ...block, lines: someLines(text) })}
        />
      )
    case 'section':
      return <SectionForm block={block} scope={scope} change={change} />
    case 'pageBreak':
      return <span className="t3 f12">{f.breaks}</span>
  }
}

function Figures({ block, scope, change }: Props & { block: Extract<Block, { kind: 'figures' }> }) {
  const numbers = plainOf(scope.variables).filter(isNumber)
  return (
    <>
      <Rows
        label={f.figures}
        rows={block.items}
        change={items => change({ ...block, items })}
        show={(item, set, at) => (
          <>
            <Worded
              label={f.figureLabel(at + 1)}
              placeholder={f.name}
              text={item.label}
              scope={scope}
              change={label => set({ ...item, label })}
            />
            <Valued
              label={f.figureValue(at + 1)}
              placeholder={f.value}
              text={item.value}
              scope={scope}
              change={value => set({ ...item, value })}
            />
            <Worded
              label={f.figureNote(at + 1)}
              placeholder={f.note}
              text={item.note}
              scope={scope}
              change={note => set({ ...item, note })}
            />
          </>
        )}
      />
      <Select
        style={{ width: 176 }}
        aria-label={f.addFigure}
        placeholder={f.addFigure}
        value={null}
        disabled={block.items.length >= 8}
        showSearch={{ optionFilterProp: 'label' }}
        onChange={path => {
          const field = numbers.find(v => v.path === path)
          if (field) change({ ...block, items: [...block.items, { label: said(field), value: `{{${field.path}}}`, note: '' }] })
        }}
        options={numbers.map(v => ({ value: v.path, label: said(v) }))}
      />
    </>
  )
}

function SectionForm({ block, scope, change }: Props & { block: Extract<Block, { kind: 'section' }> }) {
  const { when } = block
  const named = scope.variables.map(v => ({ value: v.path, label: said(v) }))
  return (
    <>
      <div className="row wrap end-aligned">
        <Labelled label={f.condition}>
          <Select
            style={{ width: 168 }}
            value={when?.path ?? ''}
            showSearch={{ optionFilterProp: 'label' }}
            onChange={path => change({ ...block, when: path === '' ? null : { path, is: when?.is ?? 'filled', value: when?.value ?? '' } })}
            options={[{ value: '', label: f.always }, ...named]}
          />
        </Labelled>
        {when && (
          <Select
            style={{ width: 112 }}
            aria-label={f.condition}
            value={when.is}
            onChange={is => change({ ...block, when: { ...when, is } })}
            options={[
              { value: 'filled' as const, label: f.filled },
              { value: 'empty' as const, label: f.isEmpty },
              { value: 'above' as const, label: f.above },
              { value: 'below' as const, label: f.below },
              { value: 'equal' as const, label: f.equal },
            ]}
          />
        )}
        {when && when.is !== 'filled' && when.is !== 'empty' && (
          <Input
            style={{ width: 96 }}
            aria-label={f.value}
            value={when.value}
            onChange={e => change({ ...block, when: { ...when, value: e.target.value } })}
          />
        )}
        <Labelled label={f.each}>
          <Select
            style={{ width: 144 }}
            value={block.each ?? ''}
            onChange={each => change({ ...block, each: each || null })}
            options={[{ value: '', label: f.once }, ...listsOf(scope.variables).map(v => ({ value: v.path, label: said(v) }))]}
          />
        </Labelled>
      </div>
      <div className="inner">
        <BlockList
          inner
          blocks={block.blocks}
          scope={{ ...scope, list: block.each }}
          wrong={null}
          change={blocks => change({ ...block, blocks: blocks.flatMap(b => (b.kind === 'section' ? [] : [b])) })}
        />
      </div>
    </>
  )
}
