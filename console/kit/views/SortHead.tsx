import { Select } from 'antd'
import { IconArrowDown, IconArrowUp } from '../icons.ts'
import type { SavedViews, Sorting } from './useViews.ts'
import './views.css'
import { v } from './words.ts'

export type Sorted = { order?: string | undefined; title: string }
const isDown = (sort: string) => sort.startsWith('-')
const orderOf = (sort: string) => sort.replace(/^-/, '')
const waysOf = ({ offered }: Sorting, order: string | undefined) => offered.filter(sort => orderOf(sort) === order)

/** For the head's cell: whether the list stands by this column, and which way. */
export const ariaSort = ({ sorting }: SavedViews, { order }: Pick<Sorted, 'order'>): 'ascending' | 'descending' | undefined =>
  order === undefined || orderOf(sorting.now) !== order ? undefined : isDown(sorting.now) ? 'descending' : 'ascending'

/** The head of a column; where the list offers its order, a button that chooses it, and the other way at the next click. */
export function SortHead({ of, column, hidden = false }: { of: SavedViews; column: Sorted; hidden?: boolean }) {
  const { sorting } = of
  const ways = waysOf(sorting, column.order)
  const name = hidden ? <span className="hidden">{column.title}</span> : <span className="cut">{column.title}</span>
  if (ways.length === 0) return hidden ? name : column.title
  const at = ways.indexOf(sorting.now)
  const next = at < 0 ? ways[0] : ways.length > 1 ? ways[(at + 1) % ways.length] : undefined
  const Arrow = isDown(at < 0 ? (ways[0] ?? '') : sorting.now) ? IconArrowDown : IconArrowUp
  return (
    <button type="button" className={`sorthead ${at < 0 ? '' : 'now'}`} title={v.sortBy(column.title)} onClick={() => sorting.choose(next)}>
      {name}
      <Arrow size={12} stroke={2} />
    </button>
  )
}

/** All orders of a list in one choice: where there are no heads to click, and on a phone. */
export function SortPick({ of: { sorting }, always }: { of: SavedViews; always: boolean }) {
  const options = sorting.named.flatMap(({ order, title }) =>
    waysOf(sorting, order).map(sort => ({ value: sort, label: `${title} ${isDown(sort) ? v.down1 : v.up1}` })),
  )
  if (options.length < 2) return null
  return (
    <Select
      className={`orderpick ${always ? '' : 'phone'}`}
      aria-label={v.order}
      value={options.some(o => o.value === sorting.now) ? sorting.now : null}
      placeholder={v.order}
      popupMatchSelectWidth={false}
      options={options}
      allowClear={options.every(o => o.value !== sorting.usual) && options.some(o => o.value === sorting.now)}
      onChange={sort => sorting.choose(sort)}
    />
  )
}
