/** Buffers of results that were freed, for results of the same size: fresh memory costs a page fault every 4 kB. */
const LIMIT = 1 << 26
/** To take a small buffer over costs more than a new one. */
const LEAST = 1 << 15
const spare = new Map<number, ArrayBuffer[]>()
let kept = 0

/** Takes a buffer over; views of it are detached, so that nobody sees what becomes of it. */
export function recycle(buffer: ArrayBuffer): void {
  // Node 20 has no transfer, and without it a stale view would see other values.
  if (buffer.byteLength < LEAST || kept + buffer.byteLength > LIMIT || !('transfer' in buffer)) return
  const own = buffer.transfer()
  kept += own.byteLength
  const list = spare.get(own.byteLength)
  if (list) list.push(own)
  else spare.set(own.byteLength, [own])
}

/** A buffer of that size, new or used. */
export function recycled(bytes: number): ArrayBuffer {
  const buffer = bytes < LEAST ? undefined : spare.get(bytes)?.pop()
  if (buffer) kept -= bytes
  return buffer ?? new ArrayBuffer(bytes)
}
