/**
 * Text to token ids and back, from a Hugging Face tokenizer.json. The library `@huggingface/tokenizers` does the work (no
 * dependencies and no generated code, so it runs under a strict content security policy). This file checks the input, says what
 * is wrong with it, and adds what Baton needs: unknown characters are errors, and each token has a text of its own.
 */
import { Tokenizer as Library } from '@huggingface/tokenizers';
import { type BatonError, badConfig, badFile } from '../errors.ts';
import { isShallow } from '../untrusted.ts';
import { slowTokenizer } from './tokenizer-patterns.ts';

export interface Tokenizer {
  /** One more than the highest id. */
  readonly vocabSize: number;
  readonly bosId: number | null;
  readonly eosId: number | null;
  readonly padId: number | null;
  /**
   * Token ids of a text. `addSpecial` (default false) adds the special tokens that the tokenizer puts around a text, such as `<bos>`.
   * @throws BatonError BadConfig naming a character that the vocabulary cannot express.
   */
  encode(text: string, options?: { readonly addSpecial?: boolean }): number[];
  /**
   * The text of ids; spaces are left as they are. `skipSpecial` (default true) leaves special tokens out. An id that the
   * tokenizer does not know (padded embeddings have some) becomes U+FFFD.
   */
  decode(ids: ArrayLike<number>, options?: { readonly skipSpecial?: boolean }): string;
  /** The text that a token contributes in the middle of a text; the name of a special token. */
  tokenText(id: number): string;
  /** The id of a token, given its text in the vocabulary, or null. */
  idOf(token: string): number | null;
}

/** Ids of the special tokens from config.json, for a tokenizer without a tokenizer_config.json. */
export interface SpecialIds {
  readonly bos_token_id?: number | null;
  readonly eos_token_id?: number | null;
  readonly pad_token_id?: number | null;
}

/** Most tokens of a vocabulary. */
export const MAX_VOCABULARY = 2 ** 20;
const MODEL_TYPES: readonly unknown[] = ['BPE', 'WordPiece', 'Unigram', 'WordLevel'];
const UNKNOWN_ID = '\ufffd';

type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function bad(field: string, why: string): BatonError {
  return badFile(`tokenizer.json: ${field}`, `tokenizer.json: ${field} ${why}`);
}

/** Adds a token to the table. Ids and texts must be unique, except that an added token may repeat a vocabulary entry. */
function addToken(table: Map<number, string>, text: unknown, id: unknown, field: string): void {
  if (typeof text !== 'string') throw bad(field, 'has a token that is not text');
  const at = JSON.stringify(text.slice(0, 40));
  if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id >= MAX_VOCABULARY) {
    throw bad(field, `gives ${at} an id that is not between 0 and ${MAX_VOCABULARY - 1}`);
  }
  const before = table.get(id);
  if (before !== undefined && before !== text) {
    throw bad(field, `gives id ${id} to ${at} and to ${JSON.stringify(before.slice(0, 40))}`);
  }
  table.set(id, text);
}

/** The table from ids to tokens of a tokenizer.json. First checks everything that the library would trip over. */
function readVocabulary(json: Json): Map<number, string> {
  const model = json.model;
  if (!isObject(model)) throw bad('model', 'is missing');
  // For an unknown kind the library would guess. Old files do not name theirs.
  if (model.type !== undefined && !MODEL_TYPES.includes(model.type)) {
    throw bad('model.type', `is none of ${MODEL_TYPES.join(', ')}`);
  }
  const table = new Map<number, string>();
  if (Array.isArray(model.vocab)) {
    if (model.vocab.length > MAX_VOCABULARY) throw bad('model.vocab', 'is too long');
    model.vocab.forEach((entry: unknown, id) => {
      if (!Array.isArray(entry)) throw bad('model.vocab', `has an entry ${id} that is not a pair`);
      addToken(table, entry[0], id, 'model.vocab');
    });
  } else if (isObject(model.vocab)) {
    const entries = Object.entries(model.vocab);
    if (entries.length > MAX_VOCABULARY) throw bad('model.vocab', 'is too long');
    for (const [token, id] of entries) addToken(table, token, id, 'model.vocab');
  } else throw bad('model.vocab', 'is missing');
  if (model.type === 'BPE' && !Array.isArray(model.merges)) throw bad('model.merges', 'is missing');
  const added = json.added_tokens ?? [];
  if (!Array.isArray(added) || added.length > MAX_VOCABULARY) {
    throw bad('added_tokens', 'is not a list');
  }
  for (const token of added) {
    if (!isObject(token) || token.content === '') throw bad('added_tokens', 'has an empty entry');
    addToken(table, token.content, token.id, 'added_tokens');
  }
  if (table.size === 0) throw bad('model.vocab', 'is empty');
  return table;
}

