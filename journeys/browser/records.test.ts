import { expect, test } from 'vitest'
import { newClock, onStage, phone, sees, unprovoked } from './stage.ts'

const stage = onStage()
const tail = () => String(Date.now()).slice(-6)

test('a kind of record is made, a customer gets one, and it is given away and ended', async () => {
  const clock = newClock()
  const mark = tail()
  const [{ page: admin }, { page: agent, context }] = await Promise.all([
    stage.colleague('admin', '/settings/record-kinds'),
    stage.colleague('agent', null),
  ])
  await admin.getByRole('heading', { name: '记录种类' }).waitFor()
  await admin.getByRole('button', { name: '新增' }).click()
  const kind = admin.getByRole('dialog', { name: '新建记录种类' })
  await kind.getByRole('textbox', { name: /^名称/ }).fill(`泳池${mark}`)
  await kind.getByLabel('代号').fill(`P${mark}`)
  await kind.getByRole('button', { name: '加一个字段' }).click()
  await kind.getByRole('textbox', { name: '显示名', exact: true }).fill('容量')
  await admin.keyboard.press('Control+Enter')
  await kind.waitFor({ state: 'hidden' })
  await sees(admin, `泳池${mark}`)
  clock.mark('kind made')

  const csrf = (await context.cookies()).find(c => c.name === 'huiyin_csrf')?.value ?? ''
  const add = async (name: string) => {
    const reply = await context.request.post(`${stage.url}/api/customers`, { data: { name }, headers: { 'x-csrf': csrf } })
    return String((await reply.json()).id)
  }
  const [from, to] = [await add(`转出人${mark}`), await add(`接手人${mark}`)]
  await agent.goto(`${stage.url}/customers/${from}`)
  const panel = agent.getByRole('region', { name: '记录', exact: true })
  await panel.getByRole('button', { name: '登记' }).click()
  const form = agent.getByRole('dialog', { name: '新登记' })
  await form.getByRole('combobox', { name: '种类' }).click()
  await agent.getByTitle(`泳池${mark}`).click()
  await form.getByLabel('编号').fill(`sc ${mark}`)
  await form.getByLabel('容量').fill('=1+1 𠮷')
  await agent.keyboard.press('Control+Enter')
  await sees(panel, `SC${mark}`)
  await sees(panel, '容量 =1+1 𠮷')
  await sees(agent.getByRole('region', { name: '往来时间线' }), `登记泳池${mark}`)
  clock.mark('entered')

  // A number that is there already is refused in the form, and what was typed stays.
  await panel.getByRole('button', { name: '登记' }).click()
  await form.getByRole('combobox', { name: '种类' }).click()
  await agent.getByTitle(`泳池${mark}`).click()
  await form.getByLabel('编号').fill(`SC${mark}`)
  await agent.keyboard.press('Control+Enter')
  await sees(form, '这个编号已登记在某位客户名下')
  await form.getByLabel('编号').fill(`SD${mark}`)
  await agent.keyboard.press('Control+Enter')
  await sees(panel, `SD${mark}`)

  await panel.getByRole('button', { name: `泳池${mark} SC${mark}` }).click()
  await agent.getByRole('menuitem', { name: '转给别的客户' }).click()
  const move = agent.getByRole('dialog', { name: /转给别的客户/ })
  await move.getByRole('combobox', { name: '转给' }).fill(`接手人${mark}`)
  await agent.locator('.ant-select-item-option', { hasText: `接手人${mark}` }).click()
  await agent.keyboard.press('Control+Enter')
  await panel.getByText(`SC${mark}`).waitFor({ state: 'hidden' })
  clock.mark('given away')

  await panel.getByRole('button', { name: `泳池${mark} SD${mark}` }).click()
  await agent.getByRole('menuitem', { name: '结束', exact: true }).click()
  await agent.getByRole('dialog', { name: `结束 SD${mark}` }).waitFor()
  await agent.keyboard.press('Control+Enter')
  await sees(panel, '已结束 1 项')
  await panel.getByText(`SD${mark}`).waitFor({ state: 'hidden' })
  await agent.goto(`${stage.url}/customers/${to}`)
  await sees(panel, `SC${mark}`)
  console.log(clock.told())
  expect(unprovoked(stage.faults, [/^agent: 409 POST .*\/records$/])).toEqual([])
}, 120_000)

