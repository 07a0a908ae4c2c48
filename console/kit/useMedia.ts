import { useCallback, useSyncExternalStore } from 'react'

/** Whether the screen fits a media query, such as a phone's width. */
export function useMedia(query: string): boolean {
  const hear = useCallback(
    (changed: () => void) => {
      const media = matchMedia(query)
      media.addEventListener('change', changed)
      return () => media.removeEventListener('change', changed)
    },
    [query],
  )
  return useSyncExternalStore(hear, () => matchMedia(query).matches)
}
export const usePhone = (): boolean => useMedia('(max-width: 640px)')
