// What cannot be read, and why: `code` chooses the words, `detail` is for whoever looks into it.

export class Refusal extends Error {
  constructor(code, detail = "") {
    super(detail || code);
    this.code = code;
    this.detail = detail;
  }
}
