/** Ends the study with a sentence; what has been done stays. */
export class StudyError extends Error {
  override readonly name = 'StudyError';
}
