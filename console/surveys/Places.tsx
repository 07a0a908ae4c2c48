import { useNavigate } from '@tanstack/react-router'
import { Segmented } from 'antd'
import { v } from './invitations.words.ts'

type Place = '/ratings' | '/ratings/invitations'
/** What customers said, and whom we asked, stand beside one another. */
export function Places({ here }: { here: Place }) {
  const go = useNavigate()
  return (
    <Segmented<Place>
      value={here}
      onChange={to => void go({ to })}
      options={[
        { value: '/ratings', label: v.ratings },
        { value: '/ratings/invitations', label: v.title },
      ]}
    />
  )
}
