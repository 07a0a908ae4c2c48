import { type Holdings, nothingPersonal } from '#kernel/holdings.ts'

export const holdings: Holdings = {
  of: [],
  nothing: [
    nothingPersonal(
      'what the organisation learns: it names no customer, its facts point at matters',
      `improvement.action improvement.attainment improvement.effect improvement.finding improvement.goal improvement.round improvement.standard
       improvement.standard_version improvement.strategy`,
      { 'improvement.finding': 'title text outcome source_facts', 'improvement.round': 'cause measure', 'improvement.action': 'title' },
    ),
  ],
}
