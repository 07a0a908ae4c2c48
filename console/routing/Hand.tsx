import { useSearch } from '@tanstack/react-router'
import { Button, Popover, Tooltip } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { type Conversation, conversations } from '#contract/messaging.ts'
import { routing } from '#contract/routing.ts'
import { useCommands } from '../app/commands.ts'
import { useMe } from '../app/me.ts'
import { keyOf, queryClient, useAct } from '../kit/data.ts'
import { useHotkey } from '../kit/hotkeys.ts'
import { IconHandStop } from '../kit/icons.ts'
import { useMyPhone } from '../voice/phone.ts'
import { isRunning } from '../voice/rules.ts'
import { showPresence, useMine } from './presence.ts'
import './team.css'
import { w } from './words.ts'

const About = lazy(() => import('./HandAbout.tsx'))

/** One key asks a leader to come, about the talk that is open and mine; words may follow. The same key says it is no longer needed. */
export function Hand() {
  const presence = useMine()?.presence
  const me = useMe()
  const search: Record<string, unknown> = useSearch({ strict: false })
  const [saying, setSaying] = useState(false)
  const { act, acting } = useAct(routing.raise, { done: showPresence })
  const up = presence !== undefined && presence.handRaisedAt !== null
  const lower = () => {
    setSaying(false)
    void act({ body: { up: false } })
  }
  const raise = async () => {
    const talk =
      typeof search.c === 'string' ? queryClient.getQueryData<Conversation>(keyOf(conversations.one, { id: search.c })) : undefined
    const mine = talk && talk.agentId === me?.user.id && talk.state !== 'done' ? talk.interactionId : null
    if (await act({ body: { up: true, interactionId: mine } })) setSaying(true)
  }
  const turn = () => (up ? lower() : void raise())
  // In a call H holds it.
  const key = useMyPhone()?.calls.some(isRunning) ? 'Q' : 'H'
  useHotkey(key, turn)
  useCommands([{ id: 'hand', name: up ? w.lowerHand : w.raiseHand, key, icon: <IconHandStop size={16} />, run: turn }], `${up}|${key}`)
  return (
    <Popover
      trigger="click"
      placement="bottomLeft"
      destroyOnHidden
      open={saying && up}
      onOpenChange={open => up && setSaying(open)}
      content={
        presence && (
          <Suspense>
            <About presence={presence} lower={lower} close={() => setSaying(false)} />
          </Suspense>
        )
      }
    >
      <Tooltip
        title={
          saying ? (
            ''
          ) : (
            <>
              {up ? w.lowerHand : w.raiseHand} <kbd>{key}</kbd>
            </>
          )
        }
      >
        <Button
          type="text"
          size="small"
          loading={acting}
          aria-pressed={up}
          aria-label={up ? w.handUp : w.raiseHand}
          className={`handbutton ${up ? 'up' : ''}`}
          icon={<IconHandStop size={16} stroke={1.75} />}
          onClick={() => !up && void raise()}
        >
          {up && <span className="wide cut">{presence.handWords || w.handUp}</span>}
        </Button>
      </Tooltip>
    </Popover>
  )
}
