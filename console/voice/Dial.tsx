import { Button, Input, Select } from 'antd'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { IconPhone } from '../kit/icons.ts'
import { nameOf } from '../kit/words.ts'
import { type Numbers, usePlace } from './place.ts'
import { w } from './words.ts'

const CallFor = lazy(() => import('./CallFor.tsx'))

/** With the number of ours that is shown, for whoever has several. */
export default function Dial({ numbers, done }: { numbers: Numbers; done: () => void }) {
  const [text, setText] = useState('')
  const [shown, setShown] = useState<string | null>(null)
  const { place, acting, asked, setAsked } = usePlace(done)
  const field = useRef<React.ComponentRef<typeof Input>>(null)
  useEffect(() => {
    // The popover is placed one frame later; focusing before would scroll to where it is not.
    const frame = requestAnimationFrame(() => field.current?.focus({ preventScroll: true }))
    return () => cancelAnimationFrame(frame)
  }, [])
  return (
    <form
      className="col"
      onSubmit={event => {
        event.preventDefault()
        if (text.trim() && !acting) void place(text, shown)
      }}
    >
      <Input
        ref={field}
        allowClear
        value={text}
        maxLength={40}
        inputMode="tel"
        placeholder={w.dialHint}
        aria-label={w.dialNumber}
        onChange={event => {
          setText(event.target.value)
          setAsked(false)
        }}
      />
      {numbers.length > 1 && (
        <Select<string>
          aria-label={w.shown}
          value={shown ?? ''}
          options={[
            { value: '', label: w.ownNumber },
            ...numbers.map(n => ({ value: n.id, label: n.name ? `${n.number} ${nameOf(n)}` : n.number })),
          ]}
          onChange={id => setShown(id || null)}
        />
      )}
      <Button type="primary" htmlType="submit" disabled={!text.trim()} loading={acting} icon={<IconPhone size={16} stroke={1.75} />}>
        {w.call}
      </Button>
      {asked && (
        <Suspense>
          <CallFor customerId={undefined} asksPeace acting={acting} choose={purpose => void place(text, shown, purpose)} />
        </Suspense>
      )}
    </form>
  )
}
