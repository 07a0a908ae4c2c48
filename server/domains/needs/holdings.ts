import { by, type Holdings, holding, nothingPersonal } from '#kernel/holdings.ts'

export const holdings: Holdings = {
  of: [
    // The need stands, and that somebody said it: who and in which words goes.
    holding('needs.voice', ['需求的声音', 'Voices of needs'], by(), {
      reads: 'words at told_at',
      erase: { words: `''` },
      // Our own people's names; why nothing was sent; what kind of thing it was read in.
      stays: 'by_name told_by_name untold source_noun',
    }),
  ],
  nothing: [
    nothingPersonal('what is wished for, whoever wishes it', 'needs.need needs.template', {
      'needs.need': 'title text fields answer',
    }),
  ],
}
