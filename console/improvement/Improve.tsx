import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import type { SourceNoun } from '#contract/improvement.ts'
import { useMay } from '../app/me.ts'
import { IconTargetArrow } from '../kit/icons.ts'
import { words } from '../kit/words.ts'

const w = words({ improve: ['提出改进', 'Improve this'] })

/** One move from wherever something is seen that could be better. */
export function Improve({ from, small = false }: { from: { noun: SourceNoun; id?: string; title: string }; small?: boolean }) {
  const may = useMay()
  const go = useNavigate()
  if (!may('improvement:write')) return null
  const search = { new: from.noun, ...(from.id ? { id: from.id } : {}), title: from.title }
  return (
    <Button
      size={small ? 'small' : 'middle'}
      icon={<IconTargetArrow size={16} />}
      onClick={() => void go({ to: '/improvements', search: search as never })}
    >
      {w.improve}
    </Button>
  )
}
