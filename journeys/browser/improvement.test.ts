import { expect, test } from 'vitest'
import { findings, goals, standards, strategy } from '../../server/domains/sample/words/improvement.ts'
import { speaksEnglish } from './moves.ts'
import { focused, holdsFocus, newClock, onStage, type Page, phone, sees, unprovoked } from './stage.ts'

const stage = onStage()
const card = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

test('a missed standard becomes a finding, is planned, acted on and watched; what proves not effective begins again', async () => {
  const clock = newClock()
  const { page } = await stage.colleague('supervisor', '/improvements/standards')
  await page.getByRole('link', { name: '按时接起 83 %' }).click()
  await page.getByRole('heading', { name: '按时接起 83 %' }).waitFor()
  await sees(card(page, '各期达成'), '未达成')
  await sees(card(page, '标准原文'), '接起 ÷')
  clock.mark('the standard and its definition')

  // One move from the standard to the finding.
  await page.getByRole('button', { name: '提出改进' }).click()
  const form = page.getByRole('dialog', { name: '提出改进' })
  await sees(form, '按时接起 83 %')
  await form.getByLabel('要改进什么').fill('周一早上接得慢')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('heading', { name: '周一早上接得慢' }).waitFor()
  await page.getByRole('button', { name: '写计划' }).click()
  const plan = page.getByRole('dialog', { name: '写计划' })
  await plan.getByRole('textbox', { name: '原因' }).fill('周一上午排班少')
  await plan.getByRole('textbox', { name: '措施' }).fill('周一上午加两人')
  await plan.getByRole('combobox', { name: '指标' }).click()
  await page.getByTitle('服务水平', { exact: true }).click()
  await sees(plan.getByRole('status'), '样本')
  await plan.getByRole('spinbutton', { name: '预期达到' }).fill('70')
  await page.keyboard.press('Control+Enter')
  await sees(plan, '预期值不比现在好')
  await plan.getByRole('spinbutton', { name: '预期达到' }).fill('97')
  await page.keyboard.press('Control+Enter')
  await plan.waitFor({ state: 'hidden' })
  await sees(card(page, '计划'), '两比例 z 检验')
  clock.mark('declared before acting')

  await page.getByRole('button', { name: '开始实施' }).click()
  await expect(page.getByRole('button', { name: '开始检查' }).isDisabled()).resolves.toBe(true)
  await page.getByRole('button', { name: '加一项措施' }).click()
  const action = page.getByRole('dialog', { name: '加一项措施' })
  await action.getByLabel('做什么').fill('排出周一上午的班')
  await action.getByRole('combobox', { name: '负责人' }).fill('许知夏')
  await page.getByTitle('许知夏').click()
  await page.keyboard.press('Control+Enter')
  await action.waitFor({ state: 'hidden' })
  await sees(card(page, '措施'), '措施 0 / 1')

  // The action is a task of its owner; its state comes back by itself.
  const { page: agent } = await stage.colleague('agent', '/tasks')
  await agent.getByRole('button', { name: /排出周一上午的班/ }).click()
  const task = agent.getByRole('article', { name: /排出周一上午的班/ })
  await task.getByLabel('结果').fill('下周起两人')
  await agent.keyboard.press('Control+Enter')
  await sees(card(page, '措施'), '措施 1 / 1')
  clock.mark('acted, and the finding knows')
  await page.getByRole('button', { name: '开始检查' }).click()
  await sees(card(page, '检查'), '第二天起才能检验效果')
  await sees(card(page, '经过'), '开始观察')

  // On the board: one whose window is over shows its numbers, and is decided.
  await page.getByRole('link', { name: '持续改进' }).first().click()
  await sees(card(page, '检查'), '周一早上接得慢')
  const judged = card(page, '检查').getByRole('article').filter({ hasText: '排队多的时候没有人补位' })
  await sees(judged, '无效')
  // Walked and moved with the keys alone.
  await card(page, '检查').getByRole('link').first().focus()
  for (const until = Date.now() + 15_000; !(await holdsFocus(judged.getByRole('link'))) && Date.now() < until; )
    await page.keyboard.press('ArrowDown')
  await page.keyboard.press('m')
  await focused(page.getByRole('menuitem').first())
  await page.getByRole('menuitem', { name: '判为无效，重新改进' }).focus()
  await page.keyboard.press('Enter')
  const check = card(page, '检查')
  await sees(check, '检验结果：无效')
  await sees(check, /^p \d/)
  await sees(check, '95% 置信区间')
  // Against the test it is called effective by nobody without a reason.
  await expect(check.getByRole('button', { name: '判为有效，去固化' }).isDisabled()).resolves.toBe(true)
  await check.getByRole('button', { name: '判为无效，重新改进' }).click()
  await sees(page, '待计划')
  await sees(card(page, '以前各轮'), '无效')
  clock.mark('not effective, a new round')

  await page.getByRole('link', { name: '持续改进' }).first().click()
  await sees(card(page, '计划').getByRole('article').filter({ hasText: '排队多的时候没有人补位' }), '第 2 轮')
  await page.getByText('已结束', { exact: true }).click()
  await page.getByRole('link', { name: '高峰时段排班跟不上进线' }).click()
  await sees(card(page, '检查'), '检验结果：有效')
  await sees(card(page, '成为规矩的做法'), '排班规程')
  await card(page, '成为规矩的做法').getByRole('link', { name: standards.level.name[0] }).waitFor()
  console.log(clock.told())
  expect(unprovoked(stage.faults, [/400 PUT .*plan$/])).toEqual([])
}, 90_000)

