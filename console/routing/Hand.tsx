import { useSearch } from '@tanstack/react-router'
import { Button, Tooltip } from 'antd'
import { type Conversation, conversations } from '#contract/messaging.ts'
import { routing, type Word } from '#contract/routing.ts'
import { useCommands } from '../app/commands.ts'
import { useMe } from '../app/me.ts'
import { keyOf, queryClient, useAct } from '../kit/data.ts'
import { useHotkey } from '../kit/hotkeys.ts'
import { IconHandStop } from '../kit/icons.ts'
import { ago } from '../kit/time.ts'
import { dropWord, showPresence, useMine } from './presence.ts'
import './team.css'
import { w } from './words.ts'

/** One key asks a leader to come, about the talk that is open and mine; the same key says it is no longer needed. */
export function Hand() {
  const raisedAt = useMine()?.presence.handRaisedAt ?? null
  const me = useMe()
  const search: Record<string, unknown> = useSearch({ strict: false })
  const { act, acting } = useAct(routing.raise, { done: showPresence })
  const up = raisedAt !== null
  const turn = () => {
    const talk =
      typeof search.c === 'string' ? queryClient.getQueryData<Conversation>(keyOf(conversations.one, { id: search.c })) : undefined
    const mine = talk && talk.agentId === me?.user.id && talk.state !== 'done' ? talk.interactionId : null
    void act({ body: { up: !up, interactionId: up ? null : mine } })
  }
  useHotkey('h', turn)
  useCommands([{ id: 'hand', name: up ? w.lowerHand : w.raiseHand, key: 'H', icon: <IconHandStop size={16} />, run: turn }], String(up))
  return (
    <Tooltip
      title={
        <>
          {up ? w.lowerHand : w.raiseHand} <kbd>H</kbd>
        </>
      }
    >
      <Button
        type="text"
        size="small"
        loading={acting}
        aria-pressed={up}
        aria-label={w.raiseHand}
        className={`handbutton ${up ? 'up' : ''}`}
        icon={<IconHandStop size={16} stroke={1.75} />}
        onClick={turn}
      >
        {up && <span className="wide">{w.handUp}</span>}
      </Button>
    </Tooltip>
  )
}

/** What a leader said to me stands until I have read it. */
export function LeaderWords({ words }: { words: readonly Word[] }) {
  const { act } = useAct(routing.readWord)
  if (words.length === 0) return null
  return (
    <div className="leaderwords" role="alert">
      {words.slice(0, 3).map(word => (
        <div key={word.id}>
          <span className="grow">
            <b className="m5">{word.fromName}</b> <span className="t3 f12">{ago(word.sentAt)}</span>
            <br />
            {word.text}
          </span>
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
      ))}
    </div>
  )
}
