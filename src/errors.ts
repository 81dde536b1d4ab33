/** The closed list of failures that a user can meet. Code branches on the kind, never on the text. */
export type ErrorKind =
  | 'NoWebGpu'
  | 'DeviceLost'
  | 'OutOfMemory'
  | 'ShaderError'
  | 'GpuError'
  | 'NonFinite'
  | 'BadFile'
  | 'BadConfig'
  | 'Storage'
  | 'Busy'
  | 'Cancelled'
  | 'Internal';

/** An error as plain data: it crosses the worker boundary, and the page shows it. */
export interface ErrorReport {
  readonly kind: ErrorKind;
  /** What happened, one sentence, no full stop: the title of the notice. */
  readonly message: string;
  /** What is safe, and what to do about it. */
  readonly remedy: string;
  /** The setting or part of a file that is at fault, as a dotted path, if there is one. */
  readonly field?: string;
  /** Details for a report to the developers (shader text, stack); the user can act without them. */
  readonly detail?: string;
}

/** Characters that are invisible or change the direction of the text around them. A line feed counts as visible. */
const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/** A text with its invisible characters escaped, so that a name from a stranger's file cannot disguise the sentence around it. */
function visible(text: string): string {
  return text.replace(UNSEEN, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
  });
}

/** An error with a kind, what happened, and what to do. Invisible characters in its texts are escaped. */
export class BatonError extends Error implements ErrorReport {
  readonly kind: ErrorKind;
  readonly remedy: string;
  readonly field?: string;
  readonly detail?: string;

  constructor(report: ErrorReport) {
    super(visible(report.message));
    this.name = 'BatonError';
    this.kind = report.kind;
    this.remedy = visible(report.remedy);
    if (report.field !== undefined) this.field = visible(report.field);
    if (report.detail !== undefined) this.detail = report.detail;
  }
}

/** Turns anything thrown into a report. Anything unforeseen becomes `Internal`, with its stack as detail. */
export function toReport(error: unknown): ErrorReport {
  if (error instanceof BatonError) {
    const { kind, message, remedy, field, detail } = error;
    return { kind, message, remedy, ...(field && { field }), ...(detail && { detail }) };
  }
  const known = error instanceof Error ? error : new Error(String(error));
  return {
    kind: 'Internal',
    message: visible(known.message) || 'Something failed that should not',
    remedy: 'Nothing that was saved is lost. Reload the page, and report this if it happens again.',
    ...(known.stack && { detail: known.stack }),
  };
}

/** Shorthand for a bad setting: names the field and says what is allowed. */
export function badConfig(
  field: string,
  message: string,
  remedy = 'Correct it and try again.',
): BatonError {
  return new BatonError({ kind: 'BadConfig', field, message, remedy });
}

/** Shorthand for a bad file: says what is wrong with it, and that nothing was loaded. */
export function badFile(
  field: string,
  message: string,
  remedy = 'Nothing was loaded. Choose another file.',
): BatonError {
  return new BatonError({ kind: 'BadFile', field, message, remedy });
}
