import { expect, test } from 'vitest'
import { onStage, type Page, phone, sees, unprovoked, wide } from './stage.ts'

const stage = onStage()

const csrf = async (page: Page) => ({ 'x-csrf': (await page.context().cookies()).find(c => c.name === 'huiyin_csrf')?.value ?? '' })

/** Two files that only this journey knows. */
async function twins(page: Page, mark: string) {
  const add = async (data: Record<string, unknown>) => {
    const reply = await page.context().request.post(`${stage.url}/api/customers`, { data, headers: await csrf(page) })
    expect(reply.status()).toBe(200)
    return (await reply.json()) as { id: string; number: string }
  }
  const address = `海棠里${mark}幢2单元901`
  const a = await add({ name: '漆雨桐', phone: `1390000${mark}`, address, tags: ['自动代扣'] })
  const b = await add({
    name: '漆雨彤',
    phone: `1390000${mark}`,
    email: `qi${mark}@water.cn`,
    address,
    tags: ['婴幼儿家庭'],
    note: '孩子三个月',
  })
  return { a, b }
}
const picture = (page: Page, name: string) =>
  process.env.JOURNEY_PICTURES ? page.screenshot({ path: `${process.env.JOURNEY_PICTURES}/${name}.png` }) : null

test('two files are found, dismissed and taken back, merged, read as one, and taken apart again', async () => {
  const { page } = await stage.colleague('supervisor', '/customers')
  const { a, b } = await twins(page, '7716')
  await page.goto(`${stage.url}/customers/${a.id}`)
  const panel = page.getByRole('region', { name: '重复识别' })
  await sees(panel, '漆雨彤')
  await sees(panel, /电话相同，姓名同音，地址一致，相似 99%/)
  // Said under the name, too, where it is read first.
  await sees(page, '可能与“漆雨彤”的档案重复')
  await picture(page, 'duplicates-panel')
  await page.getByRole('link', { name: '并排看' }).click()
  await page.getByRole('region', { name: '合并后' }).waitFor()

  // Dismissed there: back to where one came from; taken back by the bar.
  await page.getByRole('button', { name: /^不是同一人/ }).click()
  await page.waitForURL(`**/customers/${a.id}`)
  await panel.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: '撤销' }).click()
  await panel.waitFor()

  // On the list: dismissed by a key, and taken back.
  await page.getByRole('link', { name: '客户', exact: true }).first().click()
  await page.getByRole('link', { name: '重复识别' }).click()
  await page.getByRole('heading', { name: '重复识别' }).waitFor()
  const pair = page.getByRole('row').filter({ hasText: '海棠里7716' })
  await pair.waitFor()
  await picture(page, 'duplicates-list')
  await pair.getByRole('button', { name: '不是同一人' }).click()
  await pair.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: '撤销' }).click()
  await pair.waitFor()

  // Side by side: the address is the same, the name is to be chosen.
  await page.goto(`${stage.url}/customers/compare?keptId=${a.id}&goneId=${b.id}`)
  const result = page.getByRole('region', { name: '合并后' })
  await sees(result, '漆雨桐')
  await page.getByRole('group', { name: '姓名' }).getByText('漆雨彤').click()
  await sees(result, '漆雨彤')
  for (const kept of ['自动代扣', '婴幼儿家庭', '孩子三个月']) await sees(result, kept)
  await picture(page, 'duplicates-compare')
  expect(await page.getByRole('link', { name: '返回重复识别' }).getAttribute('href')).toMatch(/\/customers\/duplicates$/)

  // Somebody changes one of them meanwhile: nothing is merged, what is new is shown.
  await page.context().request.patch(`${stage.url}/api/customers/${b.id}`, {
    data: { version: 1, note: '孩子四个月' },
    headers: await csrf(page),
  })
  await page.keyboard.press('Control+Enter')
  await sees(page.getByRole('alert'), '有一方刚被修改')
  await sees(result, '孩子四个月')
  await page.getByRole('button', { name: /^(loading )?合并/ }).click()
  await page.waitForURL(`**/customers/${a.id}`)
  await page.getByRole('heading', { level: 1, name: '漆雨彤' }).waitFor()
  await sees(page.getByRole('status'), '已并入')
  await page.goto(`${stage.url}/customers/${b.id}`)
  await page.waitForURL(`**/customers/${a.id}`)
  await sees(page, '婴幼儿家庭')
  await sees(page.getByRole('region', { name: '已合并的档案' }), b.number)
  await picture(page, 'duplicates-merged')

  await page.getByRole('button', { name: '拆开' }).click()
  await page.getByRole('tooltip').getByRole('button', { name: '拆开' }).click()
  await page.getByRole('heading', { level: 1, name: '漆雨桐' }).waitFor()
  await page.goto(`${stage.url}/customers/${b.id}`)
  await page.getByRole('heading', { level: 1, name: '漆雨彤' }).waitFor()
  await sees(page, '孩子四个月')
  expect(unprovoked(stage.faults, [/409 POST \/api\/customer-merges/])).toEqual([])
}, 180_000)

