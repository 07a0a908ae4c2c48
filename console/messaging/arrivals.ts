import { useEffect, useRef } from 'react'
import { useAttachments } from './attach.ts'

/** Those of a place where each is kept for good as soon as it has arrived. */
export function useArrivals(place: string, keep: (fileId: string) => Promise<unknown>): ReturnType<typeof useAttachments> {
  const uploads = useAttachments(place)
  const { files, remove } = uploads
  const keeping = useRef(new Set<string>())
  useEffect(() => {
    for (const file of files)
      if (file.card && !keeping.current.has(file.key)) {
        keeping.current.add(file.key)
        void keep(file.card.id).then(() => remove(file.key))
      }
  }, [files, keep, remove])
  return uploads
}
