import { type Holdings, nothingPersonal } from '#kernel/holdings.ts'

export const holdings: Holdings = {
  of: [],
  nothing: [
    nothingPersonal('how our own people look at lists', 'views.choice views.count views.member views.view', {
      'views.view': 'name query',
    }),
  ],
}
