import { expect, test } from 'vitest'
import { onStage, type Page, phone, sees, unprovoked } from './stage.ts'

const stage = onStage()
const said = {
  zh: {
    ways: '发送渠道', practice: '演练，不真正发出', works: '正常', addTemplate: '新增模板', name: '名称', nameEn: '名称 (英文)', code: '代号', sms: '短信内容 (中文)', smsEn: '短信内容 (英文)', variables: '变量', preview: '预览', save: '保存',
    newNotice: '新建群发通知', template: '模板', whom: '发给', byFilter: '按条件', byList: '按户号', numbers: '按户号', check: '查看能发给多少人', chosen: '选中 3 位', reached: '现在能发 1 位', unknown: '没有这些户号：9999999999', send: '发送', sendTo: '发给 1 位', find: '找客户', leaveNotice: (name: string) => `不再只看 ${name}`, everybody: '所有客户', noFilter: '填一个条件，或选所有客户', goBack: '返回修改', done: '已完成', delivered: '已送达', refused: '不发',
    alone: '客户要求免打扰', declined: '客户已拒绝', each: '查看每条消息', to: '收件人', customer: '客户', wishes: '联系意愿', chip: '短信 未表态', declines: '拒绝', declinesChip: '短信 拒绝', proof: '凭据', record: '登记', nobody: '现在能发 0 位',
    when: '几点起', said: '柳溪路 9:00 起停水', ask: '柳溪路 {{when}} 起停水', value: '9:00', from: '联系我们',
  },
  en: {
    ways: 'Ways out', practice: 'Practice, nothing leaves', works: 'Works', addTemplate: 'Add a template', name: 'Name', nameEn: 'Name (English)', code: 'Code', sms: 'SMS text (Chinese)', smsEn: 'SMS text (English)', variables: 'Variables', preview: 'Preview', save: 'Save',
    newNotice: 'New notice', template: 'Template', whom: 'To whom', byFilter: 'By filter', byList: 'By numbers', numbers: 'By numbers', check: 'See who is reached', chosen: '3 chosen', reached: '1 reached now', unknown: 'Unknown numbers: 9999999999', send: 'Send', sendTo: 'Send to 1', find: 'Find a customer', leaveNotice: (name: string) => `No longer only ${name}`, everybody: 'Everybody', noFilter: 'Give one condition, or choose everybody', goBack: 'Go back', done: 'Done', delivered: 'Delivered', refused: 'Not sent',
    alone: 'Asked not to be disturbed', declined: 'Declined', each: 'See each message', to: 'To', customer: 'Customer', wishes: 'Contact wishes', chip: 'SMS Not said', declines: 'Declines', declinesChip: 'SMS Declines', proof: 'Proof', record: 'Record', nobody: '0 reached now',
    when: 'From when', said: 'No water from 9:00', ask: 'No water from {{when}}', value: '9:00', from: 'Contact us',
  },
} as const // biome-ignore format: a table of words

/** The label of a field that must be filled carries a star. */
const must = (label: string) => new RegExp(`^${label}[\\s*]*$`)

type Customer = { id: string; number: string; name: string }
/** Three customers with mobiles of their own: nobody has written to them yet. */
async function people(page: Page, language: string): Promise<Customer[]> {
  const csrf = (await page.context().cookies()).find(c => c.name === 'huiyin_csrf')?.value ?? ''
  const made: Customer[] = []
  for (const n of [1, 2, 3]) {
    const reply = await page.request.post(`${stage.url}/api/customers`, {
      data: { name: `${language === 'zh' ? '停水客户' : 'Outage customer'} ${n}`, phone: `1371111${language === 'zh' ? '1' : '2'}00${n}` },
      headers: { 'x-csrf': csrf },
    })
    expect(reply.status()).toBe(200)
    made.push(await reply.json())
  }
  return made
}
const act = async (page: Page, method: 'put', address: string, data: object) => {
  const csrf = (await page.context().cookies()).find(c => c.name === 'huiyin_csrf')?.value ?? ''
  expect((await page.request[method](`${stage.url}/api${address}`, { data, headers: { 'x-csrf': csrf } })).status()).toBe(200)
}