test('in English and on a telephone: merged, and taken back within eight seconds', async () => {
  const { page } = await stage.colleague('supervisor', '/customers/duplicates', { language: 'en', size: phone })
  const { a, b } = await twins(page, '7717')
  await sees(page, 'To decide')
  await page.goto(`${stage.url}/customers/compare?keptId=${a.id}&goneId=${b.id}`)
  const result = page.getByRole('region', { name: 'Afterwards' })
  await sees(result, '漆雨桐')
  await picture(page, 'duplicates-compare-phone')
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
  await page.getByRole('button', { name: /^Swap/ }).click()
  await page.waitForURL(`**keptId=${b.id}**`)
  await page.getByRole('button', { name: /^(loading )?Merge/ }).click()
  await page.waitForURL(`**/customers/${b.id}`)
  await sees(page.getByRole('status'), 'Merged into')
  await page.getByRole('button', { name: /^Undo/ }).click()
  await sees(page.getByRole('region', { name: 'Duplicates' }), '漆雨桐')
  await picture(page, 'duplicates-undone-phone')
  // Below one another here: a way to the time line stands on top.
  await page.getByRole('navigation', { name: 'On this page' }).getByRole('button', { name: 'Time line' }).click()
  const onTop = () => page.getByRole('region', { name: 'Time line' }).evaluate(card => Math.abs(card.getBoundingClientRect().top) < 200)
  await expect.poll(onTop, { timeout: 20_000 }).toBe(true)
  await page.goto(`${stage.url}/customers/duplicates`)
  await sees(page, 'names sound alike')
  await picture(page, 'duplicates-list-phone')
  expect(stage.faults).toEqual([])
}, 180_000)

/** Two files in which nothing is alike but what a person knows, and a choice of the organisation's own in both. */
async function strangers(page: Page, admin: Page, mark: string) {
  const send = async <T>(by: Page, method: 'post' | 'put', url: string, data: Record<string, unknown>): Promise<T> => {
    const reply = await by.context().request[method](`${stage.url}/api${url}`, { data, headers: await csrf(by) })
    expect(reply.status(), url).toBe(200)
    return (await reply.json()) as T
  }
  const key = `supply${mark}`
  const option = (value: string, label: string, labelEn: string) => ({ value, label, labelEn })
  const options = [option('direct', '市政直供', 'From the main'), option('pumped', '二次供水', 'Pumped')]
  await send(admin, 'post', '/customer-fields', {
    key,
    field: { label: `供水方式${mark}`, labelEn: `Supply ${mark}`, type: 'choice', options },
  })
  const add = async (name: string, value: string) => {
    const file = await send<{ id: string; number: string; version: number }>(page, 'post', '/customers', {
      name,
      phone: `137${value === 'direct' ? '1200' : '8600'}${mark}`,
      address: `${name}住的${mark}号`,
    })
    await send(page, 'put', `/customers/${file.id}/own`, { values: { [key]: value }, version: file.version })
    return file
  }
  return { a: await add(`曲向晚${mark}`, 'direct'), b: await add(`Wendy Q${mark}`, 'pumped') }
}

