import { Select } from 'antd'
import { segments } from '#contract/segments.ts'
import { useFetch } from '../../kit/data.ts'
import { nameOf } from '../../kit/words.ts'
import { w } from './words.ts'

export function SegmentFilter({ value, change }: { value: string | undefined; change: (segment: string | undefined) => void }) {
  // A saved view may ask for one that has been retired since: it is told by its name.
  const { data } = useFetch(segments.list, { query: { retired: true } }, { staleTime: 30_000 })
  const offered = data?.filter(s => !s.retired || s.id === value)
  if (!value && offered?.length === 0) return null
  return (
    <Select
      value={data ? (value ?? '') : ''}
      aria-label={w.segments}
      showSearch={{ optionFilterProp: 'label' }}
      options={[
        { value: '', label: w.anySegment },
        ...(offered ?? []).map(s => ({ value: s.id, label: s.retired ? w.outOfUse(nameOf(s)) : nameOf(s) })),
      ]}
      onChange={id => change(id === '' ? undefined : id)}
      style={{ width: 160 }}
    />
  )
}
