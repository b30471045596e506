// Bytes and how they are written: the canonical form of JSON (RFC 8785), base 58 and base 64 in their one strict reading.

const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const LONGEST_BASE58 = 128;
const BASE64URL = /^[A-Za-z0-9_-]*$/;

// RFC 8785: members sorted by UTF-16 code units; numbers and texts as ECMAScript writes them. Values come from `parseDocument`.
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const names = Object.keys(value).sort();
    return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

// The bytes of base58btc without its multibase letter; null for what is none, or too long for a key or signature.
export function base58(text) {
  if (text.length > LONGEST_BASE58) return null;
  let number = 0n;
  for (const character of text) {
    const digit = BASE58.indexOf(character);
    if (digit < 0) return null;
    number = number * 58n + BigInt(digit);
  }
  const zeros = text.length - text.replace(/^1+/, "").length;
  const bytes = [];
  for (; number; number >>= 8n) bytes.unshift(Number(number & 255n));
  return Uint8Array.from([...new Array(zeros).fill(0), ...bytes]);
}

// The bytes of unpadded base 64 for URLs; null for a text that no encoder would have written.
export function base64url(text) {
  if (!BASE64URL.test(text) || text.length % 4 === 1) return null;
  const plain = text.replaceAll("-", "+").replaceAll("_", "/");
  const bytes = bytesOf(atob(plain + "=".repeat((4 - (plain.length % 4)) % 4)));
  const last = bytes.subarray(bytes.length - (bytes.length % 3 || 3));
  const written = btoa(latin1(last)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  return text === "" || written.at(-1) === text.at(-1) ? bytes : null;
}

// One character for each byte: what patterns can be looked for in.
export function latin1(bytes) {
  const parts = [];
  for (let start = 0; start < bytes.length; start += 32_768) {
    parts.push(String.fromCharCode(...bytes.subarray(start, start + 32_768)));
  }
  return parts.join("");
}

// The bytes of such a text.
export function bytesOf(text) {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
  return bytes;
}

export const utf8 = (text) => new TextEncoder().encode(text);
export const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
