/** Who wrote something, in the words of a reader, where it was not the policy that answers. */
export function writerWords(role: string): string | undefined {
  return WRITERS[role];
}

const WRITERS: Readonly<Record<string, string>> = {
  expert: 'what the expert wrote',
  critic: 'what the critic wrote',
};

/** A verdict in a word, for an answer, or for one that nobody can judge because its task has no verifier. */
export function verdictWord(correct: boolean | undefined): 'right' | 'wrong' | 'not judged' {
  if (correct === undefined) return 'not judged';
  return correct ? 'right' : 'wrong';
}
