import { documents, Format, schedules } from '#contract/documents.ts'
import { fileCards, placeOf, send } from '#kernel/files.ts'
import { isId } from '#kernel/ids.ts'
import { found, Refusal } from '#kernel/refusal.ts'
import { admitted, type Door, serve } from '#kernel/serve.ts'
import { makeAgain, makeDocument, removeDocument } from './documents.ts'
import { documentDownloaded } from './events.ts'
import { fileOf, filledOf, listDocuments, oneDocument, pageOfVersion, versionNumber } from './queries.ts'
import { addSchedule, changeSchedule, listSchedules, removeSchedule } from './schedules.ts'
import {
  addTemplate,
  changeTemplate,
  listSources,
  listTemplates,
  oneTemplate,
  preview,
  publishTemplate,
  templateVersion,
  templateVersions,
} from './templates.ts'

export function routes(door: Door): void {
  serve(door, documents, {
    sources: ctx => listSources(ctx),
    templates: (ctx, { query }) => listTemplates(ctx, query),
    template: (ctx, { id }) => oneTemplate(ctx, id),
    addTemplate: (ctx, { body }) => addTemplate(ctx, body),
    changeTemplate: (ctx, { id, body }) => changeTemplate(ctx, id, body),
    publish: (ctx, { id, body }) => publishTemplate(ctx, id, body.version),
    templateVersions: (ctx, { id }) => templateVersions(ctx, id),
    templateVersion: (ctx, { id, number }) => templateVersion(ctx, id, number),
    preview: (ctx, { body }) => preview(ctx, body),
    list: (ctx, { query }) => listDocuments(ctx, query),
    one: (ctx, { id }) => oneDocument(ctx, id),
    make: (ctx, { body }) => makeDocument(ctx, body),
    again: (ctx, { id, body }) => makeAgain(ctx, id, body),
    remove: (ctx, { id }) => removeDocument(ctx, id),
    filled: (ctx, { id, number }) => filledOf(ctx, id, number),
    page: (ctx, { id, number }) => pageOfVersion(ctx, id, number),
  })
  serve(door, schedules, {
    list: ctx => listSchedules(ctx),
    add: (ctx, { body }) => addSchedule(ctx, body),
    change: (ctx, { id, body }) => changeSchedule(ctx, id, body),
    remove: (ctx, { id }) => removeSchedule(ctx, id),
  })
  const { app, house } = door
  app.get<{ Params: { id: string; number: string; format: string } }>(
    '/api/documents/:id/versions/:number/file/:format',
    async (request, reply) => {
      const { id, number } = request.params
      const format = Format.safeParse(request.params.format)
      if (!isId(id) || !format.success) throw new Refusal('not_found', 'document.not_found', { id })
      const { card, place } = await admitted(house, request, 'document:read', async ctx => {
        const version = versionNumber(id, number)
        const file = await fileOf(ctx, id, version, format.data)
        await ctx.emit(documentDownloaded, { id }, { number: version, format: format.data })
        return { card: found((await fileCards(ctx, [file])).get(file), 'file', file), place: placeOf(house, ctx.tenantId, file) }
      })
      return send(request, reply, card, place)
    },
  )
}
