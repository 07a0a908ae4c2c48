export type Demand = { skillId: string; level: number; relaxAfter: number }
/** From this second of waiting on (until the next stage) these are the levels still demanded; a demand below level 1 is gone. */
export type Stage = { from: number; to: number | null; levels: { skillId: string; level: number }[] }

/** How the demands of a queue relax while a contact waits. */
export function stagesOf(demands: readonly Demand[]): Stage[] {
  const turns = new Set([0])
  for (const d of demands) if (d.relaxAfter > 0) for (let step = 1; step <= d.level; step++) turns.add(step * d.relaxAfter)
  const starts = [...turns].sort((a, b) => a - b)
  return starts.map((from, i) => ({
    from,
    to: starts[i + 1] ?? null,
    levels: demands
      .map(({ skillId, level, relaxAfter }) => ({ skillId, level: relaxAfter === 0 ? level : level - Math.floor(from / relaxAfter) }))
      .filter(d => d.level > 0),
  }))
}
