import { Button, InputNumber, Modal } from 'antd'
import { useState } from 'react'
import { type Keeping, keeping } from '#contract/privacy.ts'
import { useAct, useFetch } from '../../kit/data.ts'
import { Failure, Waiting } from '../../kit/parts.tsx'
import { day } from '../../kit/time.ts'
import { language } from '../../kit/words.ts'
import { kindWords, p } from './words.ts'

/** How long which kind of personal data is kept, each with a look at what would go. */
export default function KeepingPage() {
  const { data, error, refetch } = useFetch(keeping.read, {})
  return (
    <div className="page">
      <header>
        <h1>{p.privacy}</h1>
        <span className="t3">{p.keepingHint}</span>
      </header>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!data && !error && <Waiting rows={8} />}
      {data && (
        <section className="card">
          <div className="body col" style={{ gap: 14 }}>
            {data.map(one => (
              <Line key={`${one.kind} ${one.days}`} keeping={one} />
            ))}
          </div>
        </section>
      )}
      <section className="card" style={{ marginTop: 16 }}>
        <header>
          <h3>{p.elsewhere}</h3>
        </header>
        <ul className="body t2" style={{ margin: 0, paddingInlineStart: 32 }}>
          {[p.recordings, p.documents, p.exports, p.messages].map(words => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      </section>
    </div>
  )
}

const count = (n: number) => n.toLocaleString(language() === 'zh' ? 'zh-CN' : 'en-GB')

function Line({ keeping: { kind, days: kept } }: { keeping: Keeping }) {
  const [days, setDays] = useState<number | null>(kept)
  const change = useAct(keeping.change)
  const look = useAct(keeping.preview)
  const [found, setFound] = useState<{ rows: number; more: boolean; oldest: Date | null } | null>(null)
  const [asking, setAsking] = useState(false)
  const preview = async () => {
    if (days === null) return
    const seen = await look.act({ body: { kind, days } })
    if (seen) setFound(seen)
    return seen
  }
  const n = found ? `${count(found.rows)}${found.more ? '+' : ''}` : ''
  const save = async () => {
    if (await change.act({ body: { kind, days } })) setAsking(false)
  }
  // Whole customers go for good: said once more, with how many there are.
  const asks = kind === 'customers' && days !== null && (kept === null || days < kept)
  const begin = async () => {
    if (!asks) return save()
    if (await preview()) setAsking(true)
  }
  return (
    <div className="row wrap">
      <span style={{ minWidth: 220 }} className="grow">
        {kindWords[kind]}
        {kind === 'customers' && <div className="t3 f12">{p.customersWho}</div>}
        {found && (
          <div className="t3 f12">
            {found.rows === 0 || !found.oldest
              ? p.nothingGoes
              : kind === 'customers'
                ? p.wouldErase(n, day(found.oldest))
                : p.wouldGo(n, day(found.oldest))}
          </div>
        )}
      </span>
      <InputNumber
        aria-label={`${kindWords[kind]} ${p.days}`}
        value={days}
        min={1}
        max={36_500}
        precision={0}
        placeholder={p.forever}
        onChange={value => {
          setDays(value)
          setFound(null)
        }}
        style={{ width: 110 }}
      />
      <Button disabled={days === null} loading={look.acting} onClick={() => void preview()}>
        {p.preview}
      </Button>
      <Button type="primary" disabled={days === kept} loading={change.acting} onClick={() => void begin()}>
        {p.save}
      </Button>
      <Modal
        open={asking}
        title={p.eraseSilent(count(days ?? 0))}
        okText={p.eraseSilentGo}
        okButtonProps={{ danger: true, loading: change.acting }}
        onOk={() => void save()}
        onCancel={() => setAsking(false)}
      >
        <p>{found && found.rows > 0 ? p.eraseSilentNow(n) : p.eraseSilentNobody}</p>
        <p className="t2">{p.customersWho}</p>
        <p className="t2">{p.eraseHint}</p>
      </Modal>
    </div>
  )
}
