import { Checkbox, Input, InputNumber, Select } from 'antd'
import type { ReactNode } from 'react'
import type { Block } from '#contract/documentBlocks.ts'
import { fieldsOf, isNumber, listsOf, type Scope, said } from './naming.ts'
import { Rows } from './Rows.tsx'
import { Valued, Worded } from './Worded.tsx'
import { f } from './words.ts'

type Of<K extends Block['kind']> = {
  block: Extract<Block, { kind: K }>
  scope: Scope
  change: (block: Extract<Block, { kind: K }>) => void
}

export const Labelled = ({ label, children }: { label: string; children: ReactNode }) => (
  // biome-ignore lint/a11y/noLabelWithoutControl: the control is its child
  <label>
    {label}
    {children}
  </label>
)

type Listed = Pick<Extract<Block, { kind: 'table' }>, 'each' | 'order' | 'most'>
/** Which list, in which order, how many of its rows. */
function Source({
  of,
  scope,
  each,
  change,
}: {
  of: Listed
  scope: Scope
  each: (list: string) => void
  change: (next: Omit<Listed, 'each'>) => void
}) {
  const fields = fieldsOf(scope.variables, of.each).map(v => ({ value: v.path, label: said(v) }))
  return (
    <div className="row wrap end-aligned">
      <Labelled label={f.source}>
        <Select
          style={{ width: 152 }}
          value={of.each}
          onChange={each}
          options={listsOf(scope.variables).map(l => ({ value: l.path, label: said(l) }))}
        />
      </Labelled>
      <Labelled label={f.order}>
        <Select
          style={{ width: 136 }}
          value={of.order?.by ?? ''}
          onChange={by => change({ most: of.most, order: by === '' ? null : { by, down: of.order?.down ?? true } })}
          options={[{ value: '', label: f.asGiven }, ...fields]}
        />
      </Labelled>
      {of.order && (
        <Labelled label={f.way}>
          <Select<'down' | 'up'>
            style={{ width: 96 }}
            value={of.order.down ? 'down' : 'up'}
            onChange={way => of.order && change({ most: of.most, order: { ...of.order, down: way === 'down' } })}
            options={[
              { value: 'down', label: f.down },
              { value: 'up', label: f.upward },
            ]}
          />
        </Labelled>
      )}
      <Labelled label={f.most}>
        <InputNumber
          style={{ width: 88 }}
          min={1}
          max={500}
          precision={0}
          placeholder={f.all}
          value={of.most}
          onChange={most => change({ order: of.order, most: most ?? null })}
        />
      </Labelled>
    </div>
  )
}

/** A table: of which list, its columns, what stands there without rows. */
export function TableForm({ block, scope, change }: Of<'table'>) {
  const fields = fieldsOf(scope.variables, block.each)
  const inside = { ...scope, list: block.each }
  const columnOf = (path: string): (typeof block.columns)[number] => {
    const field = fields.find(v => v.path === path)
    return { title: field ? said(field) : '', value: `{{item.${path}}}`, align: field && isNumber(field) ? 'right' : 'left', share: 2 }
  }
  const another = (each: string) => {
    const first = fieldsOf(scope.variables, each)
    const named = first.slice(0, 3).map(v => ({
      title: said(v),
      value: `{{item.${v.path}}}`,
      align: isNumber(v) ? ('right' as const) : ('left' as const),
      share: 2,
    }))
    change({ ...block, each, order: null, columns: named.length > 0 ? named : block.columns })
  }
  return (
    <>
      <Source of={block} scope={scope} each={another} change={rest => change({ ...block, ...rest })} />
      <Rows
        label={f.columns}
        rows={block.columns}
        change={columns => change({ ...block, columns })}
        show={(column, set, at) => (
          <>
            <Worded
              label={f.columnTitle(at + 1)}
              placeholder={f.columnHead}
              text={column.title}
              scope={scope}
              change={title => set({ ...column, title })}
            />
            <Valued
              label={f.columnValue(at + 1)}
              placeholder={f.value}
              text={column.value}
              scope={inside}
              change={value => set({ ...column, value })}
            />
            <Select
              aria-label={f.align}
              title={f.align}
              style={{ width: 72 }}
              value={column.align}
              onChange={align => set({ ...column, align })}
              options={(['left', 'center', 'right'] as const).map(value => ({ value, label: f[value] }))}
            />
            <InputNumber
              aria-label={f.share}
              title={f.share}
              style={{ width: 60 }}
              min={1}
              max={20}
              value={column.share}
              onChange={share => set({ ...column, share: share ?? 2 })}
            />
          </>
        )}
      />
      <Select
        style={{ width: 176 }}
        aria-label={f.addColumn}
        placeholder={f.addColumn}
        value={null}
        disabled={block.columns.length >= 10}
        onChange={path => path && change({ ...block, columns: [...block.columns, columnOf(path)] })}
        options={fields.map(v => ({ value: v.path, label: said(v) }))}
      />
      <Labelled label={f.empty}>
        <Input value={block.empty} onChange={e => change({ ...block, empty: e.target.value })} />
      </Labelled>
    </>
  )
}

