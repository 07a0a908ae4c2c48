import { readFileSync } from 'node:fs'
import { strFromU8, unzipSync } from 'fflate'
import { expect, test } from 'vitest'
import { customers, NewCustomer } from '#contract/customers.ts'
import { leftAlone } from '#contract/privacy.ts'
import { furnishVoice } from '../voice/centre.ts'
import { newcomer, onStage, phone, sees } from './stage.ts'

const stage = onStage()

test('an administrator hands a customer their data, erases them after typing the number, and sees the tombstone', async () => {
  const { page } = await stage.colleague('admin', '/customers')
  await newcomer(page, '虞归尘', '13712340088')
  const menu = page.getByRole('button', { name: '个人信息权利' })
  await menu.click()
  await page.getByText('导出个人信息').click()
  const why = page.getByRole('dialog')
  await why.getByLabel('原因').fill('本人申请')
  await why.getByRole('button', { name: '开始导出' }).click()
  await sees(page, '客户个人信息包：已完成')
  await page.getByRole('button', { name: /^进行中的工作/ }).click()
  const coming = page.waitForEvent('download')
  await page.getByRole('link', { name: '下载' }).first().click()
  const packed = unzipSync(readFileSync(await (await coming).path()))
  expect(strFromU8(packed['data/customers.customer.json'] ?? new Uint8Array())).toContain('虞归尘')
  expect(Object.keys(packed)).toContain('index.html')
  await page.keyboard.press('Escape')

  // A dispute: nothing goes while it lasts.
  await menu.click()
  await page.getByText('依法保留').click()
  await page.getByRole('dialog').getByLabel('原因').fill('诉讼中')
  await page.getByRole('dialog').getByRole('button', { name: '依法保留' }).click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await menu.click()
  await page.getByText('删除客户').click()
  await sees(page, '现在还不能删除')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await menu.click()
  await page.getByText('解除依法保留').click()
  await page.locator('.tag', { hasText: '依法保留' }).waitFor({ state: 'hidden' })

  await menu.click()
  await page.getByText('删除客户').click()
  const erase = page.getByRole('dialog')
  await sees(erase, '会清除')
  const number = /户号 (\S+) 确认/.exec(await erase.getByText(/输入户号/).innerText())?.[1] ?? ''
  await erase.getByLabel('原因').fill('本人申请')
  expect(await erase.getByRole('button', { name: '删除客户' }).isDisabled()).toBe(true)
  await erase.getByLabel(/输入户号/).fill(number)
  await erase.getByRole('button', { name: '删除客户' }).click()
  await page.getByRole('heading', { name: '已删除客户' }).waitFor()
  await sees(page, '已删除')
  await page.goto(`${stage.url}/customers`)
  await page.getByPlaceholder('姓名').fill('虞归尘')
  await sees(page, /没有/)
  expect(stage.faults).toEqual([])
})

