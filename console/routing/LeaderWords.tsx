import { Button } from 'antd'
import { routing } from '#contract/routing.ts'
import { useAct } from '../kit/data.ts'
import { IconMessageCircle } from '../kit/icons.ts'
import { ago } from '../kit/time.ts'
import { dropWord, useMine } from './presence.ts'
import './team.css'
import { w } from './words.ts'

/** What a leader said to me, in a line of its own under the bar until I have read it: it moves the page and covers nothing. */
export default function LeaderWords() {
  const words = useMine()?.words ?? []
  const { act } = useAct(routing.readWord)
  const [word] = words
  if (!word) return null
  return (
    <div className="leaderwords" role="alert">
      <IconMessageCircle size={16} stroke={1.75} />
      <span className="grow">
        <b className="m5">{word.fromName}</b> <span className="t3 f12">{ago(word.sentAt)}</span> {word.text}
      </span>
      {words.length > 1 && <span className="t3 f12 nowrap">{w.moreWords(words.length - 1)}</span>}
      <Button
        size="small"
        onClick={() => {
          dropWord(word.id)
          void act({ id: word.id })
        }}
      >
        {w.understood}
      </Button>
    </div>
  )
}
