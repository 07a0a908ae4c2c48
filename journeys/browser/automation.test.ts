import { expect, test } from 'vitest'
import { speaksEnglish } from './moves.ts'
import { onStage, phone, sees, unprovoked } from './stage.ts'

const stage = onStage()
const said = {
  zh: {
    add: '新规则', name: '名称', addCondition: '加条件', field: '哪一项', title: '标题', typed: '标题', addAction: '加动作', act: '做什么', comment: '写内部备注', text: '内容',
    dryRun: '拿过去试算', would: /次里有 \d+ 次会做/, fits: /次里有 \d+ 次合条件/, fillIn: '请填内容', publish: '发布', published: '已发布第 1 版', running: '运行中', traces: '执行记录', done: '已做', by: /规则「/, whyThis: '规则做了什么',
  },
  en: {
    add: 'New rule', name: 'Name', addCondition: 'Add a condition', field: 'Which field', title: 'Title', typed: 'Title', addAction: 'Add an action', act: 'What to do', comment: 'Write an internal note', text: 'Text',
    dryRun: 'Try on the past', would: /It would have acted \d+ of \d+ times/, fits: /It fits \d+ of \d+ times/, fillIn: 'Text: fill it in', publish: 'Publish', published: 'Version 1 is published', running: 'Running', traces: 'What rules did', done: 'Done', by: /Rule “/, whyThis: 'What rules did here',
  },
} as const // biome-ignore format: a table of words

test.each(['zh', 'en'] as const)(
  'a rule is made, tried, published, and acts (%s)',
  async language => {
    const w = said[language]
    const word = language === 'zh' ? '停水告警' : 'No water alarm'
    const admin = await stage.colleague('admin', '/settings/automation', { language })
    const { page } = admin
    await page.getByRole('button', { name: w.add }).click()
    await page.waitForURL(`${stage.url}/automation/new`)
    await page.getByLabel(w.name, { exact: true }).fill(word)
    await page.getByRole('button', { name: w.addCondition }).click()
    await page.getByLabel(w.field).click()
    await page.getByLabel(w.field).fill(w.title)
    await page.keyboard.press('Enter')
    await page.getByRole('combobox', { name: w.typed, exact: true }).fill(word)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: w.addAction }).click()
    await page.getByLabel(w.act).click()
    await page.getByLabel(w.act).fill(w.comment)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: w.dryRun }).click()
    await sees(page, w.fits)
    await page.getByRole('button', { name: w.publish, exact: true }).click()
    await page.locator('.ant-popover').getByRole('button', { name: w.publish, exact: true }).click()
    await sees(page, w.fillIn)
    await page.getByRole('textbox', { name: w.text, exact: true }).fill(word)
    await page.getByRole('button', { name: w.dryRun }).click()
    await sees(page, w.would)
    await page.getByRole('button', { name: w.publish, exact: true }).click()
    await page.locator('.ant-popover').getByRole('button', { name: w.publish, exact: true }).click()
    await sees(page, w.published)
    await sees(page, w.running)

    const kinds: { id: string; fields: { required: boolean }[] }[] = await (
      await admin.context.request.get(`${stage.url}/api/ticket-kinds`)
    ).json()
    const kindId = kinds.find(kind => kind.fields.every(f => !f.required))?.id ?? kinds[0]?.id
    const csrf = (await admin.context.cookies()).find(c => c.name === 'huiyin_csrf')?.value ?? ''
    const opened = await admin.context.request.post(`${stage.url}/api/tickets`, {
      data: { kindId, title: word },
      headers: { 'x-csrf': csrf },
    })
    expect(opened.status()).toBe(200)
    const { id }: { id: string } = await opened.json()
    await expect
      .poll(
        async () =>
          (await (await admin.context.request.get(`${stage.url}/api/automation/runs?subjectId=${id}&outcome=done`)).json()).rows.length,
        { timeout: 20_000 },
      )
      .toBeGreaterThan(0)
    await page.goto(`${stage.url}/tickets/${id}`)
    await sees(page, w.whyThis)
    await sees(page, w.by)
    await page.goto(`${stage.url}/automation/runs`)
    await sees(page, word)
    await sees(page, w.done)
    await page.setViewportSize(phone)
    await page.goto(`${stage.url}/settings/automation`)
    await sees(page, word)
    expect(unprovoked(stage.faults, [/400 POST .*\/publication/])).toEqual([])
  },
  180_000,
)

const warned = {
  zh: {
    add: '新规则', name: '名称', trigger: '什么事发生', when: '工单将超时', addAction: '加动作', act: '做什么', comment: '写内部备注', text: '内容',
    publish: '发布', running: '运行中', soon: '将超时', by: /规则「/, bell: /将超时，.*到期/,
  },
  en: {
    add: 'New rule', name: 'Name', trigger: 'What happens', when: 'A ticket is due soon', addAction: 'Add an action', act: 'What to do', comment: 'Write an internal note', text: 'Text',
    publish: 'Publish', running: 'Running', soon: 'Due soon', by: /Rule “/, bell: /is due soon: /,
  },
} as const // biome-ignore format: a table of words

