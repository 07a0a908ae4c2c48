import { expect, test } from 'vitest'
import { customers } from '#contract/customers.ts'
import { picture, speaksEnglish } from './moves.ts'
import { type Locator, onStage, type Page, phone, sees, unprovoked } from './stage.ts'

const stage = onStage()

/** A customer of this run's own. */
async function added(page: Page, more: Record<string, unknown>) {
  const csrf = (await page.context().cookies()).find(c => c.name === 'huiyin_csrf')?.value ?? ''
  const reply = await page.request.post(`${stage.url}/api/customers`, { data: more, headers: { 'x-csrf': csrf } })
  expect(reply.status(), await reply.text()).toBe(200)
  return customers.add.reply.parse(await reply.json())
}
const card = (page: Page, name: string | RegExp): Locator => page.getByRole('region', { name }).first()
async function menu(page: Page, of: string | RegExp, item: string) {
  await page.getByRole('button', { name: of }).first().click()
  await page.getByRole('menuitem', { name: item }).click()
}

test('numbers, addresses, people and words are kept with a customer, and nobody overwrites another', async () => {
  const { page: agent } = await stage.colleague('agent', null)
  const stamp = String(Date.now()).slice(-6)
  const zhou = await added(agent, { name: `周敏${stamp}`, phone: '13812346021', district: '城东片区', address: '海棠里 3 幢 2 单元 901' })
  const firm = await added(agent, { name: `清源酒店${stamp}`, kind: 'organisation' })
  await agent.goto(`${stage.url}/customers/${zhou.id}`)
  const file = card(agent, '档案')
  await sees(file, '138****6021')

  // A second number, which becomes the main one.
  await menu(agent, '添加', '电话')
  const reach = agent.getByRole('dialog', { name: '添加 电话' })
  await reach.getByLabel('电话号码').fill('1'.repeat(30))
  await agent.keyboard.press('Control+Enter')
  await sees(reach, '电话号码不对')
  await reach.getByLabel('电话号码').fill('0571-86123390')
  await reach.getByRole('combobox', { name: '用途' }).fill('单位')
  await agent.keyboard.press('Control+Enter')
  await reach.waitFor({ state: 'hidden' })
  await sees(file, '0571****3390')
  await menu(agent, /0571\*{4}3390 的操作/, '设为主用')
  await sees(agent.locator('.top-of-customer'), '0571****3390')

  // A pasted address falls into its parts, and stands in the head of the page.
  await menu(agent, /海棠里 3 幢 2 单元 901 的操作/, '修改地址')
  const place = agent.getByRole('dialog', { name: '修改地址' })
  await place.getByLabel('粘贴整条地址').fill('浙江省杭州市滨江区长河街道江南大道1号3幢2单元901 31005')
  await expect.poll(() => place.getByLabel('街道乡镇').inputValue()).toBe('长河街道')
  await place.getByLabel('粘贴整条地址').fill('浙江省杭州市滨江区𠮷祥镇江南大道1号 310051')
  await expect.poll(() => place.getByLabel('邮编').inputValue()).toBe('310051')
  // Somebody else changes the same file meanwhile: both are kept.
  const { page: lead } = await stage.colleague('lead', `/customers/${zhou.id}`)
  await sees(card(lead, '档案'), '0571****3390')
  await menu(lead, /海棠里 3 幢 2 单元 901 的操作/, '修改地址')
  const theirs = lead.getByRole('dialog', { name: '修改地址' })
  await theirs.getByRole('combobox', { name: '用途' }).fill('住宅')
  await lead.keyboard.press('Control+Enter')
  await theirs.waitFor({ state: 'hidden' })
  await agent.keyboard.press('Control+Enter')
  await sees(place, '两边改的地方不同，已合并')
  await agent.keyboard.press('Control+Enter')
  await place.waitFor({ state: 'hidden' })
  await sees(file, '浙江省杭州市滨江区𠮷祥镇江南大道1号')
  await sees(file, '住宅')
  await sees(agent.locator('.top-of-customer'), '江南大道1号')
  // The time line says from what to what, as the page shows such values.
  const line = agent.getByRole('region', { name: '时间线' })
  await sees(line, /138\*{4}6021 → 0571\*{4}3390/)
  await sees(line, /海棠里 3 幢 2 单元 901 → 浙江省杭州市滨江区/)

  // She is the contact of a hotel, seen from there, too.
  await agent.getByRole('button', { name: '添加关系' }).click()
  const relation = agent.getByRole('dialog', { name: '添加关系' })
  await relation.getByRole('combobox', { name: '对方' }).fill(firm.name)
  await agent.getByTitle(firm.name).first().click()
  await relation.getByLabel('角色').fill('财务')
  await relation.getByRole('checkbox', { name: /主联系人/ }).check()
  await agent.keyboard.press('Control+Enter')
  await relation.waitFor({ state: 'hidden' })
  await card(agent, '关系').getByRole('link', { name: firm.name }).click()
  const contacts = card(agent, '联系人与关系')
  await sees(contacts, zhou.name)
  await sees(contacts, '财务')
  await menu(agent, `${zhou.name} 的操作`, '移除')
  await sees(contacts, '还没有登记关系')
  await agent.keyboard.press('Control+z')
  await contacts.getByRole('link', { name: zhou.name }).click()

  // Who takes care finds her among theirs.
  await file.getByRole('button', { name: '变更负责人' }).click()
  const team = agent.getByRole('dialog', { name: '负责人与协同' })
  await team.getByRole('combobox', { name: '负责人' }).fill('许知夏')
  await agent.getByTitle('许知夏').first().click()
  await team.getByRole('combobox', { name: '协同' }).fill('罗一宁')
  await agent.getByTitle('罗一宁').first().click()
  await agent.keyboard.press('Control+Enter')
  await team.waitFor({ state: 'hidden' })
  await sees(file, '协同 罗一宁')
  await lead.goto(`${stage.url}/customers?sort=-added`)
  await lead.getByRole('button', { name: '我的客户' }).click()
  await sees(lead.getByRole('table'), zhou.name)

  // Words and a file, on the time line as well; what was removed comes back.
  const notes = card(agent, '备注')
  await notes.getByRole('textbox', { name: '写一条备注' }).fill('只在晚上接电话')
  await agent.keyboard.press('Control+Enter')
  await sees(notes.getByRole('list'), '只在晚上接电话')
  await menu(agent, '备注 的操作', '修改')
  await notes.getByRole('textbox', { name: '修改' }).fill('晚上七点后接电话')
  await agent.keyboard.press('Control+Enter')
  await sees(notes.getByRole('list'), '改过')
  await menu(agent, '备注 的操作', '移除')
  await notes.getByRole('list').getByText('晚上七点后接电话').waitFor({ state: 'hidden' })
  await agent.keyboard.press('Control+z')
  await sees(notes.getByRole('list'), '晚上七点后接电话')
  await agent.getByRole('tab', { name: /备注/ }).click()
  await sees(card(agent, '往来时间线'), '晚上七点后接电话')
  await agent.getByLabel('上传文件').first().setInputFiles({ name: '水表.png', mimeType: 'image/png', buffer: picture })
  await sees(card(agent, '文件'), '水表.png')

  // Shown in full at once, for a reason.
  await agent.getByRole('button', { name: '显示' }).click()
  await agent.getByRole('button', { name: '核对身份' }).click()
  await sees(file, '+8657186123390')
  await sees(file, '+8613812346021')
  expect(unprovoked(stage.faults, [/^agent: 400 POST .*\/reached$/, /^agent: 409 PATCH .*\/addresses\//])).toEqual([])
}, 180_000)

test('the same in English and on a phone', async () => {
  const { page: agent } = await stage.colleague('agent', null, { language: 'en' })
  const stamp = String(Date.now()).slice(-6)
  const jane = await added(agent, { name: `Jane ${stamp}`, phone: '13812340001' })
  await agent.goto(`${stage.url}/customers/${jane.id}`)
  const file = card(agent, 'Profile')
  await menu(agent, 'Add', 'Address')
  const place = agent.getByRole('dialog', { name: 'Add an address' })
  await place.getByLabel('Post code').fill('31')
  await place.getByLabel('Road, building, room').fill('Qingyuan Road 12, unit 3')
  await agent.keyboard.press('Control+Enter')
  await sees(place, 'In China it has six digits')
  await place.getByLabel('Post code').fill('310051')
  await agent.keyboard.press('Control+Enter')
  await place.waitFor({ state: 'hidden' })
  await sees(file, 'Qingyuan Road 12, unit 3')
  await speaksEnglish(agent, 'a customer')

  const { page: pocket } = await stage.colleague('agent', `/customers/${jane.id}`, { language: 'en', size: phone })
  await sees(card(pocket, 'Profile'), 'Qingyuan Road 12, unit 3')
  await card(pocket, 'Notes').getByRole('textbox', { name: 'Write a note' }).fill('Rings twice')
  await card(pocket, 'Notes').getByRole('button', { name: /Save/ }).click()
  await sees(card(pocket, 'Notes').getByRole('list'), 'Rings twice')
  expect(await pocket.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(phone.width)
  await speaksEnglish(pocket, 'a customer on a phone')
  expect(unprovoked(stage.faults, [])).toEqual([])
}, 120_000)
