/**
 * The tokenizer of the bundled models: one token per character, 64 tokens. In order of id:
 * 0 `<pad>`, 1 `<bos>`, 2 `<eos>`; 3 to 12 the digits 0 to 9; 13 to 35 the signs `+-*\/=,;|.:?!()<>%'"&#_^`;
 * 36 space; 37 newline; 38 to 63 the letters a to z.
 *
 * It is written as an ordinary tokenizer.json, so that transformers, tokenizers and transformers.js load it like any other:
 * byte-pair encoding without merges, text split into characters, `<bos>` put in front, and decoding by joining.
 */

export const SPECIAL_TOKENS = ['<pad>', '<bos>', '<eos>'] as const;
/** Every character that the bundled models know, in order of id, starting at 3. */
export const CHARACTERS = '0123456789+-*/=,;|.:?!()<>%\'"&#_^ \nabcdefghijklmnopqrstuvwxyz';

/** The contents of tokenizer.json. The ids never change. */
export function characterTokenizerJson(): Readonly<Record<string, unknown>> {
  const tokens = [...SPECIAL_TOKENS, ...CHARACTERS];
  const bos = { SpecialToken: { id: '<bos>', type_id: 0 } };
  const sequence = (id: string, type: number) => ({ Sequence: { id, type_id: type } });
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: SPECIAL_TOKENS.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    // Not `.`, which leaves out the newline.
    pre_tokenizer: {
      type: 'Split',
      pattern: { Regex: '[\\s\\S]' },
      behavior: 'Isolated',
      invert: false,
    },
    post_processor: {
      type: 'TemplateProcessing',
      single: [bos, sequence('A', 0)],
      pair: [bos, sequence('A', 0), sequence('B', 1)],
      special_tokens: { '<bos>': { id: '<bos>', ids: [1], tokens: ['<bos>'] } },
    },
    decoder: { type: 'Fuse' },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: [],
    },
  };
}

/** The contents of tokenizer_config.json. @param maxLength longest sequence of the model, in tokens. */
export function characterTokenizerConfigJson(maxLength: number): Readonly<Record<string, unknown>> {
  const [pad, bos, eos] = SPECIAL_TOKENS;
  return {
    tokenizer_class: 'PreTrainedTokenizerFast',
    pad_token: pad,
    bos_token: bos,
    eos_token: eos,
    // Otherwise transformers removes the space before a comma or a full stop.
    clean_up_tokenization_spaces: false,
    model_max_length: maxLength,
  };
}
