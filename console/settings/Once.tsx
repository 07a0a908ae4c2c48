import { Button } from 'antd'
import { IconCopy } from '../kit/icons.ts'
import { tell } from '../kit/tell.tsx'
import { s } from './security.words.ts'

/** A secret that is shown this one time, to be taken along. */
export function Once({ text, hint }: { text: string; hint?: string }) {
  return (
    <div className="col" style={{ gap: 8 }}>
      {hint && <span className="t2">{hint}</span>}
      <pre className="snippet">{text}</pre>
      <div className="row">
        <Button
          size="small"
          icon={<IconCopy size={14} />}
          onClick={() => {
            void navigator.clipboard.writeText(text).then(() => tell(s.copied))
          }}
        >
          {s.copy}
        </Button>
        <span className="wac f12">{s.once}</span>
      </div>
    </div>
  )
}

export const linkOf = (token: string): string => `${location.origin}/set-password#${token}`
