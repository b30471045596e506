// JSON, read strictly: a verifier must see what the signer saw. A text with two members of one name, with half a character
// or a number that programs read differently is no document, although JSON.parse takes it.

import { Refusal } from "./refusals.js";

export const LARGEST_CREDENTIAL = 1024 * 1024;
export const LARGEST_LIST = 4 * 1024 * 1024;
const MOST_VALUES = 10_000;
const DEEPEST = 64;

const WORD = /(?:true|false|null)/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const PLAIN_TEXT = /[^"\\\u0000-\u001f]*/y;
const HEX = /[0-9A-Fa-f]{4}/y;
const SPACE = /[ \t\n\r]*/y;
const ESCAPES = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const HALF_A_CHARACTER = /\p{Surrogate}/u;

const bad = (what, where) => new Refusal("document", where === undefined ? what : `${what}, at character ${where + 1}`);

// The text of UTF-8 bytes, with or without a byte order mark.
export function decodeText(bytes, largest = LARGEST_CREDENTIAL) {
  if (bytes.length > largest) throw new Refusal("too-large", `${bytes.length} bytes; ${largest} are read`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw bad("it is not UTF-8");
  }
}

// The object that a JSON text holds. Objects have no prototype, so that no name of a member means anything else.
export function parseDocument(text) {
  const reader = { text, at: 0, count: 0 };
  const value = readValue(reader, 0);
  skip(reader);
  if (reader.at < text.length) throw bad("something follows the document", reader.at);
  if (!isObject(value)) throw bad("it is JSON, but not an object");
  return value;
}

export const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
export const isText = (value) => typeof value === "string";
export const shown = (value) => (isText(value) ? value : value === undefined || value === null ? "nothing" : "no text");

// A copy of an object without some of its members.
export function without(object, ...names) {
  const copy = Object.create(null);
  for (const name of Object.keys(object)) if (!names.includes(name)) copy[name] = object[name];
  return copy;
}

function readValue(reader, depth) {
  skip(reader);
  if (++reader.count > MOST_VALUES) throw bad(`it has more than ${MOST_VALUES} values`);
  const first = reader.text[reader.at];
  if (first === "{" || first === "[") {
    if (depth >= DEEPEST) throw bad(`it is nested more than ${DEEPEST} levels deep`);
    return first === "{" ? readObject(reader, depth + 1) : readList(reader, depth + 1);
  }
  if (first === '"') return readText(reader);
  const word = match(reader, WORD);
  if (word) return word[0] === "null" ? null : word[0] === "true";
  return readNumber(reader);
}

function readObject(reader, depth) {
  const found = Object.create(null);
  reader.at += 1;
  skip(reader);
  if (reader.text[reader.at] === "}") return end(reader, found);
  for (;;) {
    skip(reader);
    const start = reader.at;
    const name = readText(reader);
    if (name in found) throw bad(`the member “${name.slice(0, 80)}” stands there twice`, start);
    skip(reader);
    if (reader.text[reader.at] !== ":") throw bad("a colon is missing", reader.at);
    reader.at += 1;
    found[name] = readValue(reader, depth);
    if (isOver(reader, "}")) return found;
  }
}

function readList(reader, depth) {
  const found = [];
  reader.at += 1;
  skip(reader);
  if (reader.text[reader.at] === "]") return end(reader, found);
  for (;;) {
    found.push(readValue(reader, depth));
    if (isOver(reader, "]")) return found;
  }
}

function readText(reader) {
  const start = reader.at;
  if (reader.text[start] !== '"') throw bad("a text in quotation marks is missing", start);
  reader.at += 1;
  let found = "";
  for (;;) {
    found += match(reader, PLAIN_TEXT)[0];
    const next = reader.text[reader.at];
    if (next === '"') break;
    if (next !== "\\") throw bad("a text does not end, or holds a control character", reader.at);
    const escape = reader.text[reader.at + 1];
    reader.at += 2;
    if (escape === "u") {
      const digits = match(reader, HEX);
      if (!digits) throw bad("an escape is broken", reader.at);
      found += String.fromCharCode(parseInt(digits[0], 16));
    } else if (Object.hasOwn(ESCAPES, escape ?? "")) found += ESCAPES[escape];
    else throw bad("an escape is broken", reader.at);
  }
  reader.at += 1;
  if (HALF_A_CHARACTER.test(found)) throw bad("it holds half of a character (a lone surrogate)", start);
  return found;
}

function readNumber(reader) {
  const start = reader.at;
  const found = match(reader, NUMBER);
  if (!found) throw bad("something else than a value stands there", start);
  const number = Number(found[0]);
  const isWhole = found[1] === undefined && found[2] === undefined;
  if (!Number.isFinite(number) || (isWhole && (found[0].length > 17 || !Number.isSafeInteger(number)))) {
    throw bad("a number is too large to be read alike everywhere", start);
  }
  return number;
}

function match(reader, pattern) {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text);
  if (found) reader.at = pattern.lastIndex;
  return found;
}

const skip = (reader) => match(reader, SPACE);

function end(reader, value) {
  reader.at += 1;
  return value;
}

// Whether an object or list ends here; a comma means that it goes on.
function isOver(reader, closing) {
  skip(reader);
  const next = reader.text[reader.at];
  if (next !== closing && next !== ",") throw bad("a comma or the end is missing", reader.at);
  reader.at += 1;
  return next === closing;
}
