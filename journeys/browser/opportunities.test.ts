import { expect, test } from 'vitest'
import { onStage, phone, sees, unprovoked, wide } from './stage.ts'

const stage = onStage()

const said = {
  zh: {
    add: /^登记商机/, name: /^商机名称/, who: /^联系人/, phone: '电话', email: '邮箱', value: '金额（元）', save: /^保存/, move: '推进到',
    contacted: '已联系', lost: '丢单', why: '为什么丢单', mark: '记为丢单', convert: '转为客户', open: '打开', course: '经过', panel: '商机',
    title: '园区二次供水改造', show: '显示', callBack: '回拨客户', lead: '骆工', reason: '预算推迟到明年', history: /登记商机/,
  },
  en: {
    add: /^New opportunity/, name: /^What it is about/, who: /^Who/, phone: 'Phone', email: 'E-mail', value: 'Value (yuan)', save: /^Save/, move: 'Take to',
    contacted: 'Contacted', lost: 'Lost', why: 'Why was it lost', mark: 'Mark as lost', convert: 'Make a customer', open: 'Open', course: 'Course', panel: 'Opportunities',
    title: 'Pressure for the park', show: 'Show', callBack: 'Call back', lead: 'Mr Luo', reason: 'Put off until next year', history: /Opportunity noted/,
  },
} // biome-ignore format: a table

