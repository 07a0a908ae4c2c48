/** A bare machine has no Chinese font; ours is fetched only there, so phones load nothing. Add "Noto Sans SC Variable" to the page's font family. */
export function bringFont(): void {
  if (!drawsChinese()) void import('@fontsource-variable/noto-sans-sc/wght.css')
}

/** Without a font every Chinese sign is the same empty box. */
function drawsChinese(): boolean {
  const draw = (sign: string): string => {
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = 24
    const pen = canvas.getContext('2d', { willReadFrequently: true })
    if (!pen) return sign
    pen.font = '20px sans-serif'
    pen.fillText(sign, 0, 20)
    return pen.getImageData(0, 0, 24, 24).data.join()
  }
  return draw('永') !== draw('国')
}
