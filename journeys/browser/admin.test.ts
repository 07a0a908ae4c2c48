import { readFileSync } from 'node:fs'
import { generateSync } from 'otplib'
import { expect, test } from 'vitest'
import { type Locator, newClock, onStage, type Page, password, sees, unprovoked } from './stage.ts'

const stage = onStage()

// A product that runs already may have seen this story before.
const mark = Date.now().toString(36).slice(-5)
const roleName = `回访员${mark}`
const keyName = `报表系统${mark}`
const newcomers = [
  { name: `顾清${mark}`, login: `gu-${mark}` },
  { name: `方圆${mark}`, login: `fang-${mark}` },
]

const open = (page: Page, section: string) => page.goto(`${stage.url}/settings/${section}`)
const button = (where: Page | Locator, name: string | RegExp) => where.getByRole('button', { name })
const drawer = (page: Page) => page.getByRole('dialog')
const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text })
async function choose(page: Page, field: Locator, typed: string): Promise<void> {
  await field.click()
  await page.keyboard.type(typed)
  await page.locator('.ant-select-item-option', { hasText: typed }).first().click()
}

/** A TOTP code is taken once: the next one waits for the next half minute, unless the clock of the authenticator may run ahead. */
const codeOf = (secret: string, ahead = 0) => generateSync({ secret, epoch: Math.floor(Date.now() / 1000) + ahead })

/** The code of the half minute before this one. It is refused when a new half minute begins while it is typed: near the end, wait for that. */
async function earlierCode(secret: string): Promise<string> {
  const left = 30_000 - (Date.now() % 30_000)
  if (left < 8_000) await new Promise(done => setTimeout(done, left + 200))
  return codeOf(secret, -30)
}

async function signIn(page: Page, code: string): Promise<void> {
  await page.getByLabel('登录名').fill('admin')
  await page.getByLabel('密码', { exact: true }).fill(password)
  await button(page, /^登录/).click()
  await page.getByLabel('验证码').fill(code)
  await page.getByLabel('验证码').press('Enter')
  await page.waitForURL(url => !url.pathname.startsWith('/login'))
}
async function signOut(page: Page): Promise<void> {
  await button(page, /^账号/).click()
  await page.getByRole('menuitem', { name: '退出登录' }).click()
  await page.waitForURL('**/login*')
}

