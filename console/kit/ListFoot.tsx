import { Button } from 'antd'
import { w } from '../app/words.ts'

/** Below a list paged by key: how many are here and that more follow, never a page count. */
export function ListFoot({
  list,
}: {
  list: { rows: readonly unknown[]; hasNext: boolean; hasBefore: boolean; next: () => void; before: () => void }
}) {
  const n = list.rows.length
  return (
    <div className="listfoot">
      <span>{list.hasNext ? w.more(n) : list.hasBefore ? w.page(n) : w.end(n)}</span>
      {(list.hasNext || list.hasBefore) && (
        <span className="end row">
          <Button size="small" disabled={!list.hasBefore} onClick={list.before}>
            {w.before}
          </Button>
          <Button size="small" disabled={!list.hasNext} onClick={list.next}>
            {w.next}
          </Button>
        </span>
      )}
    </div>
  )
}
