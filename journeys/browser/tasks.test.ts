import { expect, test } from 'vitest'
import { speaksEnglish } from './moves.ts'
import { focused, newClock, onStage, phone, sees, unprovoked } from './stage.ts'

const stage = onStage()

test('an agent asks, the leader approves with the keyboard, the agent sees it; a task is finished item by item', async () => {
  const clock = newClock()
  const [{ page: agent }, { page: lead }] = await Promise.all([
    stage.colleague('agent', '/tasks?box=asked'),
    stage.colleague('lead', '/tasks?box=decide'),
  ])
  await agent.getByRole('heading', { name: '我发起的' }).waitFor()
  await lead.getByRole('heading', { name: '待我审批' }).waitFor()

  await agent.getByRole('button', { name: '申请审批' }).waitFor()
  await agent.keyboard.press('a')
  const form = agent.getByRole('dialog', { name: '申请审批' })
  await form.getByRole('combobox', { name: '类型' }).click()
  await agent.getByTitle('水费减免').click()
  // Whose turn it will be stands there; what was not touched yet is not called missing.
  await sees(form, /班长/)
  expect(await form.getByText('必填').count()).toBe(0)
  await form.getByLabel('申请什么').fill('滨江路 6 号漏水，减免 80 元')
  // Neither Esc nor a click beside throws away what was typed: it is asked first, and Esc answers no.
  const sure = agent.getByRole('dialog', { name: '不保存就关闭' })
  await agent.locator('.ant-select-dropdown').waitFor({ state: 'hidden' })
  for (const leaves of [() => agent.keyboard.press('Escape'), () => agent.mouse.click(40, 400)]) {
    await leaves()
    await focused(sure.getByRole('button', { name: '继续填写' }))
    await agent.keyboard.press('Escape')
    await sure.waitFor({ state: 'hidden' })
  }
  expect(await form.getByLabel('申请什么').inputValue()).toBe('滨江路 6 号漏水，减免 80 元')
  await form.getByLabel('金额').fill('80')
  await agent.keyboard.press('Control+Enter')
  await form.waitFor({ state: 'hidden' })
  await sees(agent.getByRole('list'), '滨江路 6 号')
  await agent.getByRole('article', { name: /滨江路 6 号/ }).waitFor()
  clock.mark('asked')

  // What is made for somebody else is shown where it went.
  await agent.goto(`${stage.url}/tasks`)
  await agent.getByRole('heading', { name: '待我办' }).waitFor()
  await agent.keyboard.press('c')
  const newTask = agent.getByRole('dialog', { name: '新建待办' })
  await newTask.getByLabel('要做什么').fill('请核对二期水价')
  await newTask.getByRole('combobox', { name: '负责人' }).fill('罗一宁')
  await agent.getByTitle(/罗一宁/).click()
  await agent.keyboard.press('Control+Enter')
  await agent.getByRole('heading', { name: '我发起的' }).waitFor()
  await agent.getByRole('article', { name: '请核对二期水价' }).waitFor()
  await agent.getByRole('button', { name: /滨江路 6 号/ }).click()

  // It comes to the leader by itself.
  await lead.getByRole('button', { name: /滨江路 6 号/ }).click()
  const request = lead.getByRole('article', { name: /滨江路 6 号/ })
  await sees(request, '¥80')
  await request
    .getByRole('button', { name: /同意 Y/ })
    .first()
    .waitFor()
  // A question first, which who asked reads where the request is.
  await request.getByRole('textbox', { name: '写一句，@ 提到同事' }).click()
  await lead.keyboard.type('before the meter? @supervisor')
  await lead.locator('.ant-mentions-dropdown').getByText('温言').waitFor()
  await lead.keyboard.press('Enter')
  await request.getByRole('button', { name: /发送/ }).click()
  await sees(agent.getByRole('article', { name: /滨江路 6 号/ }), 'before the meter? @温言')
  await sees(request.getByRole('list').last(), '@温言')
  await lead.keyboard.press('y')
  await lead.keyboard.type('可以，记到工单')
  await lead.keyboard.press('Control+Enter')
  await sees(lead, '已同意 滨江路 6 号')
  await sees(agent.getByRole('article', { name: /滨江路 6 号/ }), '可以，记到工单')
  await sees(agent.getByRole('article', { name: /滨江路 6 号/ }), '已同意')
  clock.mark('decided, and seen by who asked')

  // A task of the sample: what is required holds it.
  await agent.goto(`${stage.url}/tasks`)
  await agent.getByRole('button', { name: /整理夜间停水/ }).click()
  const task = agent.getByRole('article', { name: /整理夜间停水/ })
  await sees(task, '还有 1 项必办')
  await task.getByRole('textbox', { name: '结果' }).fill('口径已发到一组')
  await agent.keyboard.press('Control+Enter')
  await sees(agent, '清单还有 1 项必办')
  await task.getByRole('checkbox', { name: '请水质科看水黄的说法' }).check()
  await task.getByText('还有 1 项必办').waitFor({ state: 'hidden' })
  await task.getByRole('textbox', { name: '写一句，@ 提到同事' }).click()
  await agent.keyboard.type('water @lead')
  await agent.locator('.ant-mentions-dropdown').getByText('罗一宁').waitFor()
  await agent.keyboard.press('Enter')
  await task.getByRole('button', { name: /发送/ }).click()
  await sees(task.getByRole('list').last(), '@罗一宁')
  await task.getByRole('button', { name: /完成/ }).click()
  await sees(agent, '已完成 整理夜间停水')
  clock.mark('ticked, said and finished')

  // Whoever was mentioned watches it and reads its course.
  await lead.goto(`${stage.url}/tasks?box=done`)
  await lead
    .getByRole('button', { name: /整理夜间停水/ })
    .first()
    .click()
  await lead.getByRole('button', { name: '经过' }).click()
  await sees(lead.getByRole('region', { name: '经过' }), '清单办好一项')
  console.log(clock.told())
  expect(unprovoked(stage.faults, [/^agent: 409 POST .*\/result$/])).toEqual([])
}, 90_000)

