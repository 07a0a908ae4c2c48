import { expect, test } from 'vitest'
import { onStage, phone, sees } from './stage.ts'

const stage = onStage()
/** The day so many before today, by the clocks of the centre. */
const ago = (days: number) => new Date(Date.now() + 8 * 3_600_000 - days * 86_400_000).toISOString().slice(0, 10)

/** Somebody at the API, with the rights they have. */
async function asking(login: string) {
  const { context } = await stage.colleague(login, null)
  const csrf = (await context.cookies()).find(c => c.name === 'huiyin_csrf')?.value ?? ''
  return async (path: string, data: object) => {
    const reply = await context.request.post(`${stage.url}/api${path}`, { headers: { 'x-csrf': csrf }, data })
    expect(reply.ok(), `${path}: ${reply.status()}`).toBe(true)
    return reply.json()
  }
}

/** The billing system, with a key that may do nothing else. */
async function books() {
  const admin = await asking('admin')
  const { token } = await admin('/api-keys', { name: '营收系统', grants: { 'receivable:write': 'all' }, expiresAt: null })
  return async (method: string, path: string, body: object) => {
    const reply = await fetch(`${stage.url}/api${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect(reply.ok, `${method} ${path}: ${reply.status}`).toBe(true)
    return reply.json()
  }
}

test('the books deliver, and what is owed stands on the customer at once; nobody can write it here', async () => {
  const say = await asking('supervisor')
  const [deliver, { id }] = await Promise.all([books(), say('/customers', { name: '青禾乳业', kind: 'organisation', tier: 'key' })])
  const bill = (extId: string, more: object) => ({
    ...{ extId: `${extId}-${id}`, customerId: id, number: extId, kind: '水费', amount: 86_40, openAmount: 0 },
    ...{ issuedOn: ago(70), dueOn: ago(50) },
    ...more,
  })
  const [{ page: agent }, { page: abroad }] = await Promise.all([
    stage.colleague('agent', `/customers/${id}`),
    stage.colleague('agent2', `/customers/${id}`, { language: 'en', size: phone }),
  ])
  const panel = agent.getByRole('region', { name: '账务' })
  await sees(panel, '还没有账务数据')
  await abroad.getByRole('region', { name: 'Account' }).waitFor()

  await deliver('POST', '/receivables', {
    source: '营收系统',
    items: [
      bill('SF-1', { period: ago(120).slice(0, 7) }),
      bill('SF-2', { period: ago(80).slice(0, 7), openAmount: 50_00, dueOn: ago(45) }),
      bill('SF-3', { period: ago(40).slice(0, 7), amount: 120_00, openAmount: 120_00, dueOn: ago(-5) }),
    ],
  })
  // It comes by itself, with where it is from and how old it is.
  await sees(panel, '¥170')
  await sees(panel, '营收系统 刚刚')
  await sees(panel, '¥50')
  await agent.locator('.top-of-customer').getByText('欠费 45 天').waitFor()
  await abroad.locator('.top-of-customer').getByText('45 days overdue').waitFor()

  await panel.getByRole('button', { name: '全部账单' }).click()
  const bills = agent.getByRole('dialog', { name: '青禾乳业 的账单' })
  for (const words of ['SF-1', 'SF-2', 'SF-3', '未到期', '已付清']) await sees(bills, words)
  await bills.getByText('未收', { exact: true }).first().click()
  await bills.getByText('SF-1').waitFor({ state: 'hidden' })
  expect(await bills.getByRole('textbox').count()).toBe(0)
  await agent.keyboard.press('Escape')

  await deliver('PUT', `/customers/${id}/flags/credit`, { level: 'bad', name: '信用受限', nameEn: 'Credit stopped' })
  await agent.locator('.top-of-customer').getByText('信用受限').waitFor()
  await abroad.locator('.top-of-customer').getByText('Credit stopped').waitFor()
  // Paid: the mark goes, the one of the finance system stays.
  await deliver('POST', '/receivables', { items: [bill('SF-2', { period: ago(80).slice(0, 7), openAmount: 0, dueOn: ago(45) })] })
  await agent.locator('.top-of-customer').getByText('欠费 45 天').waitFor({ state: 'hidden' })
  await sees(panel, '没有欠费')
  // The latest bill says what of it is open, and once it is paid that it is paid and when.
  const latest = (openAmount: number) =>
    deliver('POST', '/receivables', { items: [bill('SF-3', { period: ago(40).slice(0, 7), amount: 120_00, openAmount, dueOn: ago(-5) })] })
  await latest(20_00)
  await sees(panel, '还差 ¥20')
  await latest(0)
  await panel.getByText(/\d 日 付清$/).waitFor()
  await sees(panel, '已结清')
  expect(await panel.getByText('到期').count()).toBe(0)
  await abroad
    .getByRole('region', { name: 'Account' })
    .getByText(/^Paid \d/)
    .waitFor()
  expect(stage.faults).toEqual([])
})

test('leadership sees its key accounts, plans the care of one, and who was left alone stands out', async () => {
  const say = await asking('supervisor')
  const [deliver, { id }] = await Promise.all([books(), say('/customers', { name: '滨海造纸', kind: 'organisation', tier: 'key' })])
  await deliver('POST', '/receivables', {
    items: [
      {
        extId: `V-${id}`,
        customerId: id,
        amount: 9_000_000_00,
        openAmount: 10_00,
        issuedOn: ago(40),
        dueOn: ago(12),
        period: ago(40).slice(0, 7),
      },
    ],
  })
  const { page } = await stage.colleague('supervisor', '/customers')
  await page.getByRole('link', { name: '大客户', exact: true }).click()
  await page.getByRole('heading', { name: '大客户' }).waitFor()
  // The greatest stand first.
  const row = page.getByRole('row', { name: /滨海造纸/ })
  await sees(row, '¥9,000,000')
  await sees(row, '欠费 12 天')
  expect(await page.locator('.keyaccounts tbody tr.ant-table-row').first().innerText()).toContain('滨海造纸')

  await row.click()
  const plan = page.getByRole('dialog', { name: '滨海造纸 的关怀计划' })
  await plan.getByLabel('拜访间隔').fill('30')
  await plan.getByLabel('联系间隔').fill('')
  await plan.getByLabel('从哪天算起').fill(ago(40))
  await page.keyboard.press('Enter')
  await plan.getByLabel('要点').fill('问新车间用水')
  await page.keyboard.press('Control+Enter')
  await plan.waitFor({ state: 'hidden' })
  await sees(row, '久未联系 10 天')
  await page.getByText('久未联系', { exact: true }).first().click()
  // Whose care is most overdue stands first, and the page says so.
  await sees(page, '关怀逾期最久的在前')
  await sees(row, /拜访，逾期 10 天/)

  // What is due is a task by now; done, it is the contact.
  await row.click()
  await plan.getByRole('link', { name: '待办' }).click()
  const task = page.getByRole('article', { name: /拜访滨海造纸/ })
  await sees(task, '问新车间用水')
  await task.getByRole('textbox', { name: '结果' }).fill('见了厂长，新车间三月投产')
  await page.keyboard.press('Control+Enter')
  await sees(page, /已办结|已完成/)
  await page.goto(`${stage.url}/key-accounts?q=${encodeURIComponent('滨海造纸')}`)
  await sees(row, '刚刚')
  await expect.poll(() => row.getByText(/久未联系/).count()).toBe(0)

  const pocket = (await stage.colleague('supervisor', '/key-accounts?show=overdue', { language: 'en', size: phone })).page
  await pocket.getByRole('heading', { name: 'Key accounts' }).waitFor()
  await pocket.getByText('滨海造纸').waitFor()
  await pocket.getByText('12 days overdue').first().waitFor()
  expect(stage.faults).toEqual([])
})
