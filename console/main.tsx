import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { ConfigProvider } from 'antd'
import en from 'antd/es/locale/en_US'
import zh from 'antd/es/locale/zh_CN'
import { StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { closeLive } from './app/live.ts'
import { router } from './app/router.tsx'
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

// A bare machine has no Chinese font; the one we ship is fetched only there.
if (!hasChinese()) void import('@fontsource-variable/noto-sans-sc/wght.css')

/** Without a font all characters look alike: the same empty box. */
function hasChinese(): boolean {
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  if (!pen) return true
  const look = (character: string) => {
    pen.clearRect(0, 0, 32, 32)
    pen.font = '24px sans-serif'
    pen.fillText(character, 2, 26)
    return pen.getImageData(0, 0, 32, 32).data.join()
  }
  return look('回') !== look('音')
}

function Root() {
  const { config } = useTheme()
  const language = useLanguage()
  return (
    <ConfigProvider theme={config} locale={language === 'zh' ? zh : en} button={{ autoInsertSpace: false }}>
      <Speaker />
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