test('a supervisor puts numbers on the register; an administrator sees on a phone, in English, what would go', async () => {
  const { page } = await stage.colleague('supervisor', '/settings/left-alone')
  await page.getByRole('button', { name: '加入名单' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('号码或邮箱').fill('13712340091\n13712340092\n不是号码')
  await page.keyboard.press('Control+Enter')
  await sees(page, '加入 2 个')
  await sees(page, /137\*\*\*\*0092/)
  // What could not be entered stands there alone, and is put right.
  await sees(form, '这 1 个不是号码或邮箱')
  expect(await form.getByLabel('号码或邮箱').inputValue()).toBe('不是号码')
  await form.getByLabel('号码或邮箱').fill('13712340093')
  await page.keyboard.press('Control+Enter')
  await form.waitFor({ state: 'hidden' })
  await sees(page, /137\*\*\*\*0093/)

  const { page: admin } = await stage.colleague('admin', '/settings/privacy', { language: 'en', size: phone })
  await admin.getByLabel('Words of closed tickets Days kept').fill('3000')
  await admin.getByRole('button', { name: 'See how much would go' }).nth(2).click()
  await sees(admin, 'Nothing would go now')
  await admin.getByRole('button', { name: 'Save' }).nth(2).click()
  await admin.waitForFunction(() => [...document.querySelectorAll('button')].filter(b => b.textContent === 'Save')[2]?.disabled === true)
  await admin.reload()
  const kept = admin.getByLabel('Words of closed tickets Days kept')
  await kept.waitFor()
  expect(await kept.inputValue()).toBe('3000')

  // Whole customers: asked once more, and left as it was until then.
  await admin.getByLabel('Customers not in touch any more Days kept').fill('36500')
  await admin.getByRole('button', { name: 'Save' }).last().click()
  const asked = admin.getByRole('dialog')
  await sees(asked, 'Erase customers silent for 36,500 days?')
  await sees(asked, 'Nobody is so now')
  await asked.getByRole('button', { name: 'Cancel' }).click()
  await asked.waitFor({ state: 'hidden' })
  await admin.getByRole('button', { name: 'Save' }).last().click()
  await asked.getByRole('button', { name: 'Erase from tonight on' }).click()
  await asked.waitFor({ state: 'hidden' })
  expect(await admin.getByRole('button', { name: 'Save' }).last().isDisabled()).toBe(true)
  expect(stage.faults).toEqual([])
})

test('who is known by WeChat alone is revealed where that stands', async () => {
  const { page, context } = await stage.colleague('agent', null)
  const headers = { 'x-csrf': (await context.cookies()).find(c => c.name === 'huiyin_csrf')?.value ?? '' }
  const ask = async (url: string, data: object) => {
    const reply = await context.request.post(`${stage.url}/api${url}`, { data, headers })
    expect(reply.status(), url).toBe(200)
    return reply.json()
  }
  const { id } = await ask('/customers', { name: '只有微信' })
  await ask(`/customers/${id}/reached`, { kind: 'wechat', value: 'wx_only_88' })
  await page.goto(`${stage.url}/customers/${id}`)
  const file = page.getByRole('region', { name: '档案', exact: true })
  await sees(file, 'wx****88')
  await file.getByRole('button', { name: '显示', exact: true }).click()
  await page.getByRole('button', { name: '核对身份' }).click()
  await sees(file, 'wx_only_88')
  expect(await page.getByRole('button', { name: '显示', exact: true }).count()).toBe(0)
  expect(stage.faults).toEqual([])
})

test('of a customer whose number is on the register the page says so; marketing is not called, a matter of theirs is', async () => {
  const { agents, admin } = await furnishVoice(stage.url, ['agent'], null)
  const [agent] = agents
  if (!agent) throw new Error('an agent')
  const typed = '13712340297'
  const { id } = await admin.call(customers.add, { body: NewCustomer.parse({ name: '殷静', phone: typed }) })
  const desk = (await stage.colleague('agent', `/customers/${id}`)).page
  await desk.getByRole('heading', { name: '殷静' }).waitFor()
  expect(await desk.getByText('号码免打扰').count()).toBe(0)

  await admin.call(leftAlone.add, { body: { values: [typed], until: null, reason: '' } })
  await desk.reload()
  await sees(desk, '号码免打扰')
  await desk.getByRole('button', { name: '拨打 殷静' }).first().click()
  const why = desk.getByRole('group', { name: '为什么拨打' })
  await sees(why, '要求免打扰')
  for (const purpose of ['推广', '回访、调查', '通知'])
    await why
      .getByRole('button', { name: new RegExp(`^${purpose}.*要求免打扰`) })
      .and(desk.locator(':disabled'))
      .waitFor()
  const placed = desk.waitForResponse(reply => reply.url().endsWith('/api/calls') && reply.request().method() === 'POST')
  await why.getByRole('button', { name: '办理业务' }).click()
  expect((await placed).status()).toBe(200)
  await why.waitFor({ state: 'hidden' })
  // It was asked what for.
  expect(stage.faults).toEqual(['agent: 409 POST /api/calls'])
}, 300_000)