/** A special token of tokenizer_config.json, which is written as text or as {content}. */
function specialId(
  config: Json,
  name: string,
  ids: ReadonlyMap<string, number>,
  fallback: number | null | undefined,
): number | null {
  const value = config[name];
  if (value === undefined || value === null) return fallback ?? null;
  const text = isObject(value) ? value.content : value;
  if (typeof text !== 'string') {
    throw badFile(`tokenizer_config.json: ${name}`, `tokenizer_config.json: ${name} is not text`);
  }
  return ids.get(text) ?? fallback ?? null;
}

/**
 * Builds a tokenizer from parsed JSON.
 * @param tokenizerJson the contents of tokenizer.json.
 * @param config the contents of tokenizer_config.json, if there is one: it names the special tokens.
 * @param special ids of special tokens that `config` does not name.
 * @throws BatonError BadFile naming the part that is wrong.
 */
export function loadTokenizer(
  tokenizerJson: unknown,
  config?: unknown,
  special: SpecialIds = {},
): Tokenizer {
  if (!isObject(tokenizerJson)) throw bad('file', 'is not a JSON object');
  if (!isShallow(tokenizerJson)) throw bad('file', 'is nested too deeply');
  const settings = config ?? {};
  if (!isObject(settings)) {
    throw badFile('tokenizer_config.json', 'tokenizer_config.json is not a JSON object');
  }
  if (!isShallow(settings)) {
    throw badFile('tokenizer_config.json', 'tokenizer_config.json is nested too deeply');
  }
  const tokens = readVocabulary(tokenizerJson);
  const ids = new Map([...tokens].map(([id, token]) => [token, id]));
  const absent = { normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null };
  let library: Library;
  try {
    library = new Library({ ...absent, added_tokens: [], ...tokenizerJson }, settings);
  } catch (error) {
    throw notBuilt(error);
  }
  const { normalizer, pre_tokenizer, post_processor, decoder } = library;
  const slow = slowTokenizer(
    [normalizer, pre_tokenizer, post_processor, decoder],
    [tokenizerJson.normalizer, tokenizerJson.pre_tokenizer, tokenizerJson.decoder],
  );
  if (slow !== null) throw bad('file', slow);
  try {
    // Used once now, so that parts that are read only on first use fail here and not in the middle of a run.
    library.decode(
      library
        .encode('a 1')
        .ids.filter(Number.isInteger)
        .concat([...tokens.keys()][0]),
    );
  } catch (error) {
    throw notBuilt(error);
  }
  return new LoadedTokenizer(library, tokens, ids, {
    bos_token_id: specialId(settings, 'bos_token', ids, special.bos_token_id),
    eos_token_id: specialId(settings, 'eos_token', ids, special.eos_token_id),
    pad_token_id: specialId(settings, 'pad_token', ids, special.pad_token_id),
  });
}

function notBuilt(error: unknown): BatonError {
  const why = error instanceof Error ? error.message : String(error);
  return bad('file', `describes a tokenizer that cannot be built: ${why.slice(0, 200)}`);
}

