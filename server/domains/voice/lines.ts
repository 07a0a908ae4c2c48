import { begin, type House } from '#kernel/house.ts'
import { arrived } from './arriving.ts'
import { startClocks } from './clocks.ts'
import { heard } from './hearing.ts'
import type { Ears } from './ports.ts'
import { back, endUnheld } from './readopting.ts'
import { switchesOf } from './switches.ts'
import { startTaking } from './taking.ts'

/** The house, as its switches hear it. What they tell of calls that nobody knows is nobody's matter. */
export const earsOf = (house: House): Ears => ({
  arrived: arrival => arrived(house, arrival),
  heard: (call, signal) => heard(house, call, signal),
  back: (line, look) => back(house, line, look),
})

/** The switches of this process and the clocks of their calls. */
export function startLines(house: House): { stop: () => Promise<void> } {
  const clocks = startClocks(house)
  const taking = startTaking(house)
  const ears = earsOf(house)
  begin(house, 'end calls of lines that are gone', () => endUnheld(house))
  const lines = switchesOf(house).map(line =>
    line.start(ears).catch(error => {
      house.log.error({ err: error, line: line.name }, 'a switch could not be started')
      return { stop: async () => {} }
    }),
  )
  return {
    stop: async () => {
      for (const line of lines) await (await line).stop()
      await taking.stop()
      await clocks.stop()
    },
  }
}
