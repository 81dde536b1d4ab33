/** Prompt and completion lines as token sequences that a model can score. */
import { BatonError, badConfig } from '../errors.ts';
import type { SequenceTokens } from '../model/batch.ts';
import type { ModelConfig } from '../model/config.ts';
import type { LoadedModel } from '../model/load.ts';
import type { Tokenizer } from '../model/tokenizer.ts';
import type { InputLine } from './lines.ts';

/** The ids of one side of a line, from `<side>_ids` or from its text. */
function sideOf(line: InputLine, side: 'prompt' | 'completion', model: LoadedModel) {
  const key = `${side}_ids`;
  const ids = line.ids(key, model.config.vocab_size);
  const text = line.text(side);
  if (ids && text !== undefined) throw line.fail(side, `is given beside ${key}; one is enough`);
  if (ids) return ids;
  if (text === undefined) throw line.fail(key, `is missing (or ${side}, as text)`);
  try {
    return encodeText(model, side, text);
  } catch (error) {
    throw line.fail(side, error instanceof Error ? lowerFirst(error.message) : 'cannot be read');
  }
}

function lowerFirst(text: string): string {
  return `cannot be read: ${text[0]?.toLowerCase() ?? ''}${text.slice(1)}`;
}

/** What turns text into tokens: a model, or the bundled tokenizer where there is none. */
export interface TextReader {
  readonly tokenizer: Tokenizer | null;
  readonly config: Pick<ModelConfig, 'eos_token_id' | 'max_position_embeddings'>;
}

/**
 * Ids of a text: a prompt with the special token before it (`<bos>`), a completion without special tokens, so without an end token.
 * @throws BatonError BadConfig without a tokenizer, or naming a character that it cannot express.
 */
export function encodeText(
  model: Pick<TextReader, 'tokenizer'>,
  side: 'prompt' | 'completion',
  text: string,
): number[] {
  if (!model.tokenizer) {
    throw badConfig(
      side,
      'The model has no tokenizer.json, so text cannot be read',
      `Give ${side}_ids instead.`,
    );
  }
  try {
    return model.tokenizer.encode(text, { addSpecial: side === 'prompt' });
  } catch (error) {
    // The tokenizer does not know which line it reads.
    if (!(error instanceof BatonError)) throw error;
    throw badConfig(side, error.message);
  }
}

/**
 * The tokens of every line, each checked against the model before anything is computed.
 * @throws BatonError BadFile whose field is `line N: key`.
 */
export function sequencesOf(lines: readonly InputLine[], model: LoadedModel): SequenceTokens[] {
  const { max_position_embeddings: positions } = model.config;
  return lines.map((line) => {
    const prompt = sideOf(line, 'prompt', model);
    const completion = sideOf(line, 'completion', model);
    if (prompt.length === 0) {
      throw line.fail('prompt_ids', 'is empty; a completion needs a token before it');
    }
    const length = prompt.length + completion.length;
    if (length > positions) {
      throw line.fail(
        null,
        `has ${length} tokens; this model's max_position_embeddings is ${positions}`,
      );
    }
    return { prompt, completion };
  });
}
