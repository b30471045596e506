// A credential in a PNG: one uncompressed iTXt chunk with the keyword “openbadgecredential” (Open Badges 3.0, 5.3.1).

import { LARGEST_CREDENTIAL } from "./documents.js";
import { latin1 } from "./encodings.js";
import { Refusal } from "./refusals.js";

export const PNG_SIGNATURE = "\x89PNG\r\n\x1a\n";
const KEYWORD = "openbadgecredential";
const OLDER_KEYWORD = "openbadges";
const TEXT_CHUNKS = ["iTXt", "tEXt", "zTXt"];
const MOST_CHUNKS = 65_536;
const LONGEST_KEYWORD = 79;

const damaged = (what) => new Refusal("damaged", what);

// The text of the one credential in a PNG.
export function extractFromPng(bytes) {
  const found = [...chunks(bytes)].filter(
    ({ kind, content }) => TEXT_CHUNKS.includes(kind) && [KEYWORD, OLDER_KEYWORD].includes(keywordOf(content)),
  );
  if (!found.length) throw new Refusal("none", "the PNG holds no credential");
  if (found.length > 1) throw new Refusal("several", "the PNG holds more than one credential");
  const [{ kind, content, checksum, checked }] = found;
  if (keywordOf(content) === OLDER_KEYWORD) throw new Refusal("older", "it holds an Open Badge 2.0");
  if (kind !== "iTXt") throw damaged(`the credential stands in a ${kind} chunk`);
  if (crc32(checked) !== checksum) throw damaged("the credential's checksum does not match");
  return textOf(content);
}

// Kind, content and checksum of each chunk, the last one included.
function* chunks(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 33 || latin1(bytes.subarray(12, 16)) !== "IHDR" || view.getUint32(8) !== 13) {
    throw damaged("its header is missing");
  }
  let at = PNG_SIGNATURE.length;
  for (let count = 0; count < MOST_CHUNKS; count += 1) {
    if (at + 12 > bytes.length) throw damaged("it ends too early");
    const end = at + 8 + view.getUint32(at);
    const kind = latin1(bytes.subarray(at + 4, at + 8));
    if (!/^[A-Za-z]{4}$/.test(kind)) throw damaged(`at byte ${at} no chunk begins`);
    if (end + 4 > bytes.length) throw damaged("a part of it is missing");
    const content = bytes.subarray(at + 8, end);
    yield { kind, content, checksum: view.getUint32(end), checked: bytes.subarray(at + 4, end) };
    if (kind === "IEND") return;
    at = end + 4;
  }
  throw damaged(`it has more than ${MOST_CHUNKS} parts`);
}

const keywordOf = (content) => latin1(content.subarray(0, LONGEST_KEYWORD + 1)).split("\0")[0];

// What follows the keyword: compression flag and method, language, translated keyword, text (PNG, 11.3.3.4).
function textOf(content) {
  const flag = content.indexOf(0) + 1;
  const language = content.indexOf(0, flag + 2);
  const translated = language < 0 ? -1 : content.indexOf(0, language + 1);
  if (translated < 0) throw damaged("the credential's chunk is cut off");
  if (content[flag] !== 0) throw damaged("the credential is compressed, against the standard");
  const text = content.subarray(translated + 1);
  if (text.length > LARGEST_CREDENTIAL) throw new Refusal("too-large", `${text.length} bytes`);
  return text;
}

function crc32(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return (sum ^ 0xffffffff) >>> 0;
}
