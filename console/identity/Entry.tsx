import type { ReactNode } from 'react'
import { nameOf } from '../kit/words.ts'
import { Left } from './Left.tsx'
import { Tongue } from './Tongue.tsx'
import './entry.css'

/** The page before anyone is known: our picture, the language, whose house it is and what to do here. */
export function Entry({
  house,
  title,
  foot,
  children,
}: {
  house: { name: string; nameEn: string } | null | undefined
  title: string
  foot?: ReactNode
  children: ReactNode
}) {
  return (
    <div className="login">
      <Left />
      <main className="right">
        <Tongue className="tongue" />
        <div className="box">
          <div className="t3">{house ? nameOf(house) : '回音 Huiyin'}</div>
          <h1>{title}</h1>
          {children}
        </div>
        {foot}
      </main>
    </div>
  )
}
