import type { ReactNode } from 'react'
import * as z from 'zod'
import type { Schema } from '#contract/endpoint.ts'
import type { CatalogColumn } from '../kit/CatalogPage.tsx'

/** A column that knows the row of its catalog: `column(skills, 'name', w.name, row => nameOf(row))`. */
export const column = <Row extends Schema>(
  of: { Row: Row },
  key: string,
  title: string,
  show: (row: z.output<Row>) => ReactNode,
  width?: number,
): CatalogColumn => ({
  key,
  title,
  ...(width ? { width } : {}),
  show: row => {
    // The row came through the contract and is read again only for its type.
    const read = z.safeParse(of.Row, row)
    return read.success ? show(read.data) : null
  },
})