test('a field of one role is filled in by it and not there for another', async () => {
  const mark = tail()
  const { page: admin } = await stage.colleague('admin', '/settings/customer-fields')
  await admin.getByRole('heading', { name: '客户自有字段' }).waitFor()
  await admin.getByRole('button', { name: '新增' }).click()
  const form = admin.getByRole('dialog', { name: '新建客户字段' })
  await form.getByRole('textbox', { name: '显示名', exact: true }).fill(`密栏${mark}`)
  await form.getByRole('combobox', { name: '谁能看' }).click()
  await admin.getByTitle('主管', { exact: true }).click()
  await admin.keyboard.press('Control+Enter')
  await form.waitFor({ state: 'hidden' })
  await sees(admin, `密栏${mark}`)

  const [{ page: boss, context }, { page: agent }] = await Promise.all([
    stage.colleague('supervisor', null),
    stage.colleague('agent', null),
  ])
  const csrf = (await context.cookies()).find(c => c.name === 'huiyin_csrf')?.value ?? ''
  const reply = await context.request.post(`${stage.url}/api/customers`, { data: { name: `密人${mark}` }, headers: { 'x-csrf': csrf } })
  const { id } = await reply.json()
  await boss.goto(`${stage.url}/customers/${id}`)
  const more = boss.getByRole('region', { name: '更多资料' })
  await more.getByRole('button', { name: '填写' }).click()
  await boss.getByRole('dialog').getByLabel(`密栏${mark}`).fill('只给主管')
  await boss.keyboard.press('Control+Enter')
  await sees(more, '只给主管')

  await agent.goto(`${stage.url}/customers/${id}`)
  await agent.getByRole('heading', { name: `密人${mark}` }).waitFor()
  await agent.getByRole('region', { name: '更多资料' }).waitFor()
  expect(await agent.getByText(`密栏${mark}`).count()).toBe(0)
  expect(await agent.getByText('只给主管').count()).toBe(0)
  expect(unprovoked(stage.faults, [])).toEqual([])
}, 120_000)

test('of two who change one kind nobody’s change is lost', async () => {
  const mark = tail()
  const { page, context } = await stage.colleague('admin', '/settings/record-kinds')
  await page.getByRole('heading', { name: '记录种类' }).waitFor()
  const headers = { 'x-csrf': (await context.cookies()).find(c => c.name === 'huiyin_csrf')?.value ?? '' }
  const made = await context.request.post(`${stage.url}/api/record-kinds`, { data: { name: `船位${mark}`, code: `B${mark}` }, headers })
  const { id } = await made.json()
  await page.reload()
  await page.getByText(`船位${mark}`, { exact: true }).click()
  const form = page.getByRole('dialog', { name: `修改 船位${mark}` })
  await form.getByRole('textbox', { name: /^名称/ }).fill(`泊位${mark}`)
  await context.request.patch(`${stage.url}/api/record-kinds/${id}`, { data: { nameEn: `Berth ${mark}` }, headers })
  await page.keyboard.press('Control+Enter')
  await sees(form, '别人刚改过这一项')
  await expect.poll(() => form.getByRole('textbox', { name: /英文名/ }).inputValue()).toBe(`Berth ${mark}`)
  await page.keyboard.press('Control+Enter')
  await form.waitFor({ state: 'hidden' })
  const kinds: { id: string }[] = await (await context.request.get(`${stage.url}/api/record-kinds`)).json()
  expect(kinds.find(kind => kind.id === id)).toMatchObject({ name: `泊位${mark}`, nameEn: `Berth ${mark}` })
  expect(unprovoked(stage.faults, [/409 PATCH \/api\/record-kinds/])).toEqual([])
}, 120_000)

