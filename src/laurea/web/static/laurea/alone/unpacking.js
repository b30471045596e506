// Unpacking, never more than was asked for: a small file can unfold into a huge one.

import { Refusal } from "./refusals.js";

// The bytes that `packed` unfolds to (`format`: "gzip", "deflate"); null when they are more than `most`.
export async function unpack(packed, format, most) {
  const stream = new DecompressionStream(format);
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader();
  // Whatever goes wrong is seen where it is read.
  writer.write(packed).catch(() => {});
  writer.close().catch(() => {});
  const parts = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > most) {
        reader.cancel().catch(() => {});
        return null;
      }
      parts.push(value);
    }
  } catch {
    throw new Refusal("packing", `it cannot be unpacked (${format})`);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
