import { Button } from 'antd'
import { w } from './words.ts'

/** Ends a session; the one that is looked from says so instead. */
export const endColumn = <S extends { current: boolean }>(end: (session: S) => void) => ({
  key: 'acts',
  align: 'end' as const,
  width: 96,
  render: (_: unknown, session: S) =>
    session.current ? (
      <span className="tag ok">{w.thisOne}</span>
    ) : (
      <Button type="text" size="small" onClick={() => end(session)}>
        {w.end}
      </Button>
    ),
})
