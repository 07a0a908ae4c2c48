import { type MyCall, softphone, type Target } from '#contract/voice.ts'
import { useMe } from '../app/me.ts'
import { useAct } from '../kit/data.ts'
import { tell } from '../kit/tell.tsx'
import { keepCall, mutePhone, refreshPhone, usePhoneState } from './phone.ts'
import { isHandedOver, isRunning, masked } from './rules.ts'
import { w } from './words.ts'

const also = ['softphone', 'presence', 'interactions'] as const
const kept = { also, done: keepCall }
const asked = { also, done: () => void refreshPhone() }

/** What can be done with the call in hand, wherever its buttons stand. */
export function useCall(call: MyCall) {
  const me = useMe()
  const { muted } = usePhoneState()
  const holding = useAct(softphone.hold, kept)
  const resuming = useAct(softphone.resume, kept)
  const consulting = useAct(softphone.consult, kept)
  const joining = useAct(softphone.join, kept)
  const dropping = useAct(softphone.drop, kept)
  const handing = useAct(softphone.transfer, asked)
  const ending = useAct(softphone.end, asked)
  const sending = useAct(softphone.digits, asked)
  const recording = useAct(softphone.record, kept)
  const { id } = call
  const talking = call.stage === 'talking' && call.legState === 'up'
  const owner = call.agentId === me?.user.id
  return {
    muted,
    talking,
    /** The agent whose call it is decides about it; whoever was asked may speak and leave. */
    owner,
    may: {
      hold: talking && owner && call.other === null,
      mute: call.legState === 'up',
      keys: talking && !call.leading,
      hand: talking && owner && call.other === null,
      decide: talking && owner && call.other !== null,
      record: talking && owner && call.recording !== 'never',
      end: isRunning(call),
    },
    busy: holding.acting || resuming.acting || consulting.acting || joining.acting || dropping.acting || handing.acting || ending.acting,
    ending: ending.acting,
    hold: () => void (call.held ? resuming : holding).act({ id }),
    mute: () => mutePhone(!muted),
    press: (digits: string) => sending.act({ id, body: { digits } }),
    consult: (to: Target) => consulting.act({ id, body: to }),
    transfer: async (to?: Target) => {
      const done = await handing.act({ id, body: to ? { to } : {} })
      // Whoever hands over without asking has nothing to wrap up; an outside number takes the talk away, which is.
      if (done) tell(to && !to.number ? w.transferredFree : w.transferred)
      return done
    },
    together: () => void joining.act({ id }),
    back: () => void dropping.act({ id }),
    record: () => void recording.act({ id, body: { state: call.recording === 'on' ? 'paused' : 'on' } }),
    end: () => void ending.act({ id }),
  }
}
export type CallActs = ReturnType<typeof useCall>

/** Whom I talk with, as it is known; else the number. */
export const nameOfCall = (call: MyCall): string => call.customerName || numberOfCall(call) || w.unknown
/** On the screen nobody's number stands in full; short ones are a desk's or a service's. */
export const numberOfCall = (call: MyCall): string => masked(call.direction === 'in' ? call.caller : call.called)

/** Where the call is, in a word; nothing while one simply talks. */
export function stateOfCall(call: MyCall, meId: string): { word: string; tone: '' | 'ac' | 'wa' | 'wr' } {
  if (call.stage === 'over' || isHandedOver(call)) return { word: w.wrapUp, tone: 'wr' }
  if (call.stage === 'mending') return { word: w.mending, tone: 'wa' }
  if (call.stage === 'connecting' && call.callBack && call.answeredAt === null) return { word: w.callingBack, tone: 'ac' }
  if (call.stage === 'connecting') return { word: call.direction === 'out' ? w.dialling : w.connectingCall, tone: 'ac' }
  if (call.stage === 'rating') return { word: w.rating, tone: '' }
  if (call.leading && call.heardBy !== 'nobody')
    return { word: { listening: w.iListen, whispering: w.iWhisper, barged: w.iBarged }[call.heardBy], tone: 'ac' }
  if (call.agentId !== meId && call.agentId !== null) return { word: call.other?.together ? w.threeWayAsked : w.helping, tone: 'ac' }
  if (call.other)
    return {
      word: call.other.together
        ? w.threeWay(call.other.name)
        : call.other.state === 'up'
          ? w.consulting(call.other.name)
          : w.asking(call.other.name),
      tone: 'ac',
    }
  if (call.held) return { word: w.onHold, tone: 'wa' }
  return { word: '', tone: '' }
}