test('a ticket and a phone lead to the same page', async () => {
  const { page } = await stage.colleague('supervisor', '/tickets?box=open')
  await page.getByRole('row').nth(1).getByRole('link').first().click()
  await page.getByRole('button', { name: '提出改进' }).click()
  const form = page.getByRole('dialog', { name: '提出改进' })
  await sees(form, '工单')
  await form.getByLabel('要改进什么').fill('上门前先打电话')
  await page.keyboard.press('Control+Enter')
  await sees(card(page, '要改进什么'), '来源')
  const { page: small } = await stage.colleague('lead', '/improvements', { size: phone })
  // One column at a time, and only what is late of it.
  await small.getByText(/^计划 \d/).waitFor()
  await small.getByText(/^检查 \d/).click()
  await sees(card(small, '检查'), '指标前后对比')
  await small.getByRole('button', { name: '已超期' }).click()
  await small.waitForURL(/late=true/)
  await small.getByRole('link', { name: '标准与达成' }).click()
  await sees(small, '满意率 86 %')
  const wide = await small.evaluate(() => document.documentElement.scrollWidth)
  expect(wide).toBeLessThanOrEqual(phone.width)
  expect(unprovoked(stage.faults, [])).toEqual([])
}, 60_000)

test('the pages in English, without a Chinese word of ours', async () => {
  const { page } = await stage.colleague('supervisor', '/improvements', { language: 'en' })
  await page.getByRole('heading', { name: 'Plan', exact: true }).waitFor()
  // What the sample's people wrote is theirs in either language.
  const written = runs(
    JSON.stringify([findings, goals, standards, strategy]),
    '程以宁',
    '周一早上接得慢',
    '排出周一上午的班',
    '上门前先打电话',
    '账务',
    '报修',
    '抢修一队',
    '改进报告',
  )
  await speaksEnglish(page, 'the board', written)
  await page.getByText('Closed', { exact: true }).click()
  await page.getByRole('link', { name: '高峰时段排班跟不上进线' }).click()
  await sees(page, 'The test says: effective')
  await speaksEnglish(page, 'a finding', written)
  await page.goto(`${stage.url}/improvements/standards`)
  await page.getByRole('link', { name: '92% of tickets on time' }).click()
  await sees(page, 'Versions of the target')
  await speaksEnglish(page, 'a standard', written)
  await page.goto(`${stage.url}/improvements/strategy`)
  await sees(page, 'Three-year service strategy')
  await speaksEnglish(page, 'the strategy', written)
  expect(unprovoked(stage.faults, [])).toEqual([])
}, 60_000)

const runs = (text: string, ...more: string[]) => [...new Set([...(text.match(/\p{Script=Han}+/gu) ?? []), ...more])]
