/** Whether a receiver can write what a policy writes. Texts are handed over as text, and a tokenizer may lack some of their characters. */
import { BatonError, badConfig } from '../../../errors.ts';
import type { Receiver } from '../../../model/receiver.ts';
import type { Tokenizer } from '../../../model/tokenizer.ts';

/** A larger vocabulary has characters that no answer to a task needs, so it is not asked for all of them. */
const MOST_TOKENS = 1024;
/** Characters that an error names. */
const MOST_NAMED = 12;
/** What a token that is no whole character decodes to. */
const NO_CHARACTER = '\ufffd';

/**
 * Refuses a receiver that lacks characters of the texts.
 * @throws BadConfig on the field `receivers`, naming the receiver and the characters
 */
export function requireAlphabet(
  { id, tokenizer }: Pick<Receiver, 'id' | 'tokenizer'>,
  texts: Iterable<string>,
): void {
  const needed = new Set<string>();
  for (const text of texts) for (const character of text) needed.add(character);
  const lacking = [...needed].filter((character) => !writes(tokenizer, character));
  if (lacking.length === 0) return;
  const named = lacking.slice(0, MOST_NAMED).map((character) => JSON.stringify(character));
  const more = lacking.length > MOST_NAMED ? ` and ${lacking.length - MOST_NAMED} more` : '';
  throw badConfig(
    'receivers',
    `The receiver ${id} cannot write ${named.join(' ')}${more}, which the policy can`,
    'Choose a receiver that was trained on the policy’s alphabet.',
  );
}

/**
 * The texts of everything that a policy can write, special tokens left out. Nothing where its vocabulary is large: then only the answers
 * themselves can tell, and `finish` refuses those that a receiver cannot read.
 */
export function alphabetOf(policy: Tokenizer): string[] {
  if (policy.vocabSize > MOST_TOKENS) return [];
  return Array.from({ length: policy.vocabSize }, (_, id) => id)
    .filter((id) => policy.decode([id]) !== '')
    .map((id) => policy.tokenText(id).replaceAll(NO_CHARACTER, ''));
}

function writes(tokenizer: Tokenizer, character: string): boolean {
  try {
    tokenizer.encode(character);
    return true;
  } catch (error) {
    if (error instanceof BatonError && error.kind === 'BadConfig') return false;
    throw error;
  }
}