/** A chart: of which list, by what, which of its figures, and how drawn. */
export function FigureForm({ block, scope, change }: Of<'figure'>) {
  const fields = fieldsOf(scope.variables, block.each)
  const numbers = fields.filter(isNumber)
  const first = numbers.find(v => v.path === block.series[0]?.value)
  // One axis carries one unit.
  const alike = block.series.length > 1 && first ? numbers.filter(v => v.type === first.type) : numbers
  const another = (each: string) => {
    const next = fieldsOf(scope.variables, each)
    const label = next.find(v => !isNumber(v)) ?? next[0]
    const value = next.find(isNumber)
    if (label && value)
      change({ ...block, each, order: null, label: label.path, series: [{ name: said(value), value: value.path, dashed: false }] })
  }
  const drawable = { ...scope, variables: scope.variables.filter(v => v.type !== 'list' || v.of.some(isNumber)) }
  return (
    <>
      <Source of={block} scope={drawable} each={another} change={rest => change({ ...block, ...rest })} />
      <div className="row wrap end-aligned">
        <Labelled label={f.chart}>
          <Select
            style={{ width: 152 }}
            value={block.chart}
            onChange={chart => change({ ...block, chart })}
            options={(['bar', 'stack', 'rows', 'line'] as const).map(value => ({ value, label: f[value] }))}
          />
        </Labelled>
        <Labelled label={f.label}>
          <Select
            style={{ width: 136 }}
            value={block.label}
            onChange={label => change({ ...block, label })}
            options={fields.map(v => ({ value: v.path, label: said(v) }))}
          />
        </Labelled>
      </div>
      <Rows
        label={f.series}
        rows={block.series}
        change={series => change({ ...block, series })}
        show={(one, set, at) => (
          <>
            <Select
              aria-label={f.seriesValue(at + 1)}
              style={{ flex: 1, minWidth: 120 }}
              value={one.value}
              onChange={value => {
                const field = numbers.find(v => v.path === value)
                set({ ...one, name: field ? said(field) : one.name, value })
              }}
              options={(block.series.length > 1 && at > 0 ? alike : numbers).map(v => ({ value: v.path, label: said(v) }))}
            />
            <Worded
              label={f.seriesName(at + 1)}
              placeholder={f.name}
              text={one.name}
              scope={scope}
              change={name => set({ ...one, name })}
            />
            {block.chart === 'line' && (
              <Checkbox checked={one.dashed} onChange={e => set({ ...one, dashed: e.target.checked })}>
                {f.dashed}
              </Checkbox>
            )}
          </>
        )}
      />
      <Select
        style={{ width: 176 }}
        aria-label={f.addSeries}
        placeholder={f.addSeries}
        value={null}
        disabled={block.series.length >= 7}
        onChange={path => {
          const field = numbers.find(v => v.path === path)
          if (field) change({ ...block, series: [...block.series, { name: said(field), value: field.path, dashed: false }] })
        }}
        options={numbers.filter(v => !first || v.type === first.type).map(v => ({ value: v.path, label: said(v) }))}
      />
      <Labelled label={f.caption}>
        <Input value={block.caption} onChange={e => change({ ...block, caption: e.target.value })} />
      </Labelled>
    </>
  )
}
