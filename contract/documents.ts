import * as z from 'zod'
import { Filled, TemplateContent } from './documentBlocks.ts'
import { changeOf, del, get, Id, Order, Paging, pageOf, post, put, QueryBool, Time, Words } from './endpoint.ts'

export const Language = z.enum(['zh', 'en'])
export type Language = z.output<typeof Language>

/** `measure`: a number that brings its unit with it. */
export const VariableType = z.enum(['text', 'number', 'percent', 'seconds', 'hours', 'score', 'measure', 'date', 'time'])
export type VariableType = z.output<typeof VariableType>
const plain = { path: z.string(), zh: z.string(), en: z.string() }
/** What a source of data offers to templates; a list has fields of its own, said as `item.…` where it is repeated. */
export const Variable = z.discriminatedUnion('type', [
  z.object({ ...plain, type: VariableType }),
  z.object({ ...plain, type: z.literal('list'), of: z.array(z.object({ ...plain, type: VariableType })) }),
])
export type Variable = z.output<typeof Variable>

/** What is asked for when a document is made from the source. */
export const SourceParam = z.object({
  key: z.string(),
  zh: z.string(),
  en: z.string(),
  kind: z.enum(['choice', 'date', 'ticket', 'finding', 'customer']),
  options: z.array(z.object({ value: z.string(), zh: z.string(), en: z.string() })).default([]),
  required: z.boolean(),
})
export const Source = z.object({
  name: z.string(),
  zh: z.string(),
  en: z.string(),
  params: z.array(SourceParam),
  variables: z.array(Variable),
  /** Whether you may make documents of it. */
  allowed: z.boolean(),
})
export type Source = z.output<typeof Source>

export const TemplateLine = z.object({
  id: Id,
  /** Names the templates every organisation begins with. */
  code: z.string().nullable(),
  name: z.string(),
  nameEn: z.string(),
  source: z.string(),
  languages: z.array(Language),
  /** The number of the version in use; null before the first. */
  published: z.int().nullable(),
  /** The draft differs from what is in use. */
  changed: z.boolean(),
  changedAt: Time,
  retired: z.boolean(),
  /** So long its documents are kept after they were made; null: until somebody removes them. */
  keepDays: z.int().nullable(),
  version: z.int(),
})
export type TemplateLine = z.output<typeof TemplateLine>
export const Template = TemplateLine.extend({ draft: TemplateContent, inUse: TemplateContent.nullable() })
export type Template = z.output<typeof Template>
export const NewTemplate = z.object({
  name: Words(60),
  nameEn: z.string().trim().max(80).default(''),
  source: Words(60),
  draft: TemplateContent,
})
export const TemplateVersion = z.object({ number: z.int(), publishedAt: Time, publishedByName: z.string().nullable() })
export type TemplateVersion = z.output<typeof TemplateVersion>

export const Format = z.enum(['html', 'docx', 'pdf'])
export type Format = z.output<typeof Format>
const Given = z.record(z.string().max(40), z.string().max(8000))

/** What a document can be about. */
export const MatterNoun = z.enum(['ticket', 'finding', 'customer'])
export type MatterNoun = z.output<typeof MatterNoun>
export const MadeState = z.enum(['making', 'made', 'failed'])
export const DocumentVersion = z.object({
  number: z.int(),
  templateVersion: z.int(),
  params: Given,
  inputs: Given,
  state: MadeState,
  /** Why it failed, as a refusal says it. */
  code: z.string().nullable(),
  runId: Id.nullable(),
  pages: z.int().nullable(),
  sizes: z.partialRecord(Format, z.int()),
  madeAt: Time,
  madeByName: z.string().nullable(),
})
export type DocumentVersion = z.output<typeof DocumentVersion>
export const DocumentLine = z.object({
  id: Id,
  title: z.string(),
  language: Language,
  templateId: Id,
  templateName: z.string(),
  templateNameEn: z.string(),
  matter: z.object({ noun: MatterNoun, id: Id }).nullable(),
  /** Whom it concerns, directly or through its ticket. */
  customerId: Id.nullable(),
  customerName: z.string().nullable(),
  versions: z.int(),
  state: MadeState,
  madeAt: Time,
  madeById: Id.nullable(),
  madeByName: z.string().nullable(),
})
export type DocumentLine = z.output<typeof DocumentLine>
export const Document = DocumentLine.extend({ history: z.array(DocumentVersion) })
export type Document = z.output<typeof Document>
export const NewDocument = z.object({
  templateId: Id,
  title: Words(120),
  language: Language,
  params: Given.default({}),
  inputs: Given.default({}),
})

const Preview = z.object({ html: z.string(), filled: Filled })

