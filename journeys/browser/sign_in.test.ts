import { expect, test } from 'vitest'
import { holdsFocus, type Locator, newClock, onStage, type Page, password, sees, unprovoked } from './stage.ts'

const stage = onStage()
const empty = onStage({ SAMPLE: 'off' })

const signIn = async (page: Page, login: string, secret: string): Promise<void> => {
  await page.getByLabel('登录名').fill(login)
  await page.getByLabel('密码', { exact: true }).fill(secret)
  await page.getByRole('button', { name: /登录/ }).click()
}
/** Seen by eyes: on the screen, nothing before it, and no part of it see-through. */
const solid = (target: Locator) =>
  target.evaluate(element => {
    const { x, y, width, height } = element.getBoundingClientRect()
    const hit = document.elementFromPoint(x + width / 2, y + height / 2)
    for (let at: Element | null = element; at; at = at.parentElement) if (getComputedStyle(at).opacity !== '1') return false
    return hit !== null && (element.contains(hit) || hit.contains(element))
  })
const shade = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
const isDark = (colour: string) => (colour.match(/\d+/g)?.slice(0, 3).map(Number) ?? [255]).every(part => part < 80)

test('a wrong password is told, too many lock the account and say for how long', async () => {
  const { page } = await stage.somebody('guest')
  await page.goto(`${stage.url}/desk`)
  await page.waitForURL('**/login?back=*')
  await signIn(page, 'agent2', 'not-the-password')
  const told = page.getByRole('alert')
  await told.waitFor()
  expect(await told.textContent()).toMatch(/登录名或密码/)
  expect(await holdsFocus(page.getByLabel('密码', { exact: true }))).toBe(true)
  for (let n = 0; n < 12 && !/试错太多/.test((await told.textContent()) ?? ''); n++) {
    await Promise.all([page.waitForResponse('**/api/session'), page.getByRole('button', { name: /登录/ }).click()])
  }
  await expect.poll(() => told.textContent()).toMatch(/试错太多，\d\d:\d\d 后再试/)
  // The right one does not help while it is locked.
  await signIn(page, 'agent2', password)
  await expect.poll(() => told.textContent()).toMatch(/试错太多/)
  expect(unprovoked(stage.faults, [/401 GET \/api\/me/, /4\d\d POST \/api\/session/])).toEqual([])
})

test('language and shade are chosen and stay; a reload keeps the place', async () => {
  const { page } = await stage.somebody('agent')
  await page.goto(`${stage.url}/tickets?box=all`)
  await page.waitForURL('**/login?back=*')
  await signIn(page, 'agent', password)
  await page.waitForURL('**/tickets?box=all')
  await sees(page, '全部')

  await page.getByRole('button', { name: /^账号/ }).click()
  await page.getByRole('menuitemradio', { name: /深色/ }).click()
  // Drawing all of it anew takes a while on a busy machine.
  await expect.poll(async () => isDark(await shade(page)), { timeout: 10_000 }).toBe(true)
  await page.getByRole('button', { name: /^账号/ }).click()
  await page
    .getByRole('menuitem', { name: /English/ })
    .or(page.getByRole('menuitemradio', { name: /English/ }))
    .click()
  await sees(page, 'Tickets')

  const first = page.getByRole('row').nth(1)
  await first.click()
  await page.waitForURL('**/tickets/*')
  const place = page.url()
  const title = (await page.getByRole('heading', { level: 1 }).textContent()) ?? ''
  await page.reload()
  await page.getByRole('heading', { level: 1, name: title }).waitFor()
  expect(page.url()).toBe(place)
  expect(isDark(await shade(page))).toBe(true)
  await page.getByRole('button', { name: /^Account/ }).waitFor()
  await page.goBack()
  await page.waitForURL('**/tickets?box=all')
  expect(unprovoked(stage.faults, [/401 GET \/api\/me/])).toEqual([])
})

test('without motion, menus and the palette are seen where they belong', async () => {
  const { page } = await stage.colleague('agent', '/desk', { still: true })
  await page.getByRole('button', { name: /^账号/ }).click()
  await expect.poll(() => solid(page.getByRole('menuitemradio', { name: /深色/ }))).toBe(true)
  await page.keyboard.press('Escape')
  await page.getByRole('menu').waitFor({ state: 'hidden' })
  await page.keyboard.press('Control+k')
  const palette = page.getByRole('dialog')
  await expect.poll(() => solid(palette.getByRole('combobox'))).toBe(true)
  await expect.poll(() => solid(palette.getByRole('option').first())).toBe(true)
  expect(unprovoked(stage.faults, [])).toEqual([])
})