class LoadedTokenizer implements Tokenizer {
  readonly vocabSize: number;
  readonly bosId: number | null;
  readonly eosId: number | null;
  readonly padId: number | null;
  private readonly library: Library;
  private readonly tokens: ReadonlyMap<number, string>;
  private readonly ids: ReadonlyMap<string, number>;
  private readonly special: ReadonlySet<number>;
  private readonly texts = new Map<number, string>();
  /** A plain token to put before others, because some decoders treat the first token of a text differently. */
  private readonly anchor: number | undefined;

  constructor(
    library: Library,
    tokens: ReadonlyMap<number, string>,
    ids: ReadonlyMap<string, number>,
    special: Required<SpecialIds>,
  ) {
    this.library = library;
    this.tokens = tokens;
    this.ids = ids;
    this.vocabSize = [...tokens.keys()].reduce((a, b) => Math.max(a, b), 0) + 1;
    this.bosId = special.bos_token_id ?? null;
    this.eosId = special.eos_token_id ?? null;
    this.padId = special.pad_token_id ?? null;
    const added = [...library.get_added_tokens_decoder().values()];
    this.special = new Set(added.filter((token) => token.special).map((token) => token.id));
    this.anchor = ids.get('a') ?? ids.get('0');
  }

  encode(text: string, { addSpecial = false }: { addSpecial?: boolean } = {}): number[] {
    const { ids } = this.library.encode(text, { add_special_tokens: addSpecial });
    // A byte-pair model without an unknown token drops characters silently; others insert the unknown token.
    const lost = [...new Set(text)].find((character) => !this.expresses(character));
    if (lost !== undefined) {
      throw badConfig('text', `Character ${JSON.stringify(lost)} is not in this tokenizer`);
    }
    return ids;
  }

  /** Whether a character on its own encodes to tokens other than the unknown token. Answers are cached: there are few characters. */
  private readonly known = new Map<string, boolean>();
  private expresses(character: string): boolean {
    let known = this.known.get(character);
    if (known === undefined) {
      const { ids } = this.library.encode(character, { add_special_tokens: false });
      const unknown = this.library.model?.unk_token_id;
      known =
        ids.every((id) => Number.isInteger(id) && id !== unknown) &&
        (ids.length > 0 || this.dropsOnPurpose(character));
      this.known.set(character, known);
    }
    return known;
  }

  /** Whether the tokenizer's normaliser or splitter removes a character, as some do with spaces. */
  private dropsOnPurpose(character: string): boolean {
    const { normalizer, pre_tokenizer: splitter } = this.library;
    const text = normalizer ? normalizer.normalize(character) : character;
    return text === '' || splitter?.pre_tokenize(text).join('') === '';
  }

  decode(ids: ArrayLike<number>, { skipSpecial = true }: { skipSpecial?: boolean } = {}): string {
    const parts: string[] = [];
    let run: number[] = [];
    const flush = () => {
      if (run.length > 0) parts.push(this.decodeKnown(run, skipSpecial));
      run = [];
    };
    for (const id of Array.from(ids)) {
      if (this.tokens.has(id)) run.push(id);
      else {
        flush();
        parts.push(UNKNOWN_ID);
      }
    }
    flush();
    return parts.join('');
  }

  private decodeKnown(ids: readonly number[], skipSpecial: boolean): string {
    return this.library.decode([...ids], {
      skip_special_tokens: skipSpecial,
      clean_up_tokenization_spaces: false,
    });
  }

  tokenText(id: number): string {
    let text = this.texts.get(id);
    if (text === undefined) {
      text = this.textOf(id);
      this.texts.set(id, text);
    }
    return text;
  }

  private textOf(id: number): string {
    const token = this.tokens.get(id);
    if (token === undefined) return UNKNOWN_ID;
    if (this.special.has(id)) return token;
    if (this.anchor !== undefined) {
      const before = this.decodeKnown([this.anchor], false);
      const both = this.decodeKnown([this.anchor, id], false);
      if (both.startsWith(before)) return both.slice(before.length);
    }
    return this.decodeKnown([id], false);
  }

  idOf(token: string): number | null {
    return this.ids.get(token) ?? null;
  }
}
