import { Popover } from 'antd'
import { type Mood, outlooks } from '#contract/outlook.ts'
import { useFetch } from '../../kit/data.ts'
import './outlook.css'
import { w } from './words.ts'

export const useOutlook = (id: string) => useFetch(outlooks.one, { id }, { keep: false })

const tints = { good: 'ok', fair: '', low: 'wa' } as const
const unrated = 75

/** How the customer feels about us, and on request what makes it. */
export function MoodMark({ mood }: { mood: Mood | null }) {
  if (mood === null)
    return (
      <span className="t3" title={w.unknown}>
        –
      </span>
    )
  return (
    <Popover content={<Reasons mood={mood} />} trigger={['hover', 'focus', 'click']} placement="bottomRight">
      <button type="button" className="mood" aria-label={`${w.mood} ${mood.score} ${w[mood.level]}`}>
        {mood.score} <span className={`tag ${tints[mood.level]}`}>{w[mood.level]}</span>
      </button>
    </Popover>
  )
}

function Reasons({ mood: { score, reasons } }: { mood: Mood }) {
  const rated = reasons.some(reason => reason.code === 'rating')
  return (
    <div className="moodreasons f12">
      <table>
        <tbody>
          {!rated && <Line what={w.unrated} points={unrated} />}
          {reasons.map(reason => (
            <Line key={reason.code} what={said(reason)} points={reason.points} />
          ))}
          <tr className="sum">
            <th scope="row">{w.mood}</th>
            <td>
              {score} {w.ofHundred}
            </td>
          </tr>
        </tbody>
      </table>
      <p className="t3">{w.rule}</p>
    </div>
  )
}

const Line = ({ what, points }: { what: string; points: number }) => (
  <tr>
    <th scope="row">{what}</th>
    <td className={points < 0 ? 'bac' : ''}>{points < 0 ? `−${-points}` : points}</td>
  </tr>
)

const said = ({ code, n }: Mood['reasons'][number]): string =>
  code === 'rating' ? w.rating(n.toFixed(1)) : code === 'late' ? w.lateOnes(n) : w[code](n)
