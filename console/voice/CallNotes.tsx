import type { MyCall } from '#contract/voice.ts'
import { IconHeadset, IconMicrophoneOff } from '../kit/icons.ts'
import { w } from './words.ts'

type Noted = { call: MyCall; muted: boolean; unheard: boolean; elsewhere: boolean; weak: boolean }
/** What must not be forgotten while talking. */
export function CallNotes({ call, muted, unheard, elsewhere, weak }: Noted) {
  return (
    <span className="row callnotes" aria-live="polite">
      {muted && call.legState === 'up' && (
        <span className="tag ba">
          <IconMicrophoneOff size={12} />
          {w.muted}
        </span>
      )}
      {unheard && call.legState === 'up' && (
        <span className="tag ba" title={w.unheardHint}>
          <IconMicrophoneOff size={12} />
          {w.unheard}
        </span>
      )}
      {weak && (
        <span className="tag wa" title={w.weakHint}>
          {w.weak}
        </span>
      )}
      {call.recording === 'paused' && <span className="tag wa">{w.recordingPaused}</span>}
      {call.heardBy !== 'nobody' && !call.leading && (
        <span className="tag">
          <IconHeadset size={12} />
          {{ listening: w.listening, whispering: w.whispering, barged: w.barged }[call.heardBy]}
        </span>
      )}
      {elsewhere && (
        <span className="tag" title={w.elsewhereHint}>
          {w.elsewhereShort}
        </span>
      )}
    </span>
  )
}
