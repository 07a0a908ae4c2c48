import { lendSwitch, soundsForSwitch, trunksForSwitches } from '#domains/voice/index.ts'
import type { House } from '#kernel/house.ts'
import { hmac } from '#kernel/secrets.ts'
import type { Door } from '#kernel/serve.ts'
import { readAddress } from './ari.ts'
import { asterisk } from './index.ts'
import { servePhones } from './phoneDoor.ts'
import { serveSounds, soundsByAddress } from './soundDoor.ts'

/** The Asterisk we started, and those of somebody else, as the house takes them in. */
export const asteriskRoom = {
  routes: (door: Door): void => {
    servePhones(door)
    serveSounds(door)
  },
  lend: (house: House): void => {
    for (const { name, url, own } of house.settings.telephones ?? [])
      lendSwitch(
        house,
        asterisk({
          name,
          address: readAddress(url),
          log: house.log,
          sounds: own ? soundsForSwitch(house) : soundsByAddress(house),
          trunks: () => trunksForSwitches(house),
          phonePassword: agentId => hmac(house.key, `phone:${agentId}`).slice(0, 32),
        }),
      )
  },
}
