/** A first-fit allocator that keeps its books outside the memory it deals out: kernels may own every byte of that. */
const ALIGN = 64

export class Blocks {
  /** Free ranges by address, none touching another. */
  private free: { at: number; size: number }[] = []
  private readonly sizes = new Map<number, number>()
  private end: number
  /** Bytes dealt out. */
  used = 0
  private readonly extend: (end: number) => void
  /** @param extend makes the memory reach to a byte address, or throws. */
  constructor(start: number, extend: (end: number) => void) {
    this.end = start
    this.extend = extend
  }

  alloc(bytes: number): number {
    const size = Math.max(ALIGN, Math.ceil(bytes / ALIGN) * ALIGN)
    const i = this.free.findIndex((range) => range.size >= size)
    let at: number
    if (i >= 0) {
      const range = this.free[i]
      at = range.at
      range.at += size
      range.size -= size
      if (range.size === 0) this.free.splice(i, 1)
    } else {
      // A free range at the end is taken up and extended.
      const last = this.free.at(-1)
      const open = last && last.at + last.size === this.end ? last : undefined
      at = open ? open.at : this.end
      this.extend(at + size)
      if (open) this.free.pop()
      this.end = at + size
    }
    this.sizes.set(at, size)
    this.used += size
    return at
  }

  release(at: number): void {
    const size = this.sizes.get(at)
    if (size === undefined) return
    this.sizes.delete(at)
    this.used -= size
    let i = this.free.findIndex((range) => range.at > at)
    if (i < 0) i = this.free.length
    this.free.splice(i, 0, { at, size })
    for (const left of [i, i - 1]) {
      const [a, b] = [this.free[left], this.free[left + 1]]
      if (a && b && a.at + a.size === b.at) {
        a.size += b.size
        this.free.splice(left + 1, 1)
      }
    }
  }
}