test('the same in English and on a phone, without a Chinese word of ours', async () => {
  const { page: agent } = await stage.colleague('agent', '/tasks', { language: 'en' })
  // A product that runs already keeps what earlier runs left.
  const number = String(Date.now()).slice(-6)
  const title = `Check the pressure at Binjiang ${number}`
  await agent.getByRole('button', { name: 'New task' }).waitFor()
  await agent.keyboard.press('c')
  const form = agent.getByRole('dialog', { name: 'New task' })
  await form.getByLabel('What to do').fill(title)
  await form.getByLabel('Checklist').fill('!Call the caretaker\nWrite the reading down')
  await agent.keyboard.press('Control+Enter')
  await form.waitFor({ state: 'hidden' })
  await agent.goto(`${stage.url}/tasks?q=${number}`)
  const task = agent.getByRole('article', { name: title })
  await sees(task, '1 required left')
  await task.getByRole('checkbox', { name: 'Call the caretaker' }).check()
  await task.getByRole('textbox', { name: 'Result' }).fill('0.21 MPa, well')
  await agent.keyboard.press('Control+Enter')
  await sees(agent, `Finished ${title}`)
  await agent.keyboard.press('Control+z')
  await sees(agent, `Back again: ${title}`)
  await speaksEnglish(agent, 'a task')

  const { page: pocket } = await stage.colleague('agent', `/tasks?q=${number}`, { language: 'en', size: phone })
  await pocket.getByRole('button', { name: /Check the pressure/ }).click()
  await pocket.getByRole('button', { name: 'Back to the list' }).waitFor()
  await pocket.getByRole('checkbox', { name: 'Write the reading down' }).check()
  await pocket.getByRole('button', { name: 'Back to the list' }).click()
  await sees(pocket.getByRole('list').first(), '2/2')
  await speaksEnglish(pocket, 'my work on a phone')
  expect(unprovoked(stage.faults, [])).toEqual([])
}, 90_000)
