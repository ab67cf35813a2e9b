/** How a measured number is printed: fixed digits, a true minus sign; a share as per cent. */
export function printed(
  value: number,
  { digits = 2, percent = false, sign = false }: { digits?: number; percent?: boolean; sign?: boolean },
): string {
  const text = (percent ? value * 100 : value).toFixed(digits)
  const plain = Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−')
  return `${sign && Number(text) > 0 ? '+' : ''}${plain}${percent ? '%' : ''}`
}
