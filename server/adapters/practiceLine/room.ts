import { earsOf } from '#domains/voice/lines.ts'
import { soundsForBrowsers } from '#domains/voice/sounding.ts'
import { lendSwitch } from '#domains/voice/switches.ts'
import type { House } from '#kernel/house.ts'
import { newPracticeLine } from './index.ts'
import { routes } from './routes.ts'

const lines = new WeakMap<House, ReturnType<typeof newPracticeLine>>()

/** The practice line as the house takes it in. A process of the web attends to the browsers that come to it, whoever carries the orders. */
export const practiceRoom = {
  routes,
  lend: (house: House): void => {
    if (house.settings.practiceLine === false) return
    const line = newPracticeLine(house, soundsForBrowsers(house))
    lines.set(house, line)
    lendSwitch(house, line)
  },
  face: (house: House): { stop: () => Promise<void> } => lines.get(house)?.attend(earsOf(house)) ?? { stop: async () => {} },
}
