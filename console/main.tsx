import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { ConfigProvider } from 'antd'
import en from 'antd/es/locale/en_US'
import zh from 'antd/es/locale/zh_CN'
import { StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import * as z from 'zod'
import { router } from './app/router.tsx'
import { useTheme } from './app/theme.ts'
import './app/ui.css'
import './app/shell.css'
import { whenSignedOut } from './kit/call.ts'
import { queryClient } from './kit/data.ts'
import { useSpeaker } from './kit/tell.tsx'
import { useLanguage } from './kit/words.ts'

// Our content policy allows no code made from text; zod then need not try.
z.config({ jitless: true })

whenSignedOut(() => {
  const here = router.state.location
  if (here.pathname !== '/login' && here.pathname !== '/setup') void router.navigate({ to: '/login', search: { back: here.href } as never })
})

// A bare machine has no Chinese font; the one we ship is fetched only there.
if (!['PingFang SC', 'Microsoft YaHei', 'HarmonyOS Sans SC', 'Noto Sans SC', 'Noto Sans CJK SC'].some(hasFont))
  void import('@fontsource-variable/noto-sans-sc/wght.css')

/** A font is there when it draws differently from the fallback of last resort. */
function hasFont(name: string): boolean {
  const pen = document.createElement('canvas').getContext('2d')
  if (!pen) return false
  const width = (family: string) => {
    pen.font = `40px ${family}`
    return pen.measureText('mmMwWil').width
  }
  return width(`"${name}", monospace`) !== width('monospace') || width(`"${name}", serif`) !== width('serif')
}

function Root() {
  const { config } = useTheme()
  const language = useLanguage()
  const speaker = useSpeaker()
  return (
    <ConfigProvider theme={config} locale={language === 'zh' ? zh : en} button={{ autoInsertSpace: false }}>
      {speaker}
      {/* A changed language draws everything anew: words are read, not stored. */}
      <Suspense key={language}>
        <RouterProvider router={router} />
      </Suspense>
    </ConfigProvider>
  )
}

const place = document.getElementById('root')
if (place)
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <Root />
      </QueryClientProvider>
    </StrictMode>,
  )
