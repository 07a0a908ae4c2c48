import { Button } from 'antd'
import { IconLanguage } from '../kit/icons.ts'
import { language, setLanguage } from '../kit/words.ts'
import { w } from './words.ts'

/** The other language, in its own words. */
export function Tongue({ className }: { className?: string }) {
  const other = language() === 'zh' ? 'en' : 'zh'
  return (
    <Button
      className={className ?? ''}
      type="text"
      icon={<IconLanguage size={16} />}
      onClick={() => setLanguage(other)}
      lang={other === 'zh' ? 'zh-CN' : 'en'}
    >
      {w.language}
    </Button>
  )
}
