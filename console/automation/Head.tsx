import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { IconChevronRight } from '../kit/icons.ts'
import { w } from './words.ts'

/** The head of a page below the rules: the way back, its name, and what belongs beside it. */
export const Head = ({ title, children }: { title: string; children: ReactNode }) => (
  <header>
    <nav className="row t3" aria-label={w.title} style={{ gap: 4 }}>
      <Link to="/settings/automation">{w.title}</Link>
      <IconChevronRight size={14} />
    </nav>
    <h1>{title}</h1>
    {children}
  </header>
)
