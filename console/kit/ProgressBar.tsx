/** How far something is. `share` 0–1; without one it only tells that it moves, if it does. */
export function ProgressBar({ share, moving = true, label }: { share: number | null; moving?: boolean; label: string }) {
  return (
    <span
      className={`progressbar ${share === null && moving ? 'moving' : ''}`}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(share === null ? {} : { 'aria-valuenow': Math.round(share * 100) })}
    >
      <i style={{ width: `${(share ?? 0) * 100}%` }} />
    </span>
  )
}
