// The objects that a PDF is made of, read from text in which each character is a byte (ISO 32000-2, 7.2 and 7.3). A name is
// text, a string is `Bytes`, a dictionary a Map. Reading spends from a budget, so that no file can ask for endless work.

import { Refusal } from "./refusals.js";

export class Bytes {
  constructor(text) {
    this.text = text;
  }
}

export class Ref {
  constructor(number) {
    this.number = number;
  }
}

export class Stream {
  constructor(entries, start) {
    this.entries = entries;
    this.start = start;
  }
}

// Steps of a few microseconds, and bytes that packed parts may unfold to.
export class Budget {
  steps = 400_000;
  unpacked = 24 * 1024 * 1024;

  spend(steps) {
    this.steps -= steps;
    if (this.steps < 0) throw new Refusal("too-complex", "the PDF is built too intricately");
  }
}

const DEEPEST = 100;
const SPACES = "\0\t\n\f\r ";
const REFERENCE = /(\d{1,10})[\0\t\n\f\r ]+(\d{1,5})[\0\t\n\f\r ]+R(?![^\0\t\n\f\r ()<>[\]{}/%])/y;
const NUMBER = /[+-]?(?:\d+\.?\d*|\.\d+)/y;
const NAME = /\/([^\0\t\n\f\r ()<>[\]{}/%]*)/y;
const KEYWORD = /true|false|null/y;
const HEXADECIMAL = /<([0-9A-Fa-f\0\t\n\f\r ]*)>/y;
const PLAIN = /[^()\\]+/y;
const OCTAL = /[0-7]{1,3}/y;
const ESCAPES = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f", "\n": "", "\r": "" };

export const damagedPdf = (what) => new Refusal("damaged", what);
export const isMap = (value) => value instanceof Map;

export function skipSpace(data, at) {
  for (;;) {
    while (at < data.length && SPACES.includes(data[at])) at += 1;
    if (data[at] !== "%") return at;
    while (at < data.length && data[at] !== "\n" && data[at] !== "\r") at += 1;
  }
}

export function matchAt(pattern, data, at) {
  pattern.lastIndex = at;
  return pattern.exec(data);
}

// The direct object at a place, and the place behind it.
export function readPdfObject(data, at, budget) {
  const open = [];
  for (;;) {
    budget.spend(1);
    at = skipSpace(data, at);
    const two = data.slice(at, at + 2);
    let value;
    if (two === "<<" || two[0] === "[") {
      if (open.length >= DEEPEST) throw damagedPdf("its parts are nested too deeply");
      open.push({ closing: two === "<<" ? ">>" : "]", items: [] });
      at += two === "<<" ? 2 : 1;
      continue;
    }
    if (two === ">>" || two[0] === "]") {
      const closing = two === ">>" ? ">>" : "]";
      const last = open.pop();
      if (last?.closing !== closing) throw damagedPdf(`at byte ${at} something ends that did not begin`);
      at += closing.length;
      value = closing === ">>" ? dictionaryOf(last.items) : last.items;
    } else [value, at] = readScalar(data, at, budget);
    if (!open.length) return [value, at];
    open.at(-1).items.push(value);
  }
}

function dictionaryOf(items) {
  const found = new Map();
  for (let index = 0; index < items.length; index += 2) {
    if (typeof items[index] !== "string" || index + 1 >= items.length) throw damagedPdf("a dictionary is broken");
    found.set(items[index], items[index + 1]);
  }
  return found;
}

function readScalar(data, at, budget) {
  let found;
  if ((found = matchAt(NAME, data, at))) {
    const name = found[1].replace(/#([0-9A-Fa-f]{2})/g, (_, digits) => String.fromCharCode(parseInt(digits, 16)));
    return [name, NAME.lastIndex];
  }
  if (data[at] === "(") return readString(data, at + 1, budget);
  if ((found = matchAt(REFERENCE, data, at))) return [new Ref(Number(found[1])), REFERENCE.lastIndex];
  if ((found = matchAt(NUMBER, data, at))) {
    if (found[0].length > 32) throw damagedPdf(`at byte ${at} a number is too long`);
    return [Number(found[0]), NUMBER.lastIndex];
  }
  if ((found = matchAt(HEXADECIMAL, data, at))) return [new Bytes(fromHexadecimal(found[1])), HEXADECIMAL.lastIndex];
  if ((found = matchAt(KEYWORD, data, at))) {
    return [found[0] === "null" ? null : found[0] === "true", KEYWORD.lastIndex];
  }
  throw damagedPdf(at < data.length ? `at byte ${at} something else than a value stands` : "it ends too early");
}

// Text of bytes from hexadecimal digits with spaces between; a last digit alone counts as the first of two.
export function fromHexadecimal(text) {
  const digits = text.replace(/[\0\t\n\f\r ]/g, "");
  if (/[^0-9A-Fa-f]/.test(digits)) throw damagedPdf("a part of it is not hexadecimal");
  return (digits.match(/..?/g) ?? []).map((pair) => String.fromCharCode(parseInt(pair.padEnd(2, "0"), 16))).join("");
}

// A string in parentheses (7.3.4.2), from behind the first one.
function readString(data, at, budget) {
  const parts = [];
  for (let depth = 1; ;) {
    budget.spend(1);
    const plain = matchAt(PLAIN, data, at);
    if (plain) {
      parts.push(plain[0]);
      at = PLAIN.lastIndex;
    }
    const character = data[at];
    at += 1;
    if (character === undefined) throw damagedPdf("a text in it has no end");
    if (character === "\\") {
      const octal = matchAt(OCTAL, data, at);
      if (octal) {
        parts.push(String.fromCharCode(parseInt(octal[0], 8) & 255));
        at = OCTAL.lastIndex;
      } else {
        parts.push(ESCAPES[data[at]] ?? data[at] ?? "");
        at += data.startsWith("\r\n", at) ? 2 : 1;
      }
      continue;
    }
    depth += character === "(" ? 1 : -1;
    if (!depth) return [new Bytes(parts.join("")), at];
    parts.push(character);
  }
}
