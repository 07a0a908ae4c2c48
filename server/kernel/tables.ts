/** Row types by table; every domain adds its own in `tables.ts`, printed from the migrated database by `npm run tables`. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging from every domain's tables.ts
export interface Tables {}
