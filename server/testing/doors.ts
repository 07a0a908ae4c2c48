import { afterAll, beforeAll } from 'vitest'
import { newId } from '#kernel/ids.ts'
import { setTheDesk, type TheDesk } from './chat.ts'
import { openHouse, type TestHouse } from './house.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH'

/** A house whose doors are knocked on as browsers and programs do, and visitors before its widget. */
export function openDoors() {
  let house: TestHouse
  let desk: TheDesk
  beforeAll(async () => {
    house = await openHouse()
    desk = await setTheDesk(house)
  })
  afterAll(() => house.close())
  const call = (method: Method, url: string, body?: unknown, token?: string) =>
    house.app.inject({
      method,
      url: `/api${url}`,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    })
  return {
    get house() {
      return house
    },
    get desk() {
      return desk
    },
    call,
    code: async (reply: ReturnType<typeof call>): Promise<string> => {
      const { statusCode, body } = await reply
      return `${statusCode} ${JSON.parse(body || '{}').code}`
    },
    visit: async () => (await call('POST', `/widget/${desk.key}/visits`, {})).json<{ token: string; visitorId: string }>(),
    begin: async (token: string, text = '家里没水'): Promise<string> =>
      (await call('POST', '/widget/conversation', { clientId: newId(), text }, token)).json<{ conversation: { id: string } }>().conversation
        .id,
  }
}
