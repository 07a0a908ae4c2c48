import type { View } from '#contract/views.ts'

/**
 * A list entered by its bare address opens with the person's own choice; once, so that going back to the bare list is possible.
 * Whoever chose something before the views had come keeps that: asked each time the page is drawn, it says which view to take up.
 */
export function newOpening(): (search: object, views: readonly View[] | undefined) => View | undefined {
  let entered = false
  return (search, views) => {
    if (Object.keys(search).length > 0) entered = true
    if (entered || !views) return undefined
    entered = true
    return views.find(view => view.opens)
  }
}