test.each(['zh', 'en'] as const)(
  'words of our own go to many, and whoever declined is left in peace (%s)',
  async language => {
    const w = said[language]
    const { page } = await stage.colleague('admin', '/settings/providers', { language })
    await sees(page, w.practice)
    await sees(page, w.works)
    // Whatever the hour, nothing waits for the end of the quiet hours.
    const policy = await (await page.request.get(`${stage.url}/api/outgoing-policy`)).json()
    await act(page, 'put', '/outgoing-policy', { ...policy, quietFrom: 0, quietTo: 0 })
    const [free, alone, declined] = await people(page, language)
    if (!free || !alone || !declined) throw new Error('three customers were to be made')
    await act(page, 'put', `/customers/${alone.id}/undisturbed`, { on: true })
    const no = { purpose: 'notice', channel: 'sms', given: false, source: 'phone', proof: '' }
    await act(page, 'put', `/customers/${declined.id}/consents`, no)

    await page.goto(`${stage.url}/settings/message-templates`)
    await page.getByRole('button', { name: w.addTemplate }).click()
    const form = page.getByRole('dialog')
    const name = language === 'zh' ? '停水提醒' : 'Outage alert'
    await form.getByLabel(must(w.name)).fill(name)
    await form.getByLabel(w.nameEn, { exact: true }).fill(name)
    await form.getByLabel(must(w.code)).fill(`outage_${language}`)
    await form.getByLabel(language === 'zh' ? w.sms : w.smsEn, { exact: true }).fill(w.ask)
    await form.getByLabel(w.variables, { exact: true }).fill(`when = 8:00 = 8:00 = ${w.when} = ${w.when}`)
    await form.getByRole('button', { name: w.preview }).click()
    await sees(form, w.ask.replace('{{when}}', '8:00'))
    await form.getByRole('button', { name: w.save }).click()
    await sees(page.getByRole('table'), name)

    // The guard's answer stands before anything is sent, with a reason for each who is left out.
    await page.goto(`${stage.url}/notices`)
    const begin = async (numbers: string) => {
      await page.getByRole('button', { name: w.newNotice }).click()
      const drawer = page.getByRole('dialog').filter({ has: page.getByText(w.whom, { exact: true }) })
      await drawer.getByLabel(must(w.name)).fill(name)
      // The list may be drawn anew between the pressing and the letting go: then one chooses again.
      const asked = drawer.getByLabel(w.when)
      await expect
        .poll(async () => {
          if (await asked.isVisible()) return true
          await drawer.getByRole('combobox', { name: w.template }).click()
          await page.locator('.ant-select-item-option', { hasText: name }).click({ timeout: 5_000 })
          return asked.isVisible()
        })
        .toBe(true)
      await asked.fill(w.value)
      await drawer.getByText(w.byList, { exact: true }).click()
      await drawer.getByRole('textbox', { name: w.numbers }).fill(numbers)
      await drawer.getByRole('button', { name: w.check }).click()
      return drawer
    }
    const everyone = `${[free, alone, declined].map(c => c.number).join('，')} 9999999999`
    const drawer = await begin(everyone)
    for (const words of [w.chosen, w.reached, w.alone, w.declined, w.unknown, w.said]) await sees(drawer, words)
    // No condition is not everybody; everybody is said, and asked with its number.
    await drawer.getByText(w.byFilter, { exact: true }).click()
    await drawer.getByRole('button', { name: w.send }).click()
    await sees(drawer, w.noFilter)
    await drawer.getByText(w.everybody, { exact: true }).click()
    await drawer.getByRole('button', { name: w.send }).click()
    await page.getByRole('button', { name: w.goBack }).click()
    await drawer.getByText(w.byList, { exact: true }).click()
    await drawer.getByRole('textbox', { name: w.numbers }).fill(everyone)
    await drawer.getByRole('button', { name: w.send }).click()
    await page.getByRole('button', { name: w.sendTo }).click()
    const course = page.getByRole('dialog').filter({ has: page.getByRole('button', { name: w.each }) })
    await sees(course, w.done, 90_000)
    await sees(course, w.said)
    for (const words of [w.delivered, w.refused, w.alone, w.declined]) await sees(course, words)
    await course.getByRole('button', { name: w.each }).click()
    await page.getByRole('row', { name: new RegExp(`${alone.name}.*${w.alone}`) }).waitFor()
    await page.getByRole('row', { name: new RegExp(`${declined.name}.*${w.declined}`) }).waitFor()
    // Which notice it is stands there, and can be left; one customer is found by name.
    await page.getByRole('button', { name: w.leaveNotice(name) }).click()
    await page.waitForURL(url => !url.search.includes('noticeId'))
    await page.getByRole('combobox', { name: w.find }).fill(free.number)
    await page.locator('.ant-select-item-option', { hasText: free.name }).click()
    await page.waitForURL(url => url.search.includes(free.id))
    await page.getByRole('row', { name: new RegExp(alone.name) }).waitFor({ state: 'detached' })
    await page.getByRole('row', { name: new RegExp(`${free.name}.*${w.delivered}`) }).click()
    const letter = page.getByRole('dialog').filter({ hasText: w.said })
    await letter.getByRole('button', { name: w.customer }).click()

    // The customer says no at the telephone; from then on the guard says so.
    await page.waitForURL(`**/customers/${free.id}`)
    const wishes = page.getByRole('region', { name: w.wishes })
    await wishes.getByRole('button', { name: w.chip }).first().click()
    const popover = page.getByRole('dialog')
    await popover.getByText(w.declines, { exact: true }).click()
    await popover.getByLabel(w.proof).fill('REC-0618')
    await popover.getByRole('button', { name: w.record }).click()
    await wishes.getByRole('button', { name: w.declinesChip }).waitFor()
    await page.setViewportSize(phone)
    await wishes.scrollIntoViewIfNeeded()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(phone.width)
    await page.goto(`${stage.url}/notices`)
    const again = await begin(free.number)
    await sees(again, w.nobody)
    await sees(again, w.declined)
    expect(unprovoked(stage.faults, [])).toEqual([])
  },
  180_000,
)
