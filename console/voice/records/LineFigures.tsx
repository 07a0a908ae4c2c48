import { Link } from '@tanstack/react-router'
import { calls } from '#contract/voice.ts'
import { trunks } from '#contract/voiceSettings.ts'
import { useFetch } from '../../kit/data.ts'
import { Failure, Waiting } from '../../kit/parts.tsx'
import { ago } from '../../kit/time.ts'
import './player.css'
import { lineWord, qualityTone, w } from './words.ts'

/** What went over each line and trunk since yesterday; each leads to its calls. */
export function LineFigures() {
  const { data, error, refetch, isPending } = useFetch(calls.figures, { query: { hours: 24 } }, { refetchInterval: 60_000 })
  const named = useFetch(trunks.list, { query: { retired: true } }, { staleTime: 60_000 }).data ?? []
  return (
    <section className="card" aria-label={w.lines}>
      <header>
        <h3>{w.lines}</h3>
        <span className="t3">{w.last24}</span>
      </header>
      <div className="body">
        {error && <Failure error={error} retry={() => void refetch()} />}
        {isPending && <Waiting rows={2} />}
        {data?.length === 0 && <span className="t3">{w.nothing}</span>}
        <ul className="legs">
          {data?.map(f => (
            <li key={`${f.line} ${f.trunkId}`} className="row wrap">
              <Link className="m5" to="/calls" search={{ line: f.line, days: '7' } as never}>
                {lineWord(f.line)}
              </Link>
              {f.trunkId && <span className="t2">{named.find(t => t.id === f.trunkId)?.name}</span>}
              <span>{w.count(f.calls)}</span>
              <span className="t2">{w.answered(f.talked)}</span>
              {f.failed > 0 && <span className="bac">{w.broken(f.failed)}</span>}
              {f.worstMos !== null && <span className={`tag ${qualityTone(f.worstMos)}`}>{w.worst(f.worstMos.toFixed(1))}</span>}
              <time className="end t3 f12" dateTime={f.lastAt.toISOString()}>
                {ago(f.lastAt)}
              </time>
            </li>
          ))}
        </ul>
      </div>
    </section>
  )
}