/** A code is given once, also when a journey is played twice. */
let kinds = 0
test.each(['zh', 'en'] as const)(
  'a ticket warns before its time is up: a rule acts, it stands in its box, and the bell tells it on the phone (%s)',
  async language => {
    const w = warned[language]
    const admin = await stage.colleague('admin', '/settings/automation', { language })
    const { page } = admin
    await page.getByRole('button', { name: w.add }).click()
    await page.getByLabel(w.name, { exact: true }).fill(`${w.when} 1`)
    await page.getByLabel(w.trigger).click()
    await page.getByLabel(w.trigger).fill(w.when)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: w.addAction }).click()
    await page.getByLabel(w.act).click()
    await page.getByLabel(w.act).fill(w.comment)
    await page.keyboard.press('Enter')
    await page.getByRole('textbox', { name: w.text, exact: true }).fill(w.soon)
    await page.getByRole('button', { name: w.publish, exact: true }).click()
    await page.locator('.ant-popover').getByRole('button', { name: w.publish, exact: true }).click()
    await sees(page, w.running)

    const csrf = (await admin.context.cookies()).find(c => c.name === 'huiyin_csrf')?.value ?? ''
    const asks = async <T>(method: 'GET' | 'POST', path: string, data?: object): Promise<T> => {
      const reply = await admin.context.request.fetch(`${stage.url}/api${path}`, {
        method,
        headers: { 'x-csrf': csrf },
        ...(data ? { data } : {}),
      })
      expect(reply.ok(), `${method} ${path}: ${reply.status()}`).toBe(true)
      return reply.json()
    }
    const hours = [{ from: 0, to: 1440 }]
    const week = Object.fromEntries([0, 1, 2, 3, 4, 5, 6].map(day => [day, hours]))
    const calendar = await asks<{ id: string }>('POST', '/calendars', { name: `${w.soon} 24h`, timezone: 'Asia/Shanghai', week, days: {} })
    const kind = await asks<{ id: string }>('POST', '/ticket-kinds', {
      name: `${w.soon} ${language}`, code: `YJ${String.fromCharCode(65 + kinds++)}`, calendarId: calendar.id, targetMinutes: 20, warnPercent: 1,
    }) // biome-ignore format: one line reads better
    const title = language === 'zh' ? '水压低，家有老人' : 'Low pressure, an old couple'
    const { id, number } = await asks<{ id: string; number: string }>('POST', '/tickets', { kindId: kind.id, title })
    await expect
      .poll(
        async () =>
          (await asks<{ rows: { ruleName: string }[] }>('GET', `/automation/runs?subjectId=${id}&outcome=done`)).rows.map(
            run => run.ruleName,
          ),
        {
          timeout: 60_000,
        },
      )
      .toContain(`${w.when} 1`)

    await page.goto(`${stage.url}/tickets?box=soon`)
    const row = page.getByRole('row').filter({ hasText: number })
    await row.waitFor()
    expect(await row.locator('.sla.wa').count()).toBe(1)
    await row.click()
    await page.waitForURL(url => url.pathname === `/tickets/${id}`)
    await sees(page.locator('.top-of-ticket'), w.soon)
    await sees(page, w.by)

    // In the pocket it is in the bell, and a tap leads to it. What was told of it is read at the desk: told again by marking it unread.
    const { rows } = await asks<{ rows: { id: string; kind: string; link: string }[] }>('GET', '/notifications?kind=ticket.warned')
    const told = rows.filter(n => n.link === `/tickets/${id}`)
    expect(told).toHaveLength(1)
    await page.goto(`${stage.url}/settings/account`)
    const pocket = await stage.colleague('admin', '/settings/account', { language, size: phone })
    const marks = (id: string | undefined, read: boolean) =>
      admin.context.request.put(`${stage.url}/api/notifications/${id}/read`, { data: { read }, headers: { 'x-csrf': csrf } })
    // What else is told is read: it may name customers.
    for (const other of (await asks<{ rows: { id: string }[] }>('GET', '/notifications?box=unread')).rows) await marks(other.id, true)
    await marks(told[0]?.id, false)
    await pocket.page.locator('.bell').tap()
    const panel = pocket.page.getByRole('dialog')
    await sees(panel, w.bell)
    const fits = async () => {
      const box = await panel.boundingBox()
      return box !== null && box.x >= 0 && box.x + box.width <= phone.width
    }
    await expect.poll(fits).toBe(true)
    if (language === 'en') await speaksEnglish(pocket.page, 'the bell on a phone', ['水压低', '家有老人'])
    await panel.getByRole('button', { name: number }).tap()
    await pocket.page.waitForURL(url => url.pathname === `/tickets/${id}`)
    await sees(pocket.page, w.soon)
    await expect
      .poll(
        async () =>
          (await asks<{ rows: { id: string; readAt: string | null }[] }>('GET', '/notifications?kind=ticket.warned')).rows.find(
            n => n.id === told[0]?.id,
          )?.readAt,
      )
      .not.toBeNull()
    expect(await pocket.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(phone.width)
    expect(unprovoked(stage.faults, [])).toEqual([])
  },
  180_000,
)
