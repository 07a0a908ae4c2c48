/** Row types by table; every domain adds its own in `tables.ts` (docs/decisions/row-types-by-hand.md). */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging from every domain's tables.ts
export interface Tables {}
