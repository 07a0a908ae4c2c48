import type { House } from '#kernel/house.ts'
import type { Switch } from './ports.ts'

const switches = new WeakMap<House, Map<string, Switch>>()

/** The lines of this process, by name; lent at the start, by tests too. */
export function lendSwitch(house: House, line: Switch): void {
  const here = switches.get(house) ?? new Map<string, Switch>()
  switches.set(house, here.set(line.name, line))
}

export const switchNamed = (house: House, name: string): Switch | undefined => switches.get(house)?.get(name)
export const switchesOf = (house: House): Switch[] => [...(switches.get(house)?.values() ?? [])]