test('an administrator sets up people, rights, a key and a second step, and finds all of it in the audit', async () => {
  const clock = newClock()
  const { page, context } = await stage.colleague('admin', '/settings/people')

  await button(page, '导入').click()
  const table = [
    '姓名,登录名,部门,班组,角色',
    ...newcomers.map(p => `${p.name},${p.login},客服中心,网页一组,坐席`),
    '无名,,客服中心,,坐席',
  ].join('\r\n')
  await drawer(page)
    .locator('input[type=file]')
    .setInputFiles({ name: '人员.csv', mimeType: 'text/csv', buffer: Buffer.from(table) })
  await sees(drawer(page), `例 ${newcomers[0]?.name}`)
  await button(drawer(page), '先检查').click()
  await sees(drawer(page), '新建 2，有问题 1')
  await button(drawer(page), '开始导入').click()
  await sees(drawer(page), '已完成')
  const coming = page.waitForEvent('download')
  await button(drawer(page), '密码链接').click()
  const links = readFileSync(await (await coming).path(), 'utf8')
  for (const { login } of newcomers) expect(links).toMatch(new RegExp(`"${login}","https?://[^"]+/set-password#p\\.`))
  await button(drawer(page), '关闭').last().click()
  await page.getByPlaceholder('姓名、登录名').fill(newcomers[0]?.login ?? '')
  await expect.poll(() => page.getByRole('row').filter({ hasText: mark }).count()).toBe(1)
  clock.mark('people come from a spreadsheet')

  await open(page, 'roles')
  await button(page, '添加角色').click()
  await drawer(page).locator('#name').fill(roleName)
  await drawer(page).getByRole('checkbox', { name: '查看客户' }).check()
  await drawer(page).getByRole('checkbox', { name: '查看完整号码' }).check()
  await drawer(page).getByLabel('每 24 小时最多').fill('20')
  await drawer(page).getByRole('checkbox', { name: '查看工单' }).check()
  await drawer(page).getByRole('combobox', { name: '查看工单' }).click()
  await page.locator('.ant-select-item-option', { hasText: '本部门' }).click()
  await button(drawer(page), /^保存/).click()
  await sees(page, roleName)
  await open(page, `people?q=${newcomers[0]?.login}`)
  await row(page, newcomers[0]?.name ?? '').click()
  await choose(page, drawer(page).getByLabel('角色'), roleName)
  await button(drawer(page), /^保存/).click()
  await sees(row(page, newcomers[0]?.name ?? ''), roleName)
  clock.mark('a role with a scope and a limit, given')

  await open(page, 'api-keys')
  await button(page, '新建密钥').click()
  await drawer(page).getByLabel('给谁用').fill(keyName)
  await drawer(page).getByRole('checkbox', { name: '查看工单' }).check()
  await button(drawer(page), /^保存/).click()
  const token = (await page.locator('.ant-modal pre').textContent()) ?? ''
  const ask = (url: string) => fetch(`${stage.url}/api${url}`, { headers: { authorization: `Bearer ${token}` } })
  expect((await ask('/tickets')).status).toBe(200)
  expect((await ask('/tasks')).status).toBe(403)
  await button(page.locator('.ant-modal'), '完成').click()
  clock.mark('a key, and calls with it')

  await open(page, 'account')
  await button(page, '打开').click()
  await page.getByLabel('现在的密码').last().fill(password)
  await button(page, '下一步').click()
  const secret = ((await page.locator('code').first().textContent()) ?? '').replaceAll(' ', '')
  await page.getByLabel('再输入它显示的六位数').fill(await earlierCode(secret))
  await button(page, '确认').click()
  const codes = ((await page.locator('pre.snippet').textContent()) ?? '').split('\n')
  expect(codes).toHaveLength(10)
  await button(page, '完成').click()
  clock.mark('the second step')

  await signOut(page)
  await signIn(page, codeOf(secret))
  await signOut(page)
  await signIn(page, codes[0] ?? '')
  await open(page, 'account')
  await sees(page, '剩 9 个恢复码')
  clock.mark('in by a code and by a recovery code')

  const elsewhere = await stage.somebody('admin elsewhere')
  await elsewhere.page.goto(`${stage.url}/login`)
  await signIn(elsewhere.page, codes[1] ?? '')
  await elsewhere.page.waitForLoadState('networkidle')
  await open(page, 'sessions')
  const other = row(page, '秦朗').filter({ has: button(page, '结束') })
  await button(other.first(), '结束').click()
  await elsewhere.page.waitForURL('**/login*', { timeout: 20_000 })
  clock.mark('a session is ended')

  // Each kind of act by itself: the newest page of everything is soon filled by what else went on.
  for (const [name, what, told] of [
    ['person.imported', '导入人员', '2'],
    ['person.changed', '修改人员', roleName],
    ['api_key.made', '新建接口密钥', keyName],
    ['person.second_factor_on', '打开两步验证', '秦朗'],
    ['person.recovery_code_used', '用恢复码登录', '秦朗'],
    ['session.ended', '结束登录', '秦朗'],
    ['role.added', '添加角色', '20'],
  ] as const) {
    await open(page, `audit?what=${name}`)
    await expect.poll(() => row(page, what).filter({ hasText: told }).count(), { message: `${what} ${told}` }).toBeGreaterThan(0)
  }
  await sees(row(page, '添加角色').first(), '本部门')
  clock.mark('all of it in the audit')

  // The next story finds the account as it was.
  await open(page, 'account')
  await button(page, '关闭').click()
  await page.getByLabel('现在的密码').last().fill(password)
  await button(page, '下一步').click()
  await button(page, '打开').waitFor()
  expect(context.pages()).toHaveLength(1)
  expect(unprovoked(stage.faults, [/401 POST \/api\/session/, /401 GET \/api\//, /401 POST \/api\/notifications\/seen/])).toEqual([])
  console.log(clock.told())
})
