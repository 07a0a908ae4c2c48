import * as z from 'zod'
import { listDepartments, personName } from '#domains/identity/index.ts'
import { type AutomationOffer, action, type Option } from '#kernel/automation.ts'
import { found } from '#kernel/refusal.ts'
import type { Ctx } from '#kernel/work.ts'
import { ruleTold } from './events.ts'

const departments = async (ctx: Ctx): Promise<Option[]> =>
  (await listDepartments(ctx, false)).map(d => ({ value: d.id, name: d.name, nameEn: d.nameEn }))

/** What rules can do by themselves, about anything: tell a person, or a whole department. */
export const automation: AutomationOffer = {
  actions: [
    action({
      key: 'rule.tell',
      on: null,
      may: 'rule:configure',
      name: '通知某人',
      nameEn: 'Tell someone',
      params: z.object({ personId: z.uuid(), text: z.string().trim().min(1).max(200) }),
      asks: {
        personId: { kind: 'person', name: '通知谁', nameEn: 'Whom' },
        text: { kind: 'words', name: '说什么', nameEn: 'What to say' },
      },
      run: async (ctx, { noun, id, path, label }, { personId, text }) => {
        found(await personName(ctx, personId), 'person', personId)
        await ctx.emit(ruleTold, { id }, { people: [personId], subjectNoun: noun, subjectId: id, link: path ?? '/' }, { text, label })
      },
    }),
    action({
      key: 'rule.tell_department',
      on: null,
      may: 'rule:configure',
      name: '通知某部门',
      nameEn: 'Tell a department',
      params: z.object({ departmentId: z.uuid(), text: z.string().trim().min(1).max(200) }),
      asks: {
        departmentId: { kind: 'choice', name: '通知哪个部门', nameEn: 'Which department', options: departments },
        text: { kind: 'words', name: '说什么', nameEn: 'What to say' },
      },
      run: async (ctx, { noun, id, path, label }, { departmentId, text }) => {
        found((await departments(ctx)).find(d => d.value === departmentId), 'department', departmentId) // biome-ignore format: one line reads better
        await ctx.emit(ruleTold, { id }, { people: [], departmentId, subjectNoun: noun, subjectId: id, link: path ?? '/' }, { text, label })
      },
    }),
  ],
}
