/** Work that was stopped because the person asked for it. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** Ends the study with a sentence; what has been done stays. */
export class StudyError extends Error {
  override readonly name = 'StudyError';
}
