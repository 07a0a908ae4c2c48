import { Select } from 'antd'
import { segments } from '#contract/segments.ts'
import { useFetch } from '../../kit/data.ts'
import { nameOf } from '../../kit/words.ts'
import { w } from './words.ts'

export function SegmentFilter({ value, change }: { value: string | undefined; change: (segment: string | undefined) => void }) {
  const { data } = useFetch(segments.list, { query: {} }, { staleTime: 30_000 })
  if (!value && data?.length === 0) return null
  return (
    <Select
      value={data ? (value ?? '') : ''}
      aria-label={w.segments}
      showSearch={{ optionFilterProp: 'label' }}
      options={[{ value: '', label: w.anySegment }, ...(data ?? []).map(s => ({ value: s.id, label: nameOf(s) }))]}
      onChange={id => change(id === '' ? undefined : id)}
      style={{ width: 160 }}
    />
  )
}
