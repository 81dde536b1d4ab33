/** A verdict in a word, for an answer, or for one that nobody can judge because its task has no verifier. */
export function verdictWord(correct: boolean | undefined): 'right' | 'wrong' | 'not judged' {
  if (correct === undefined) return 'not judged';
  return correct ? 'right' : 'wrong';
}
