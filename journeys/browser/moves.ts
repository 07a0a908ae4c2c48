import { expect } from 'vitest'
import { conversations } from '#contract/messaging.ts'
import { type FrameLocator, focused, type Locator, type Page } from './stage.ts'

// A picture of 10 × 10.
export const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGM4MEUDD2IYldaACQB9V3LhAbTnLgAAAABJRU5ErkJggg==',
  'base64',
)
export type Widget = Page | FrameLocator

export const reply = (desk: Page): Locator => desk.getByRole('textbox', { name: '回复客户' })
export const thread = (desk: Page): Locator => desk.getByRole('log')
export const log = (widget: Widget): Locator => widget.getByRole('log', { name: '对话' })
export const ringing = (desk: Page, name = ''): Locator => desk.getByRole('alert', { name: `新会话 ${name}` })

export async function becomes(desk: Page, state: string): Promise<void> {
  await desk.getByRole('button', { name: /我的状态/ }).click()
  await desk.getByRole('menuitemradio', { name: state }).first().click()
}
export async function answer(desk: Page, text: string): Promise<void> {
  await reply(desk).fill(text)
  await reply(desk).press('Enter')
}
export async function write(widget: Widget, text: string): Promise<void> {
  await widget.getByLabel('输入消息').fill(text)
  await widget.getByLabel('输入消息').press('Enter')
}
/** Which of these stand in the log, in the order in which they stand there. */
export async function standing(where: Locator, said: readonly string[]): Promise<string[]> {
  const text = (await where.textContent()) ?? ''
  return said
    .flatMap(words => [...text.matchAll(new RegExp(words, 'g'))].map(found => ({ words, at: found.index })))
    .sort((a, b) => a.at - b.at)
    .map(found => found.words)
}
export const reads = (where: Locator, said: readonly string[]) =>
  expect.poll(() => standing(where, said), { timeout: 15_000 }).toEqual(said)

/** Reason and outcome without a mouse. */
export async function wrapUp(desk: Page, typed: string, reason: string): Promise<void> {
  await focused(desk.getByRole('combobox', { name: /联系原因/ }))
  await desk.keyboard.type(typed)
  await desk.getByTitle(reason).waitFor()
  await desk.keyboard.press('Enter')
  await focused(desk.getByRole('radiogroup', { name: /结果/ }))
  await desk.keyboard.press('Space')
  await desk.keyboard.press('Control+Enter')
}

/** A figure of the wallboard, as it is read from the wall. */
export const figure = async (wall: Page, name: string): Promise<string> =>
  (await wall
    .getByRole('button', { name: new RegExp(name) })
    .first()
    .textContent()) ?? ''
export const moved = (wall: Page, name: string, pattern: RegExp) =>
  expect.poll(() => figure(wall, name), { timeout: 10_000 }).toMatch(pattern)

/** Until the page asks nothing more. What it asks while a talk changes hands is refused; nobody takes a talk that fast. */
export async function quiet(page: Page): Promise<void> {
  const asks = () =>
    page
      .waitForRequest(request => request.url().includes('/api/'), { timeout: 800 })
      .then(
        () => true,
        () => false,
      )
  for (let n = 0; n < 20 && (await asks()); n++);
}

/** Names of sample people, what customers wrote, our own name and the word for the other language may be Chinese; nothing else, also not what only a screen reader says. */
export async function speaksEnglish(page: Page, what: string, written: readonly string[] = []): Promise<void> {
  const said = await page.evaluate(() => {
    const spoken = [...document.querySelectorAll('[aria-label], [title], [placeholder], [alt]')]
      .filter(element => element.checkVisibility())
      .flatMap(element => ['aria-label', 'title', 'placeholder', 'alt'].map(name => element.getAttribute(name) ?? ''))
    // biome-ignore lint/performance/useDomNodeTextContent: what is hidden is not said
    return [document.title, document.body.innerText, ...spoken].join('\n')
  })
  const known = [...allowed, ...written, ...(await leftWhileClosed(page))]
  const foreign = said
    .match(/\p{Script=Han}+/gu)
    ?.filter(words => !known.some(name => name === words || name.startsWith(words) || name.endsWith(words)))
  expect(foreign ?? [], `Chinese on ${what}`).toEqual([])
}
const allowed = ['回音', '中文', '许知夏', '何若谷', '罗一宁', '温言', '韩大川', '秦朗']

/** Who left a message at the sample centre while it was closed, and what: in the morning there are some, in the afternoon there are none. */
async function leftWhileClosed(page: Page): Promise<string[]> {
  const answer = await page.request.get(new URL('/api/conversations?box=queue', page.url()).href)
  if (answer.status() === 401) return []
  const { rows } = conversations.list.reply.parse(await answer.json())
  return rows
    .filter(row => row.state === 'left')
    .flatMap(row => [row.customerName, row.subject, row.preview])
    .flatMap(words => words.match(/\p{Script=Han}+/gu) ?? [])
}

/** When the wallboard was told what. */
export function pushesTo(wall: Page): { at: number; ratings: number }[] {
  const pushes: { at: number; ratings: number }[] = []
  wall.on('websocket', socket =>
    socket.on('framereceived', ({ payload }) => {
      const ratings = /"ratings":(\d+)/.exec(String(payload))?.[1]
      if (ratings) pushes.push({ at: Date.now(), ratings: Number(ratings) })
    }),
  )
  return pushes
}