test.each([
  {
    language: 'zh', size: wide, mark: '7718', more: '这份档案', mergeWith: '与另一份档案合并', other: '另一份档案', compare: '比对', label: '供水方式7718',
    picked: '二次供水', left: '市政直供', result: '合并后', swap: /^交换/, merge: /^(loading )?合并/, one: '已合并的档案',
  },
  {
    language: 'en', size: phone, mark: '7719', more: 'This file', mergeWith: 'Merge with another file', other: 'The other file', compare: 'Compare', label: 'Supply 7719',
    picked: 'Pumped', left: 'From the main', result: 'Afterwards', swap: /^Swap/, merge: /^(loading )?Merge/, one: 'Merged files',
  },
] as const)('two files that nothing pairs are merged by whoever knows, by clicks alone: $language', async t => {
  const { page: admin } = await stage.colleague('admin', '/customers')
  const { page } = await stage.colleague('supervisor', '/customers', { language: t.language, size: t.size })
  const { a, b } = await strangers(page, admin, t.mark)
  await page.goto(`${stage.url}/customers/${a.id}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.getByRole('button', { name: t.more, exact: true }).click()
  await page.getByText(t.mergeWith).click()
  const drawer = page.getByRole('dialog', { name: t.mergeWith })
  await drawer.getByRole('combobox', { name: t.other }).fill(b.number)
  await page.locator('.ant-select-item-option').filter({ hasText: `Wendy Q${t.mark}` }).click()
  await picture(page, `merge-with-${t.language}`)
  await drawer.getByRole('button', { name: new RegExp(`^${t.compare}`) }).click()

  // An own field is told in its words; what was chosen stays when the files change places.
  const result = page.getByRole('region', { name: t.result })
  await sees(result, t.left)
  expect(await page.getByText(/相似 \d|% alike/).count()).toBe(0)
  await page.getByRole('group', { name: t.label }).getByText(t.picked).click()
  await sees(result, t.picked)
  await page.getByRole('button', { name: t.swap }).click()
  await page.waitForURL(`**keptId=${b.id}**`)
  await sees(result, `Wendy Q${t.mark}`)
  await sees(result, t.picked)
  await page.getByRole('button', { name: t.swap }).click()
  await page.waitForURL(`**keptId=${a.id}**`)
  await sees(result, t.picked)
  expect(await result.getByText(t.left).count()).toBe(0)
  await picture(page, `merge-compare-${t.language}`)
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)

  // It is merged, and the answer is lost: asked again, whoever asks is brought to the one file that they are.
  const merges = '**/api/customer-merges'
  await page.route(merges, async route => { await route.fetch(); await route.abort() }, { times: 1 })
  await page.getByRole('button', { name: t.merge }).click()
  await page.getByRole('alert').waitFor()
  expect(await page.getByText(/刚被修改|changed meanwhile/).count()).toBe(0)
  await page.getByRole('button', { name: t.merge }).click()
  await page.waitForURL(`**/customers/${a.id}`)
  await sees(page.getByRole('region', { name: t.one }), b.number)
  await sees(page, t.picked)
  expect(unprovoked(stage.faults, [/409 POST \/api\/customer-merges/, /POST .*\/api\/customer-merges/])).toEqual([])
}, 180_000) // biome-ignore format: words of both languages side by side

test.each([
  {
    language: 'zh', size: wide, mark: '7720', create: /新建客户/, name: '姓名', phone: '电话', address: '地址', district: '片区', here: '可能已有', why: /电话相同/, open: '打开', bad: '核对位数',
    save: /^保存/, number: '户号', taken: '已被使用',
  },
  {
    language: 'en', size: phone, mark: '7721', create: /New customer/, name: 'Name', phone: 'Phone', address: 'Address', district: 'District', here: 'Perhaps here already', why: /same phone/, open: 'Open',
    bad: 'check its digits', save: /^Save/, number: 'Number', taken: 'is taken',
  },
] as const)('whoever adds a customer is told who stands here already, and what is wrong at its field: $language', async t => {
  const { page } = await stage.colleague('supervisor', '/customers', { language: t.language, size: t.size })
  const { a } = await twins(page, t.mark)
  await page.getByRole('button', { name: t.create }).first().click()
  const form = page.getByRole('dialog')
  const field = (label: string) => form.getByLabel(label)
  const item = (label: string) => form.locator('.ant-form-item').filter({ has: page.getByLabel(label) })
  const here = form.getByRole('region', { name: t.here })
  await field(t.name).fill('漆某')
  await field(t.phone).fill(`1390000${t.mark}`)
  await sees(here, '漆雨桐')
  await sees(here, t.why)
  await picture(page, `new-customer-${t.language}`)
  // It opens beside the form, which stays as it is.
  const [beside] = await Promise.all([page.context().waitForEvent('page'), here.getByRole('link', { name: t.open }).first().click()])
  await beside.waitForURL(/\/customers\/[0-9a-f-]{36}$/)
  await beside.close()
  expect(await field(t.name).inputValue()).toBe('漆某')

  // Another number, the same name and home: told below the address.
  await field(t.phone).fill('1380000')
  await here.waitFor({ state: 'detached' })
  await field(t.name).fill('漆雨桐')
  await field(t.address).fill(`海棠里${t.mark}幢2单元901`)
  await sees(here, '漆雨桐')
  await field(t.district).fill('城')
  await page.locator('.ant-select-item-option').first().waitFor()

  // A number that is none is told at its field, and so is one that the server alone knows to be wrong, or taken; then it is saved all the same.
  await sees(item(t.phone), t.bad)
  await field(t.phone).fill('25812345678')
  await field(t.number).fill(a.number)
  await page.keyboard.press('Control+Enter')
  await sees(item(t.phone), t.bad)
  await expect.poll(() => field(t.phone).evaluate(box => box === document.activeElement)).toBe(true)
  expect(await form.getByRole('alert').filter({ hasText: t.bad }).count()).toBeLessThanOrEqual(1)
  await field(t.phone).fill('')
  await page.keyboard.press('Control+Enter')
  await sees(item(t.number), t.taken)
  await picture(page, `new-customer-refused-${t.language}`)
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
  await field(t.number).fill('')
  await item(t.number).getByText(t.taken).waitFor({ state: 'detached' })
  await form.getByRole('button', { name: t.save }).click()
  await page.getByRole('heading', { level: 1, name: '漆雨桐' }).waitFor()
  expect(unprovoked(stage.faults, [/400 POST \/api\/customers$/, /409 POST \/api\/customers$/])).toEqual([])
}, 180_000) // biome-ignore format: words of both languages side by side

test('at the desk a stranger who stands in the archive is told before they are added', async () => {
  const { page } = await stage.colleague('agent', '/desk?box=queue')
  const { a } = await twins(page, '7722')
  const { page: street } = await stage.somebody('stranger', { size: phone })
  await street.goto(`${stage.url}/widget/?key=qingyuan-site`)
  await street.getByLabel('您要咨询什么').fill('水表玻璃碎了')
  await street.getByRole('button', { name: '开始对话' }).click()
  await sees(street, /排在第/)
  await page.locator('.inbox [data-id]').filter({ hasText: '水表玻璃碎了' }).click()
  const aside = page.getByRole('complementary')
  await aside.getByRole('button', { name: '新建客户' }).click()
  await aside.getByRole('textbox', { name: '姓名' }).fill('漆雨桐')
  await aside.getByRole('textbox', { name: '电话' }).fill('1380000')
  await aside.getByRole('button', { name: '新建并关联' }).click()
  await sees(aside.getByRole('alert'), '核对位数')
  await aside.getByRole('textbox', { name: '电话' }).fill('139 0000 7722')
  const here = aside.getByRole('region', { name: '可能已有' })
  await sees(here, '电话相同，姓名相同')
  await picture(page, 'new-customer-desk')
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
  expect((await here.innerText()).indexOf('漆雨桐')).toBeLessThan((await here.innerText()).indexOf('漆雨彤'))
  await sees(here, a.number)
  await here.getByRole('button', { name: '是这位' }).first().waitFor()
  expect(unprovoked(stage.faults, [/400 POST \/api\/customers$/])).toEqual([])
}, 120_000)
