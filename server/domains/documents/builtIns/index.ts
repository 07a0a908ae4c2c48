import { course, standards } from './improvement.ts'
import type { BuiltIn } from './parts.ts'
import { letter, report, toCustomer } from './service.ts'

export const builtIns: readonly BuiltIn[] = [
  { code: 'service-report', name: '服务报告', nameEn: 'Service report', source: 'insight.period', content: report },
  { code: 'answer-letter', name: '客户复函', nameEn: 'Answer letter', source: 'tickets.ticket', content: letter },
  { code: 'customer-letter', name: '客户函', nameEn: 'Letter to a customer', source: 'customers.customer', content: toCustomer },
  { code: 'standards-report', name: '标准达成报告', nameEn: 'Report on standards', source: 'improvement.standards', content: standards },
  { code: 'improvement-report', name: '改进报告', nameEn: 'Report on an improvement', source: 'improvement.finding', content: course },
]