test('in English, and on a phone', async () => {
  const { page: admin } = await stage.colleague('admin', '/settings/record-kinds', { language: 'en' })
  await admin.getByRole('heading', { name: 'Record kinds' }).waitFor()
  await admin.getByText('METER', { exact: true }).waitFor()
  const { page, context } = await stage.colleague('agent', null, { language: 'en', size: phone })
  const found = await (await context.request.get(`${stage.url}/api/records?number=1024000000`)).json()
  await page.goto(`${stage.url}/customers/${found[0].customerId}`)
  const panel = page.getByRole('region', { name: 'Records', exact: true })
  await sees(panel, '1024000000')
  await panel.scrollIntoViewIfNeeded()
  await panel.getByRole('button', { name: 'Add' }).waitFor()
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
  expect(unprovoked(stage.faults, [])).toEqual([])
}, 120_000)

test('a masked number and a field that others must fill are in nobody’s way: what else is changed is saved, and the number stands', async () => {
  const mark = tail()
  const [{ context: admin }, { page, context }] = await Promise.all([stage.colleague('admin', null), stage.colleague('agent', null)])
  const headers = { 'x-csrf': (await admin.cookies()).find(c => c.name === 'huiyin_csrf')?.value ?? '' }
  const ask = async (method: 'get' | 'post' | 'put', url: string, data?: object) => {
    const reply = await admin.request[method](`${stage.url}/api${url}`, data ? { data, headers } : {})
    expect(reply.status(), url).toBe(200)
    return reply.json()
  }
  const roles: { id: string; code: string | null }[] = await ask('get', '/roles')
  const roleOf = (code: string) => roles.find(role => role.code === code)?.id ?? ''
  const add = (key: string, field: object) =>
    ask('post', '/customer-fields', { key: `${key}${mark}`, field: { type: 'text', ...field }, position: 90 })
  const made = [
    await add('card', { label: `证件${mark}`, pattern: 'idCard' }),
    await add('rank', { label: `评级${mark}`, required: true, writtenBy: [roleOf('supervisor')] }),
    await add('pet', { label: `宠物${mark}` }),
  ]
  await ask('put', '/masking', { role: roleOf('agent'), field: `own.card${mark}`, showing: 'masked' })
  const { id, version } = await ask('post', '/customers', { name: `证人${mark}` })
  await ask('put', `/customers/${id}/own`, { values: { [`card${mark}`]: '11010519491231002X' }, version })

  await page.goto(`${stage.url}/customers/${id}`)
  const more = page.getByRole('region', { name: '更多资料' })
  await sees(more, '11****2X')
  await more.getByRole('button', { name: '填写' }).click()
  const form = page.getByRole('dialog')
  expect(await form.getByLabel(`证件${mark}`).inputValue()).toBe('11****2X')
  expect(await form.getByLabel(`评级${mark}`).isDisabled()).toBe(true)
  await form.getByLabel(`宠物${mark}`).fill('两只猫')
  await page.keyboard.press('Control+Enter')
  await form.waitFor({ state: 'hidden' })
  await sees(more, '两只猫')
  await sees(more, '11****2X')
  const { values } = await ask('get', `/customers/${id}/own`)
  expect(values).toMatchObject({ [`card${mark}`]: '11010519491231002X', [`pet${mark}`]: '两只猫' })

  // Another number is held to the rule as ever.
  await more.getByRole('button', { name: '填写' }).click()
  await form.getByLabel(`证件${mark}`).fill('11010519491231')
  await page.keyboard.press('Control+Enter')
  await sees(form, '格式不对')
  await form.getByLabel(`证件${mark}`).fill('110105194912310021')
  await page.keyboard.press('Control+Enter')
  await sees(form, '格式不对')
  for (const field of made) await ask('put', `/customer-fields/${field.id}/retired`, { retired: true })
  expect((await (await context.request.get(`${stage.url}/api/customers/${id}/own`)).json()).values).not.toHaveProperty(`card${mark}`)
  expect(unprovoked(stage.faults, [])).toEqual([])
}, 120_000)