export const documents = {
  sources: get('/document-sources', {
    may: 'document:read',
    reply: z.array(Source),
    says: 'Where documents take their data from, and the variables of each.',
  }),
  templates: get('/document-templates', {
    may: 'document:read',
    query: z.object({ retired: QueryBool.optional() }),
    reply: z.array(TemplateLine),
    says: 'Templates of letters and reports.',
  }),
  template: get('/document-templates/:id', { may: 'document:read', reply: Template, says: 'One template: its draft and what is in use.' }),
  addTemplate: post('/document-templates', {
    may: 'document:configure',
    body: NewTemplate,
    reply: Template,
    says: 'Begin a template as a draft. Every variable it names must be known.',
  }),
  changeTemplate: put('/document-templates/:id', {
    may: 'document:configure',
    body: changeOf(NewTemplate.omit({ source: true })).extend({
      version: z.int(),
      retired: z.boolean().optional(),
      keepDays: z.int().min(1).max(36_500).nullable().optional(),
    }),
    reply: Template,
    says: 'Change the draft. Documents are made of what is in use.',
  }),
  publish: post('/document-templates/:id/versions', {
    may: 'document:configure',
    body: z.object({ version: z.int() }),
    reply: Template,
    says: 'Put the draft into use as the next version; documents made before keep theirs.',
  }),
  templateVersions: get('/document-templates/:id/versions', {
    may: 'document:read',
    reply: z.array(TemplateVersion),
    says: 'Versions of a template, newest first.',
  }),
  templateVersion: get('/document-templates/:id/versions/:number', {
    may: 'document:read',
    reply: TemplateVersion.extend({ content: TemplateContent }),
    says: 'A version of a template as it was published.',
  }),
  preview: post('/document-previews', {
    may: 'document:configure',
    body: z.object({ source: Words(60), language: Language, draft: TemplateContent, params: Given.optional() }),
    reply: Preview,
    says: 'How a draft looks with the example data of its source; with `params`, of real data as far as you may see it.',
  }),
  list: get('/documents', {
    may: 'document:read',
    query: Paging.extend({
      q: Words(100).optional(),
      templateId: Id.optional(),
      matterId: Id.optional(),
      customerId: Id.optional(),
      madeById: Id.optional(),
      mine: QueryBool.optional(),
      /** Made on these days; both among them. */
      from: z.iso.date().optional(),
      until: z.iso.date().optional(),
      sort: Order('-time', 'time'),
    }),
    reply: pageOf(DocumentLine),
    says: 'Documents by when they were first made, newest first or oldest first.',
  }),
  one: get('/documents/:id', { may: 'document:read', reply: Document, says: 'One document and all its versions.' }),
  make: post('/documents', { may: 'document:write', body: NewDocument, reply: Document, says: 'Make a document; a run draws it.' }),
  again: post('/documents/:id/versions', {
    may: 'document:write',
    body: z.object({ inputs: Given.optional() }),
    reply: Document,
    says: 'Make it again of the data of now, as its next version.',
  }),
  remove: del('/documents/:id', { may: 'document:write', says: 'Remove a document with all its versions and files.' }),
  filled: get('/documents/:id/versions/:number/content', {
    may: 'document:read',
    reply: Filled,
    says: 'What a version says, block by block: to be compared with another.',
  }),
  page: get('/documents/:id/versions/:number/page', {
    may: 'document:read',
    reply: z.object({ html: z.string() }),
    says: 'A version as a page that can be printed.',
  }),
}

/** A report that comes by itself: of the week or month that is over, as whoever set it up may see it. */
const Recurring = z.object({
  templateId: Id,
  title: Words(80),
  language: Language,
  params: Given.default({}),
  inputs: Given.default({}),
  every: z.enum(['week', 'month']),
  /** Of the week, Monday is 1, or of the month. */
  day: z.int().min(1).max(28),
  hour: z.int().min(0).max(23),
  /** Whom it is told to when it is there, and who may then read it. */
  people: z.array(Id).max(50).default([]),
  active: z.boolean().default(true),
})
export const Schedule = z.object({
  ...Recurring.shape,
  params: Given,
  inputs: Given,
  people: z.array(Id),
  active: z.boolean(),
  id: Id,
  templateName: z.string(),
  templateNameEn: z.string(),
  ownerId: Id,
  ownerName: z.string().nullable(),
  nextAt: Time.nullable(),
  /** The last one that was made, and why one was not. */
  documentId: Id.nullable(),
  code: z.string().nullable(),
  version: z.int(),
})
export type Schedule = z.output<typeof Schedule>
export const schedules = {
  list: get('/document-schedules', { may: 'document:write', reply: z.array(Schedule), says: 'Reports that come by themselves.' }),
  add: post('/document-schedules', {
    may: 'document:write',
    body: Recurring,
    reply: Schedule,
    says: 'Let a report come by itself each week or month.',
  }),
  change: put('/document-schedules/:id', {
    may: 'document:write',
    body: changeOf(Recurring.omit({ templateId: true })).extend({ version: z.int() }),
    reply: Schedule,
    says: 'Change when it comes, to whom, and whether it does.',
  }),
  remove: del('/document-schedules/:id', { may: 'document:write', says: 'Let it come no more; what was made stays.' }),
}

/** Where a version is fetched from as a file. */
export const documentFile = (id: string, number: number, format: Format) => `/api/documents/${id}/versions/${number}/file/${format}`
