/** The picture itself: faces, the cell that is set off, and the arrows around them. */
import { arrow, label, labelWidth } from './arrows.ts'
import { directionsOf, facesOf, isometric, lengthOf, type Directions, type Point } from './faces.ts'
import type { AxesModel } from './model.ts'
import { paintFace, paintOutline } from './paint.ts'

export interface Drawing {
  readonly markup: string
  readonly width: number
  readonly height: number
}

const GAP = 11
const MOST_HEIGHT = 330

/** Draws `model` with its top left corner at (x, y), no wider than `most` pixels. */
export function draw(
  model: AxesModel,
  highlight: number | null,
  x: number,
  y: number,
  most: number,
): Drawing {
  const d = directionsOf(model)
  return d.deep ? drawBlock(model, d, highlight, x, y, most) : drawTable(model, d, highlight, x, y, most)
}

function paint(model: AxesModel, highlight: number | null, unit: number, origin: Point): string {
  return facesOf(model, unit, origin)
    .map(
      (face) =>
        paintFace(face, model, highlight, unit) + (highlight === null ? '' : paintOutline(face, highlight)),
    )
    .join('')
}

function drawTable(
  model: AxesModel,
  { across, down }: Directions,
  highlight: number | null,
  x: number,
  y: number,
  most: number,
): Drawing {
  const left = down ? labelWidth(down) + GAP + 8 : 2
  const top = across ? 34 + GAP : 2
  const unit = Math.min(44, (most - left - 4) / lengthOf(across))
  const [width, height] = [lengthOf(across) * unit, lengthOf(down) * unit]
  const origin: Point = [x + left, y + top]
  let markup = paint(model, highlight, unit, origin)
  if (across)
    markup +=
      arrow([origin[0], origin[1] - GAP], [origin[0] + width, origin[1] - GAP], across) +
      label(origin[0], y + 13, across, 'start')
  if (down)
    markup +=
      arrow([origin[0] - GAP, origin[1]], [origin[0] - GAP, origin[1] + height], down) +
      label(origin[0] - GAP - 7, origin[1] + height / 2 + (height > 40 ? 0 : 5), down, 'end')
  return {
    markup,
    width: Math.max(left + width, left + (across ? labelWidth(across) : 0)),
    height: top + height + 4,
  }
}

function drawBlock(
  model: AxesModel,
  { across, down, deep }: Directions,
  highlight: number | null,
  x: number,
  y: number,
  most: number,
): Drawing {
  const [a, b, c] = [lengthOf(across), lengthOf(down), lengthOf(deep)]
  const left = labelWidth(down!) + GAP + 8
  const unit = Math.min(30, (most - left - 6) / isometric(a, 0, c)[0], MOST_HEIGHT / ((a + c) / 2 + b))
  // The topmost corner is the far end of the deep axis.
  const origin: Point = [x + left, y + (c / 2) * unit + 4]
  const paper = (i: number, j: number, k: number): Point => {
    const [px, py] = isometric(i, j, k)
    return [origin[0] + px * unit, origin[1] + py * unit]
  }
  const below = ([px, py]: Point): Point => [px, py + GAP]
  const aside = ([px, py]: Point): Point => [px - GAP, py]
  const width = left + isometric(a, 0, c)[0] * unit + 4
  let markup = paint(model, highlight, unit, origin)
  markup += arrow(below(paper(0, b, 0)), below(paper(a, b, 0)), across!)
  markup += arrow(below(paper(a, b, 0)), below(paper(a, b, c)), deep!)
  markup += arrow(aside(paper(0, 0, 0)), aside(paper(0, b, 0)), down!)
  const middle = paper(0, b / 2, 0)
  markup += label(middle[0] - GAP - 7, middle[1], down!, 'end')
  const foot = below(paper(a, b, 0))
  const lowAcross = below(paper(a / 2, b, 0))
  const lowDeep = below(paper(a, b, c / 2))
  const [wa, wc] = [labelWidth(across!), labelWidth(deep!)]
  const room = Math.max(width, most)
  const acrossX = Math.max(x + wa, lowAcross[0] - 6)
  const deepX = Math.min(x + room - wc, lowDeep[0] + 8)
  // Under a short edge there is no room beside the arrow: then the labels go below the lowest corner.
  const tight = acrossX > lowAcross[0] + 4 || deepX < lowDeep[0] || acrossX + 10 > deepX
  let bottom: number
  if (tight) {
    const y1 = foot[1] + 19
    const beside = wa + 24 + wc <= room
    const start = Math.max(x, Math.min(foot[0] - wa - 12, x + room - wa - 24 - wc))
    markup += label(beside ? start : x, y1, across!, 'start')
    markup += label(beside ? start + wa + 24 : x, beside ? y1 : y1 + 36, deep!, 'start')
    bottom = y1 + (beside ? 20 : 56)
  } else {
    markup +=
      label(acrossX, lowAcross[1] + 16, across!, 'end') + label(deepX, lowDeep[1] + 16, deep!, 'start')
    bottom = Math.max(foot[1] + 6, lowAcross[1] + 36, lowDeep[1] + 36)
  }
  return { markup, width: tight ? room : Math.max(width, deepX + wc - x), height: bottom - y }
}