test('the language of the browser stays after signing in, until another is chosen', async () => {
  const { page } = await stage.somebody('agent', { language: 'en' })
  await page.goto(`${stage.url}/login`)
  await page.getByLabel('Login name').fill('agent')
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: /^Sign in/ }).click()
  await page.waitForURL('**/desk')
  await page.getByRole('button', { name: /^Account/ }).click()
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('en')
  await page.getByRole('menuitem', { name: '中文' }).click()
  await page.getByRole('button', { name: /^账号/ }).waitFor()
  await page.reload()
  await page.getByRole('button', { name: /^账号/ }).waitFor()
  expect(unprovoked(stage.faults, [/401 GET \/api\/me/])).toEqual([])
})

test('a session that is revoked ends at the log-in page, and signing in leads back', async () => {
  const [here, elsewhere] = await Promise.all([
    stage.colleague('supervisor', '/customers'),
    stage.colleague('supervisor', '/settings/account'),
  ])
  await here.page.getByRole('row').nth(1).click()
  await here.page.waitForURL('**/customers/*')
  const place = new URL(here.page.url()).pathname
  await elsewhere.page.getByRole('button', { name: '结束', exact: true }).click()
  await here.page.waitForURL('**/login?back=*', { timeout: 20_000 })
  expect(new URL(here.page.url()).searchParams.get('back')).toBe(place)
  await signIn(here.page, 'supervisor', password)
  await here.page.waitForURL(`**${place}`)
  expect(unprovoked(stage.faults, [/401 (GET|PUT|POST) /])).toEqual([])
})

test('an empty installation is set up in two pages', async () => {
  const clock = newClock()
  const { page } = await empty.somebody('founder')
  await page.goto(`${empty.url}/`)
  await page.waitForURL('**/setup')
  await page.getByLabel('机构名称').fill('江畔供水')
  await page.getByLabel('机构代号').fill('Not Fitting')
  await page.keyboard.press('Control+Enter')
  await sees(page, '只能用小写字母、数字和连字符')
  await page.getByLabel('机构代号').fill('jiangpan')
  await page.keyboard.press('Control+Enter')
  await page.getByLabel('管理员姓名').fill('周舟')
  await page.getByLabel('登录名').fill('zhouzhou')
  await page.getByLabel(/^密码/).fill('Riverbank-2026')
  await page.getByLabel('再输一次密码').fill('Riverbank-2027')
  await page.keyboard.press('Control+Enter')
  await sees(page, '两次输入的密码不同')
  await page.getByLabel('再输一次密码').fill('Riverbank-2026')
  await page.keyboard.press('Control+Enter')
  await page.waitForURL(address => address.pathname !== '/setup')
  await page.getByRole('button', { name: /账号 周舟/ }).waitFor()
  await sees(page, '从这里开始')
  await page.getByRole('link', { name: /^已完成 工作时间/ }).waitFor()
  await page.getByRole('link', { name: /队列与技能/ }).click()
  await page.waitForURL('**/settings/queues')
  clock.mark('set up, told what to do next')
  await page.goto(`${empty.url}/setup`)
  await page.waitForURL(address => address.pathname !== '/setup')
  console.log(clock.told())
  expect(unprovoked(empty.faults, [/401 GET \/api\/me/])).toEqual([])
})

/** Where it stands once it has come in. */
async function atRest(what: Locator) {
  for (let before = await what.boundingBox(); ; ) {
    await what.page().waitForTimeout(100)
    const now = await what.boundingBox()
    if (now?.x === before?.x && now?.y === before?.y) return now
    before = now
  }
}

test('a menu keeps still while the telephone comes into the bar, and who could not be signed out is told', async () => {
  const { page } = await stage.colleague('agent', null)
  let comes = () => {}
  const held = new Promise<void>(done => {
    comes = done
  })
  await page.route(/PhoneBar/, route => held.then(() => route.continue()))
  await page.goto(`${stage.url}/desk`)
  const account = page.getByRole('button', { name: /^账号/ })
  const leave = page.getByRole('menuitem', { name: '退出登录' })
  await account.click()
  await leave.waitFor()
  await page.locator('.menu button:focus').waitFor()
  const before = await atRest(leave)
  comes()
  await page.getByPlaceholder('拨号').waitFor()
  expect(await leave.boundingBox()).toEqual(before)
  await page.keyboard.press('Escape')
  await account.click()
  await page.getByRole('menuitem', { name: '电话与声音' }).waitFor()

  await page.route('**/api/session', route => (route.request().method() === 'DELETE' ? route.abort() : route.continue()))
  await leave.click()
  await page.locator('.said').getByText('连不上').waitFor()
  expect(new URL(page.url()).pathname).toBe('/desk')
  await page.unroute('**/api/session')
  await account.click()
  await leave.click()
  await page.waitForURL('**/login*')
  expect(unprovoked(stage.faults, [/ERR_FAILED DELETE \/api\/session/, /401 GET/])).toEqual([])
})
