import { bigrams } from '#kernel/search.ts'
import type { Ctx } from '#kernel/work.ts'
import type { Pair } from './centre.ts'
import { throwing } from './dice.ts'
import { place } from './fill.ts'
import type { Ids, Say } from './furnishing.ts'

type Plot = { title: Pair; text: Pair; state: string; voices: number; words: Pair; answer?: Pair; department: string; days: number }
const plots: readonly Plot[] = [
  { title: ['网上预约上门', 'Book a visit online'], text: ['不用打电话，自己选时间段。', 'Choose a time oneself, without calling.'], state: 'planned', voices: 23, words: ['能不能自己选时间？总是占线。', 'Could I choose the time myself? The line is always busy.'], department: 'hall', days: 120 },
  { title: ['停水恢复后发短信', 'A message when the water is back'], text: ['现在只通知停，不通知来。', 'So far only the outage is announced.'], state: 'taken', voices: 17, words: ['水来了也告诉一声。', 'Tell us when it is back, too.'], department: 'centre', days: 80 },
  { title: ['水表读数自己上传', 'Send in the reading oneself'], text: ['拍照上传，不用等抄表员。', 'By photo, without waiting for the reader.'], state: 'heard', voices: 9, words: ['我白天不在家，能拍照吗？', 'I am never home by day. Is a photo enough?'], department: 'meter', days: 40 },
  { title: ['账单里写明阶梯', 'Show the price steps on the bill'], text: ['', ''], state: 'done', voices: 12, words: ['看不懂这个月为什么贵。', 'I do not see why this month is dearer.'], answer: ['从下月起账单按阶梯列出用量和单价。', 'From next month the bill lists usage and price by step.'], department: 'billing', days: 200 },
] // biome-ignore format: a table
const day = 86_400_000

/** What customers would have: said by some of those who were in contact lately. */
export async function furnishNeeds(ctx: Ctx, ids: Ids, say: Say): Promise<void> {
  const dice = throwing(`needs ${ctx.now.toISOString().slice(0, 10)}`)
  const templateId = dice.id(ctx.now)
  const area = {
    key: 'area',
    label: say(['哪方面', 'About what']),
    labelEn: 'About what',
    type: 'choice',
    required: false,
    help: '',
    helpEn: '',
  }
  const options = (
    [
      ['service', '服务方式', 'Service'],
      ['bill', '账单与缴费', 'Bills'],
      ['supply', '供水', 'Supply'],
    ] as const
  ).map(([value, label, labelEn]) => ({ value, label, labelEn }))
  await place(ctx, 'needs.template', [
    {
      id: templateId,
      name: say(['服务改进', 'Better service']),
      nameEn: 'Better service',
      fields: [{ ...area, options }],
      departmentId: ids('department centre'),
    },
  ])
  const people = await ctx.db
    .selectFrom('customers.factCustomer')
    .select('id')
    .where('kind', '=', 'person')
    .orderBy('number')
    .limit(80)
    .execute()
  let next = 0
  for (const plot of plots) {
    const at = (days: number) => new Date(ctx.now.getTime() - days * day)
    const opened = at(plot.days)
    const id = dice.id(opened)
    const voices = Array.from({ length: plot.voices }, (_, n) => ({
      id: dice.id(at(plot.days * (1 - n / plot.voices))),
      needId: id,
      customerId: people[next++ % Math.max(1, people.length)]?.id ?? null,
      words: n % 5 === 0 ? say(plot.words) : '',
      at: at(plot.days * (1 - n / plot.voices)),
      byId: ids('person agent'),
      toldAt: plot.answer ? at(6) : null,
    })).filter(voice => voice.customerId !== null)
    await place(ctx, 'needs.need', [
      {
        id,
        title: say(plot.title),
        text: say(plot.text),
        templateId,
        fields: {},
        state: plot.state,
        departmentId: ids(`department ${plot.department}`),
        ownerId: null,
        voices: voices.length,
        answer: plot.answer ? say(plot.answer) : '',
        answeredAt: plot.answer ? at(6) : null,
        openedAt: opened,
        openedById: ids('person agent'),
        changedAt: plot.answer ? at(6) : at(plot.days / plot.voices),
        search: bigrams(say(plot.title), say(plot.text)),
      },
    ])
    await place(ctx, 'needs.voice', voices)
  }
}
