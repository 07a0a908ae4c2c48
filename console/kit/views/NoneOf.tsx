import { Button } from 'antd'
import { Empty } from '../parts.tsx'
import type { SavedViews } from './useViews.ts'
import { v } from './words.ts'

type Props = { views: Pick<SavedViews, 'words' | 'leave'>; title: string; hint: string }

/** A list without rows: none are there yet, or none that fit what is asked for, with the way back to all. */
export function NoneOf({ views, title, hint }: Props) {
  if (Object.keys(views.words).every(key => key === 'sort')) return <Empty title={title} hint={hint} />
  return (
    <Empty title={v.noneFound} hint={v.noneFoundHint}>
      <Button onClick={views.leave}>{v.clear}</Button>
    </Empty>
  )
}
