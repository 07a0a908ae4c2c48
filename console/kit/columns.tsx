import type { TableColumnType } from 'antd'
import type { ReactNode } from 'react'
import { Avatar } from './parts.tsx'
import { ago, full } from './time.ts'
import { language } from './words.ts'

type Keys<Row, Value> = { [K in keyof Row]-?: Row[K] extends Value ? K : never }[keyof Row] & string

/** Columns that every list draws alike; the page names the row type: `col.time<Ticket>('changedAt', w.changed)`. */
export const col = {
  text: <Row,>(key: Keys<Row, string | null>, title: string, width?: number): TableColumnType<Row> => ({
    key,
    dataIndex: key,
    title,
    ellipsis: true,
    ...(width ? { width } : {}),
  }),
  number: <Row,>(key: Keys<Row, number | null>, title: string, width = 88): TableColumnType<Row> => ({
    key,
    title,
    width,
    align: 'end',
    render: (_, row) => {
      const n = row[key]
      return typeof n === 'number' ? n.toLocaleString(language() === 'zh' ? 'zh-CN' : 'en-GB') : ''
    },
  }),
  time: <Row,>(key: Keys<Row, Date | null>, title: string, width = 112): TableColumnType<Row> => ({
    key,
    title,
    width,
    align: 'end',
    render: (_, row) => {
      const at = row[key]
      return at instanceof Date ? (
        <time className="t3 nowrap" dateTime={at.toISOString()} title={full(at)}>
          {ago(at)}
        </time>
      ) : null
    },
  }),
  person: <Row,>(key: Keys<Row, string | null>, title: string, width = 128): TableColumnType<Row> => ({
    key,
    title,
    width,
    ellipsis: true,
    render: (_, row) => {
      const name = row[key]
      return typeof name === 'string' && name ? (
        <span className="row" style={{ gap: 6 }}>
          <Avatar name={name} />
          <span className="cut">{name}</span>
        </span>
      ) : null
    },
  }),
  /** A word on its tint: `show` gives both. */
  status: <Row,>(
    key: string,
    title: string,
    show: (row: Row) => { word: ReactNode; tone?: 'ok' | 'wa' | 'ba' | 'ac' | 'wr' },
    width = 96,
  ): TableColumnType<Row> => ({
    key,
    title,
    width,
    render: (_, row) => {
      const { word, tone } = show(row)
      return <span className={`tag ${tone ?? ''}`}>{word}</span>
    },
  }),
}
