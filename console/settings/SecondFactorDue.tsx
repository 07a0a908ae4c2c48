import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { signedOut } from '../app/signingOut.ts'
import '../identity/words.ts'
import { queryClient } from '../kit/data.ts'
import { SecondFactor } from './SecondFactor.tsx'
import './settings.css'
import { s } from './security.words.ts'

/** Stands in place of everything until a second step that a rule asks for is set up and its recovery codes are kept. */
export default function SecondFactorDue({ done }: { done: () => void }) {
  const go = useNavigate()
  return (
    <main className="page" style={{ maxWidth: 560, margin: '64px auto' }}>
      <header>
        <h1>{s.due}</h1>
        <span className="end">
          <Button
            type="text"
            onClick={async () => {
              if (!(await signedOut())) return
              queryClient.clear()
              await go({ to: '/login' })
            }}
          >
            {s.signOut}
          </Button>
        </span>
      </header>
      <p className="t2">{s.dueHint}</p>
      <section className="card">
        <div className="body">
          <SecondFactor whenOn={() => void queryClient.invalidateQueries().then(done)} />
        </div>
      </section>
    </main>
  )
}
