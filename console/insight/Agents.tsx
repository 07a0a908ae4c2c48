import type { Wallboard } from '#contract/insight.ts'
import { presenceReasons } from '#contract/routing.ts'
import { useFetch } from '../kit/data.ts'
import { Empty, stateWord } from '../kit/parts.tsx'
import { clockText } from '../kit/time.ts'
import { nameOf } from '../kit/words.ts'
import { longBreakMinutes, type Mood, moodOf } from './board.ts'
import { w } from './words.ts'

const tones: Record<Mood, string> = { ready: 'ok', talking: 'ac', call: 'ac', wrap: 'wr', break: 'wa', busy: 'ba', offline: '' }
const shown: readonly Mood[] = ['ready', 'talking', 'call', 'wrap', 'break', 'busy']
const mostDrawn = 60
const moodWord = (mood: Mood): string => (mood === 'talking' ? w.talkingShort : stateWord(mood))
const wordOf = (a: Wallboard['agents'][number]): string => (a.state === 'ringing' ? stateWord(a.state) : moodWord(moodOf(a)))

export function Agents({ agents, aside, now }: { agents: Wallboard['agents']; aside: ReadonlySet<string>; now: number }) {
  const reasons = useFetch(presenceReasons.list, { query: {} }, { staleTime: 60_000 }).data ?? []
  const here = agents.filter(a => a.state !== 'offline')
  const away = agents.length - here.length
  // A small centre sees who is not there; a large one only how many.
  const drawn = agents.length <= mostDrawn ? agents : here
  return (
    <section className="card agents" aria-label={w.agents}>
      <header>
        <h2>
          {w.agents} {here.length}
        </h2>
        <span className="end row legend">
          {shown.map(mood => (
            <span key={mood} className="row f12" style={{ gap: 4 }}>
              <i className={`dot ${tones[mood]}`} />
              <span className="t2">{moodWord(mood)}</span>
              <b>{here.filter(a => moodOf(a) === mood).length}</b>
            </span>
          ))}
        </span>
      </header>
      <div className="scroll">
        {drawn.length === 0 && <Empty title={w.nobodyHere} hint={w.nobodyHereHint} />}
        <ul className="tiles">
          {drawn.map(a => {
            const mood = moodOf(a)
            const ms = now - a.since.getTime()
            const reason = reasons.find(r => r.name === a.reason)
            const watch = aside.has(a.id) || (mood === 'break' && ms >= longBreakMinutes * 60_000)
            return (
              <li key={a.id} className={`${tones[mood]} ${mood} ${watch ? 'watch' : ''}`}>
                <b className="cut">{a.name}</b>
                <span className="used" title={w.handling}>
                  {mood !== 'offline' && `${a.used}/${a.capacity}`}
                </span>
                <span className="cut">{mood === 'call' ? wordOf(a) : reason ? nameOf(reason) : (a.reason ?? wordOf(a))}</span>
                <span className={watch ? 'wac m6' : ''}>{mood !== 'offline' && clockText(ms)}</span>
              </li>
            )
          })}
        </ul>
        {away > 0 && drawn === here && <p className="t3 f12 away">{w.offlineAll(away)}</p>}
      </div>
    </section>
  )
}
