import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { ConfigProvider } from 'antd'
import en from 'antd/es/locale/en_US'
import zh from 'antd/es/locale/zh_CN'
import { StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { closeLive } from './app/live.ts'
import { router, tellOpenedAgain } from './app/router.tsx'
import { useTheme } from './app/theme.ts'
import './app/ui.css'
import './app/shell.css'
import { whenSignedOut } from './kit/call.ts'
import { queryClient } from './kit/data.ts'
import { Speaker } from './kit/tell.tsx'
import { useLanguage } from './kit/words.ts'

whenSignedOut(() => {
  closeLive()
  const here = router.state.location
  if (here.pathname !== '/login' && here.pathname !== '/setup')
    void router.navigate({ to: '/login', search: (here.pathname === '/' ? {} : { back: here.href }) as never })
})

// Telephones bring a good Chinese font, though not always under a name; other machines have one of these or get the one we ship.
const good = [
  'PingFang SC',
  'Microsoft YaHei',
  'HarmonyOS Sans SC',
  'MiSans',
  'Hiragino Sans GB',
  'Source Han Sans SC',
  'Noto Sans SC',
  'Noto Sans CJK SC',
]
if (!/Android|iPhone|iPad/.test(navigator.userAgent) && !good.some(hasFont)) void import('@fontsource-variable/noto-sans-sc/wght.css')

/** A font is there when it draws wider or narrower than what would stand in for it. */
function hasFont(name: string): boolean {
  const pen = document.createElement('canvas').getContext('2d')
  if (!pen) return true
  const width = (family: string) => {
    pen.font = `40px ${family}`
    return pen.measureText('mmMwWil').width
  }
  return ['monospace', 'serif'].some(other => width(`"${name}", ${other}`) !== width(other))
}

function Root() {
  const { config } = useTheme()
  const language = useLanguage()
  return (
    <ConfigProvider
      theme={config}
      locale={language === 'zh' ? zh : en}
      button={{ autoInsertSpace: false }}
      form={{ requiredMark: (label, { required }) => (required ? <MustHave label={label} /> : label) }}
    >
      <Speaker />
      {/* A changed language draws everything anew: words are read, not stored. */}
      <Suspense key={language}>
        <RouterProvider router={router} />
      </Suspense>
    </ConfigProvider>
  )
}

const MustHave = ({ label }: { label: React.ReactNode }) => (
  <>
    {label}
    <span className="must" aria-hidden="true">
      *
    </span>
  </>
)

tellOpenedAgain()
const place = document.getElementById('root')
if (place)
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <Root />
      </QueryClientProvider>
    </StrictMode>,
  )