for (const language of ['zh', 'en'] as const)
  test(`a lead is noted, driven, made a customer and lost with its reason (${language})`, async () => {
    const t = said[language]
    const { page } = await stage.colleague('agent', '/opportunities', { language })
    await page.getByRole('button', { name: t.add }).click()
    const form = page.getByRole('dialog')
    await form.getByLabel(t.name).fill(t.title)
    await form.getByLabel(t.who).fill(t.lead)
    const number = language === 'zh' ? '13900005501' : '13900005502'
    await form.getByLabel(t.phone, { exact: true }).fill(number)
    await form.getByLabel(t.email, { exact: true }).fill(`luo.${language}@example.com`)
    await form.getByLabel(t.value).fill('12800')
    await form.getByRole('button', { name: t.save }).click()

    // It opens beside its list; the next stage is one choice away, and its course tells both.
    const drawer = page.getByRole('dialog').filter({ has: page.getByRole('region', { name: t.course }) })
    await sees(drawer, t.title)
    // How the lead is reached is masked until somebody says why it is wanted.
    await drawer.getByRole('button', { name: t.show }).click()
    await page.locator('.ant-popover:visible').getByRole('button', { name: t.callBack }).click()
    await sees(drawer, `+86${number}`)
    await sees(drawer, `luo.${language}@example.com`)
    await drawer.getByRole('combobox', { name: t.move }).click()
    await page.locator('.ant-select-item-option', { hasText: t.contacted }).click()
    await expect.poll(() => drawer.getByRole('listitem').count()).toBe(2)

    // A lead becomes a customer whose page shows the opportunity, and the time line how it began.
    await drawer.getByRole('button', { name: t.convert }).click()
    await drawer.getByRole('link', { name: t.lead }).click()
    await page.waitForURL(/\/customers\//)
    await sees(page.getByRole('region', { name: t.panel }), t.title)
    await page.getByRole('heading', { level: 1, name: t.lead }).waitFor()

    // Losing it asks why.
    await page
      .getByRole('region', { name: t.panel })
      .getByRole('button', { name: new RegExp(t.title) })
      .click()
    await drawer.getByRole('combobox', { name: t.move }).click()
    await page.locator('.ant-select-item-option', { hasText: t.lost }).click()
    const ask = page.getByRole('dialog', { name: t.why })
    await ask.getByRole('textbox', { name: t.why }).fill(t.reason)
    await ask.getByRole('button', { name: t.mark }).click()
    await sees(drawer, t.reason)
    expect(stage.faults).toEqual([])
  })

test('one of a customer who has a file is noted from the list: found by what they are known by, and nothing is asked of them again', async () => {
  const { page, context } = await stage.colleague('agent', null)
  const csrf = (await context.cookies()).find(cookie => cookie.name === 'huiyin_csrf')?.value ?? ''
  const made = await context.request.post(`${stage.url}/api/customers`, {
    headers: { 'x-csrf': csrf },
    data: { name: '濮阳园区', phone: '13900005519' },
  })
  const customer = await made.json()
  await page.goto(`${stage.url}/opportunities`)
  await page.getByRole('button', { name: /^登记商机/ }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel(/^商机名称/).fill('换大口径表')
  await form.getByLabel(/^联系人/).waitFor()
  await form.getByLabel('客户', { exact: true }).fill('5519')
  await page.locator('.ant-select-item-option').filter({ hasText: '濮阳园区' }).click()
  await form.getByLabel(/^联系人/).waitFor({ state: 'hidden' })
  await form.getByLabel('预计成交').fill('2099-12-31')
  await page.keyboard.press('Enter')
  await form.getByRole('button', { name: /^保存/ }).click()
  const drawer = page.getByRole('dialog').filter({ has: page.getByRole('region', { name: '经过' }) })
  await sees(drawer, '2099')
  await drawer.getByRole('link', { name: '濮阳园区' }).waitFor()
  const { rows } = await (await page.request.get(`${stage.url}/api/opportunities?customerId=${customer.id}`)).json()
  expect(rows).toMatchObject([{ title: '换大口径表', customerId: customer.id, expectedOn: '2099-12-31' }])
  expect(stage.faults).toEqual([])
})

test('filters stand in line in a narrow window, and no keys are printed where there is none', async () => {
  const { page } = await stage.colleague('supervisor', null)
  for (const path of ['/opportunities', '/needs', '/key-accounts']) {
    await page.setViewportSize(wide)
    await page.goto(stage.url + path)
    const bar = page.locator('.sieves')
    await bar.locator('kbd').first().waitFor()
    await page.setViewportSize(phone)
    await page.locator('kbd:visible').first().waitFor({ state: 'hidden' })
    // Every line of filters begins and ends at the same edges.
    const edges = () =>
      bar.evaluate(place => {
        const boxes = [...place.children].map(child => child.getBoundingClientRect()).filter(box => box.width > 0)
        const lines = Map.groupBy(boxes, box => Math.round(box.top + box.height / 2))
        const ends = [...lines.values()].map(line => Math.round(Math.max(...line.map(box => box.right))))
        return [new Set(ends).size, new Set([...lines.values()].map(line => Math.round(line[0]?.left ?? 0))).size]
      })
    await expect.poll(edges, { message: path }).toEqual([1, 1])
  }
  expect(stage.faults).toEqual([])
})

test('two who change one opportunity lose nothing of each other, though the page behind the form is told at once', async () => {
  const { page, context } = await stage.colleague('agent', '/opportunities')
  const api = context.request
  const csrf = (await context.cookies()).find(cookie => cookie.name === 'huiyin_csrf')?.value ?? ''
  const stands = `同改 ${crypto.randomUUID().slice(0, 6)}`
  const made = await api.post(`${stage.url}/api/opportunities`, {
    headers: { 'x-csrf': csrf },
    data: { title: stands, name: '骆工', value: 100, source: 'contact' },
  })
  expect(made.status()).toBe(200)
  const { id, version } = await made.json()
  await page.goto(`${stage.url}/opportunities?q=${encodeURIComponent(stands)}`)
  await page.getByRole('row', { name: new RegExp(stands) }).click()
  await page.getByRole('button', { name: '修改', exact: true }).click()
  const form = page.getByRole('dialog').filter({ has: page.getByLabel(/^商机名称/) })
  await form.getByLabel(/^商机名称/).fill(`${stands} 我的`)

  // Meanwhile somebody else writes the same, and a note besides.
  const theirs = await api.patch(`${stage.url}/api/opportunities/${id}`, {
    headers: { 'x-csrf': csrf },
    data: { title: `${stands} 对方的`, note: '对方写的备注', version },
  })
  expect(theirs.status()).toBe(200)
  await sees(page, `${stands} 对方的`)
  await form.getByRole('button', { name: /^保存/ }).click()

  // Both are shown; what only they wrote stands in the form, and what I typed is still there.
  const conflict = form.getByRole('alert').filter({ hasText: '别人刚改过同一份内容' })
  await sees(conflict, `${stands} 对方的`)
  await sees(conflict, `${stands} 我的`)
  await expect.poll(() => form.getByLabel('备注').inputValue()).toBe('对方写的备注')
  await conflict.getByRole('radio', { name: /我的/ }).check()
  await form.getByRole('button', { name: /^保存/ }).click()
  await form.waitFor({ state: 'hidden' })
  const now = await (await api.get(`${stage.url}/api/opportunities/${id}`)).json()
  expect(now).toMatchObject({ title: `${stands} 我的`, note: '对方写的备注', value: 100 })
  expect(unprovoked(stage.faults, [/409 PATCH \/api\/opportunities/])).toEqual([])
})

test('an opportunity heard in a talk is noted at the desk, and stands beside the talk and in its contact', async () => {
  const { page } = await stage.colleague('agent', null)
  const [talk] = (await (await page.request.get(`${stage.url}/api/conversations?box=done&size=1`)).json()).rows
  await page.goto(`${stage.url}/desk?c=${talk.id}`)
  const beside = page.getByRole('region', { name: '商机', exact: true })
  await beside.getByRole('button', { name: '登记商机' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel(/^商机名称/).fill('想装一台净水机')
  if (talk.customerId === null) await form.getByLabel(/^联系人/).fill('陌生人')
  else await sees(form, talk.customerName)
  await form.getByRole('button', { name: /^保存/ }).click()
  await form.waitFor({ state: 'hidden' })
  await sees(beside, '想装一台净水机')
  await page.goto(`${stage.url}/contacts?contact=${talk.interactionId}`)
  const there = page.getByRole('dialog').getByRole('region', { name: '商机', exact: true })
  await there.getByRole('button', { name: /想装一台净水机/ }).click()
  await page.getByRole('region', { name: '经过' }).waitFor()
  const kept = await (await page.request.get(`${stage.url}/api/opportunities?interactionId=${talk.interactionId}`)).json()
  expect(kept.rows).toMatchObject([{ title: '想装一台净水机', customerId: talk.customerId, interactionId: talk.interactionId }])

  // A filter that finds nothing says so, and is cleared there.
  await page.goto(`${stage.url}/opportunities?q=${encodeURIComponent('净水机以外的什么')}&source=referral`)
  await sees(page, '没有符合条件的')
  await page.getByRole('button', { name: '清除筛选' }).click()
  await page.getByRole('row').filter({ hasText: '想装一台净水机' }).waitFor()
  expect(stage.faults).toEqual([])
})
