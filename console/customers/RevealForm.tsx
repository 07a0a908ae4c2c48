import { Button, Input } from 'antd'
import { useState } from 'react'
import { w } from './words.ts'

/** Why the full numbers are wanted. */
export default function RevealForm({ reveal, acting }: { reveal: (why: string) => void; acting: boolean }) {
  const [reason, setReason] = useState('')
  return (
    <form
      className="col"
      style={{ width: 264 }}
      onSubmit={e => {
        e.preventDefault()
        if (reason.trim()) reveal(reason.trim())
      }}
    >
      <div className="row wrap">
        {[w.revealIdentity, w.revealCall, w.revealVisit].map(why => (
          <Button key={why} size="small" loading={acting} onClick={() => reveal(why)}>
            {why}
          </Button>
        ))}
      </div>
      <Input autoFocus value={reason} maxLength={200} aria-label={w.revealWhy} onChange={e => setReason(e.target.value)} />
      <div className="row">
        <Button type="primary" size="small" htmlType="submit" disabled={!reason.trim()} loading={acting}>
          {w.reveal}
        </Button>
        <span className="t3 f12">{w.revealLogged}</span>
      </div>
    </form>
  )
}
