import { by, type Holdings, holding, nothingPersonal, through } from '#kernel/holdings.ts'

export const holdings: Holdings = {
  of: [
    holding('documents.version', ['文档版本', 'Versions of documents'], through('document_id', 'documents.document'), {
      reads: 'number made_at files',
      erase: 'rows',
      hasId: false,
      things: 't.run_id',
      files: 'array(select value::uuid from jsonb_each_text(t.files))',
    }),
    holding('documents.reader', ['文档读者', 'Readers of documents'], through('document_id', 'documents.document'), {
      reads: '',
      erase: 'rows',
      hasId: false,
    }),
    holding('documents.document', ['文档', 'Documents'], by(), { reads: 'title language made_at', erase: 'rows' }),
  ],
  nothing: [nothingPersonal('templates and when reports are made', 'documents.schedule documents.template documents.template_version')],
}
