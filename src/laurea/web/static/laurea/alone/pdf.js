// A credential in a PDF: an attachment, “credential.json”. Other attachments are left alone; two different credentials are
// refused, since nothing would tell which one the page is about.

import { LARGEST_CREDENTIAL } from "./documents.js";
import { bytesOf } from "./encodings.js";
import { openPdf } from "./pdf_file.js";
import { Bytes, damagedPdf, Ref, Stream } from "./pdf_objects.js";
import { Refusal } from "./refusals.js";

const MOST_ATTACHMENTS = 1_000;
const MOST_CANDIDATES = 50;
const NAMED = /^credential\.(?:json|jsonld|jwt|jws)$/i;
const LIKELY_NAME = /\.(?:json|jsonld|jwt|jws|txt)$/i;
const LIKELY_TYPE = /^(?:application\/(?:vc|vc\+.*|ld\+json|json|jwt|jose)|text\/plain)$/;
const COMPACT_TOKEN = /^\s*ey[\w-]+\.ey[\w-]+\.[\w-]+\s*$/;

// The text of the one credential attached to a PDF.
export async function extractFromPdf(bytes) {
  const file = await openPdf(bytes);
  const texts = new Set();
  let lookedAt = 0;
  for (const { name, content } of await attachments(file)) {
    const stream = await file.resolve(content);
    if (!(stream instanceof Stream)) continue;
    const kind = await file.resolve(stream.entries.get("Subtype"));
    if (!LIKELY_NAME.test(name) && !(typeof kind === "string" && LIKELY_TYPE.test(kind))) continue;
    lookedAt += 1;
    if (lookedAt > MOST_CANDIDATES) {
      throw new Refusal("too-complex", `more than ${MOST_CANDIDATES} attachments may be credentials`);
    }
    const isNamed = NAMED.test(name);
    const text = await file.content(stream, LARGEST_CREDENTIAL);
    if (text === null && isNamed) throw new Refusal("too-large", "the credential inside is too large");
    if (text !== null && (isNamed || looksLikeCredential(text))) texts.add(text);
  }
  if (texts.size > 1) throw new Refusal("several", "the PDF holds more than one credential");
  if (!texts.size && !file.isWhole) throw damagedPdf("a part of it is missing, and with it what was attached");
  if (!texts.size) throw new Refusal("none", "the PDF holds no credential");
  return bytesOf([...texts][0]);
}

function looksLikeCredential(text) {
  const opening = text.slice(0, 64).replace(/^[\xef\xbb\xbf \t\r\n]+/, "");
  return (opening.startsWith("{") && text.includes('"VerifiableCredential"')) || COMPACT_TOKEN.test(text);
}

// All attachments: by name (7.7.4), and those associated with the document as a whole (14.13.2).
async function attachments(file) {
  const catalog = await file.dictionary(file.trailer.get("Root"));
  const names = await file.dictionary(catalog.get("Names"));
  const listed = await namesIn(file, names.get("EmbeddedFiles"));
  const seen = new Set(
    listed
      .map(({ specification }) => specification)
      .filter((each) => each instanceof Ref)
      .map(({ number }) => number),
  );
  for (const specification of await file.array(catalog.get("AF"))) {
    if (!(specification instanceof Ref && seen.has(specification.number))) listed.push({ key: "", specification });
  }
  if (listed.length > MOST_ATTACHMENTS) throw new Refusal("too-complex", `more than ${MOST_ATTACHMENTS} attachments`);
  const found = [];
  for (const { key, specification } of listed) {
    const entries = await file.dictionary(specification);
    const embedded = await file.dictionary(entries.get("EF"));
    const name = await file.resolve(entries.get("UF") ?? entries.get("F"));
    found.push({ name: nameOf(name) || nameOf(key), content: embedded.get("UF") ?? embedded.get("F") });
  }
  return found;
}

// The pairs of a name tree (7.9.6).
async function namesIn(file, root) {
  const waiting = [root];
  const seen = new Set();
  const found = [];
  while (waiting.length) {
    const node = waiting.pop();
    file.budget.spend(5);
    if (node instanceof Ref) {
      if (seen.has(node.number)) continue;
      seen.add(node.number);
    }
    const entries = await file.dictionary(node);
    const pairs = await file.array(entries.get("Names"));
    for (let index = 0; index + 1 < pairs.length; index += 2) {
      found.push({ key: await file.resolve(pairs[index]), specification: pairs[index + 1] });
      if (found.length > MOST_ATTACHMENTS) {
        throw new Refusal("too-complex", `more than ${MOST_ATTACHMENTS} attachments`);
      }
    }
    waiting.push(...(await file.array(entries.get("Kids"))).toReversed());
  }
  return found;
}

// A text string (7.9.2.2); PDFDocEncoding is read as Latin 1, which agrees on every name that matters here.
function nameOf(value) {
  if (!(value instanceof Bytes)) return "";
  const { text } = value;
  if (text.startsWith("\xfe\xff")) return new TextDecoder("utf-16be").decode(bytesOf(text.slice(2)));
  if (text.startsWith("\xef\xbb\xbf")) return new TextDecoder().decode(bytesOf(text.slice(3)));
  return text;
}
