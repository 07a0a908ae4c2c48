import { expect, test } from 'vitest'
import { newcomer, onStage, type Page, phone, sees } from './stage.ts'

const stage = onStage()

const picture = (page: Page, name: string) =>
  process.env.JOURNEY_PICTURES ? page.screenshot({ path: `${process.env.JOURNEY_PICTURES}/${name}.png` }) : null
const wide = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

test('an administrator hides numbers from a role; another only looks, and the look is on record', async () => {
  const { page: admin } = await stage.colleague('admin', '/customers')
  await newcomer(admin, '祝遮明', '13712340188')
  const file = admin.url()
  await sees(admin, '137****0188')
  await admin.getByRole('button', { name: '显示' }).first().click()
  await admin.getByRole('button', { name: '核对身份' }).click()
  await sees(admin, '+8613712340188')

  await admin.goto(`${stage.url}/settings/masking`)
  const put = async (cell: string, how: string) => {
    await admin.getByLabel(cell, { exact: true }).click()
    await admin.locator('.ant-select-dropdown:visible').getByText(how, { exact: true }).click()
    await sees(admin, new RegExp(`${cell.replace(' ', '.*')}${how}`))
  }
  await put('主管 电话', '不显示')
  await admin.getByText('查看完整内容时要填原因').click()
  await picture(admin, 'masking')
  await admin.setViewportSize(phone)
  expect(await wide(admin)).toBeLessThanOrEqual(0)
  await picture(admin, 'masking-phone')

  const { page: supervisor } = await stage.colleague('supervisor', new URL(file).pathname)
  await sees(supervisor, '号码不对您的角色显示')
  expect(await supervisor.content()).not.toContain('0188')
  const { page: agent } = await stage.colleague('agent', new URL(file).pathname)
  await sees(agent, '137****0188')
  await agent.getByRole('button', { name: '显示' }).first().click()
  await sees(agent, '+8613712340188')

  await admin.goto(`${stage.url}/settings/audit?what=customer.revealed`)
  await sees(admin, '看了什么')
  await picture(admin, 'audit')
  await admin.goto(`${stage.url}/settings/audit?what=masking.decided`)
  await sees(admin, '不显示')
  await admin.setViewportSize({ width: 1280, height: 720 })
  await admin.goto(`${stage.url}/settings/masking`)
  await put('主管 电话', '遮住')
  await picture(admin, 'masking')
  await admin.getByText('查看完整内容时要填原因').click()
  expect(stage.faults).toEqual([])
})

test('consent is recorded with its proof, withdrawn, and both stand in the history; the register is searched, lifted and taken along', async () => {
  const { page } = await stage.colleague('supervisor', '/customers', { language: 'en' })
  await newcomer(page, 'Wen Consent', '13712340199')
  const wishes = page.getByRole('region', { name: 'Contact wishes' })
  const say = async (how: string, proof: string) => {
    await wishes.getByRole('button', { name: /^Marketing SMS/ }).click()
    const drawer = page.getByRole('dialog')
    await drawer.getByText(how, { exact: true }).first().click()
    await drawer.getByLabel('Wording and version').fill('Notice 2.1')
    await drawer.getByLabel('Proof').fill(proof)
    await drawer.getByRole('button', { name: 'Record' }).click()
    await drawer.waitFor({ state: 'hidden' })
  }
  await say('Agrees', 'FORM-7')
  await wishes.getByRole('button', { name: 'Marketing SMS Agrees' }).waitFor()
  await say('Declines', 'REC-8')
  await wishes.getByRole('button', { name: 'Marketing SMS Declines' }).click()
  const history = page.getByRole('dialog')
  await sees(history, 'Withdrew')
  await sees(history, 'FORM-7')
  await picture(page, 'consent-drawer')
  await page.keyboard.press('Escape')
  await history.waitFor({ state: 'hidden' })
  await wishes.scrollIntoViewIfNeeded()
  await picture(page, 'consent')

  await wishes.getByRole('button', { name: 'Leave them alone' }).click()
  const alone = page.locator('.ant-popover:visible', { hasText: 'Leave them alone' })
  await alone.getByLabel('Leave them alone until').fill('2099-12-31')
  await page.keyboard.press('Enter')
  await alone.getByLabel('Why, if there is a reason').fill('asked at the counter')
  await picture(page, 'alone')
  await alone.getByRole('button', { name: 'Leave them alone' }).click()
  await sees(wishes, 'asked at the counter')
  await sees(wishes, /until .*2099/)

  await page.goto(`${stage.url}/settings/left-alone`)
  await page.getByRole('button', { name: 'Add' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('Numbers or addresses').fill('13712340203')
  await form.getByLabel('From a file').setInputFiles({
    name: 'numbers.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('name,phone\nLi,13712340201\nWang,137 1234 0202\n'),
  })
  // What was typed stays; a file without any says so.
  await sees(form, '2 read from the file')
  await form
    .getByLabel('From a file')
    .setInputFiles({ name: 'empty.csv', mimeType: 'text/csv', buffer: Buffer.from('name,phone\nnobody,\n') })
  await sees(form, 'No number or address in this file')
  expect(await form.getByLabel('Numbers or addresses').inputValue()).toBe('13712340203\n13712340201\n137 1234 0202')
  await form.getByLabel('Reason').fill('counter list')
  await page.keyboard.press('Control+Enter')
  await sees(page, '3 added')
  await page.getByLabel('Whole number, address, or reason').fill('13712340202')
  await page.keyboard.press('Enter')
  await sees(page, '137****0202')
  await page.getByText('137****0201').waitFor({ state: 'hidden' })
  await picture(page, 'register')
  await page.getByRole('button', { name: 'Export' }).click()
  const asked = page.getByRole('dialog')
  await asked.getByRole('button', { name: /^Start/ }).click()
  await asked.waitFor({ state: 'hidden' })
  await sees(page, /Export the do-not-contact register/)
  await page.getByRole('button', { name: 'Take off' }).first().click()
  await page.locator('.ant-popover:visible').getByRole('textbox').fill('changed their mind')
  await page.locator('.ant-popover:visible').getByRole('button', { name: 'Take off' }).click()
  await sees(page, 'Not on the register')
  await page.getByText('Customers', { exact: true }).last().click()
  await sees(page, 'Wen Consent')
  await page.setViewportSize(phone)
  expect(await wide(page)).toBeLessThanOrEqual(0)
  await picture(page, 'register-phone')
  expect(stage.faults).toEqual([])
})
