// What was handed over: files are told apart by their content, never by their name.

import { decodeText, LARGEST_CREDENTIAL, LARGEST_LIST } from "./documents.js";
import { latin1 } from "./encodings.js";
import { extractFromPdf } from "./pdf.js";
import { extractFromPng, PNG_SIGNATURE } from "./png.js";
import { Refusal } from "./refusals.js";
import { extractFromSvg } from "./svg.js";
import { sortOf, TOKEN } from "./judging.js";

export const LARGEST_FILE = 32 * 1024 * 1024;
const PICTURES = /^(?:\xff\xd8\xff|GIF8[79]a|BM|II\*\0|MM\0\*|RIFF[^]{4}WEBP|[^]{4}ftyp)/;
const ARCHIVES = /^(?:PK\x03\x04|\x1f\x8b|7z\xbc\xaf|Rar!)/;
const WEB_PAGE = /^<(?:!doctype html|html)/i;

// {sort, kind, bytes, document}: `sort` is "credential" (`bytes`: its text), "keys" or "list" (`document`).
export async function take(bytes) {
  if (bytes.length > LARGEST_FILE) throw new Refusal("too-large", `the file has ${bytes.length} bytes`);
  const opening = latin1(bytes.subarray(0, 2048));
  const text = opening.replace(/^\xef\xbb\xbf/, "").trimStart();
  if (opening.startsWith(PNG_SIGNATURE)) return credential("png", extractFromPng(bytes));
  if (PICTURES.test(opening)) throw new Refusal("picture");
  if (opening.slice(0, 1024).includes("%PDF-")) return credential("pdf", await extractFromPdf(bytes));
  if (WEB_PAGE.test(text)) throw new Refusal("web-page");
  if (text.startsWith("<")) return credential("svg", extractFromSvg(bytes));
  if (text.startsWith("{")) return { kind: "json", bytes, ...sortOf(bytes) };
  if (text.startsWith("ey") && bytes.length <= LARGEST_LIST && TOKEN.test(decodeText(bytes, LARGEST_LIST))) {
    return credential("jwt", bytes);
  }
  throw new Refusal(ARCHIVES.test(opening) ? "packed" : "unknown-kind");
}

function credential(kind, bytes) {
  if (bytes.length > LARGEST_CREDENTIAL * 1.5) throw new Refusal("too-large", `${bytes.length} bytes`);
  return { sort: "credential", kind, bytes };
}
