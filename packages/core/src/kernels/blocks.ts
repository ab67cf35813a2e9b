/** A first-fit allocator that keeps its books outside the memory it deals out: kernels may own every byte of that. */
const ALIGN = 64

export class Blocks {
  /** Free ranges by address, none touching another. */
  private free: { at: number; size: number }[] = []
  private readonly sizes = new Map<number, number>()
  private end: number
  /** The block that was released last: the next one asked for is most often its like. 0: there is none. */
  private last = 0
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
    let at = this.last
    if (at && this.sizes.get(at) === size) {
      this.last = 0
      this.used += size
      return at
    }
    let i = this.free.findIndex((range) => range.size >= size)
    if (i < 0 && at) {
      this.settle()
      i = this.free.findIndex((range) => range.size >= size)
    }
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
    if (size === undefined || at === this.last) return
    this.used -= size
    this.settle()
    this.last = at
  }

  /** Puts the block that was released last among the free ranges. */
  private settle(): void {
    const at = this.last
    if (!at) return
    const size = this.sizes.get(at)!
    this.last = 0
    this.sizes.delete(at)
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
