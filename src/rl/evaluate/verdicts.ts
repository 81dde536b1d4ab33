/** What a critic writes to many prompts, outside of training. */
import type { SamplingSettings } from '../../kernels/sample/sample.ts';
import type { GenerateRequest } from '../../model/generate.ts';
import type { Writer } from './answers.ts';

interface VerdictRequest {
  readonly prompts: readonly string[];
  readonly sampling: SamplingSettings;
  /** Prompt i draws with number `uid + i` of the key, so the number of prompts at once changes nothing. */
  readonly key: GenerateRequest['key'];
  readonly uid: number;
  readonly signal?: AbortSignal;
}

/**
 * One text for each prompt, without its end token; null where it met the budget, or the prompt leaves no room for it.
 * @throws what the writer throws
 */
export async function writeVerdicts(
  writer: Writer,
  { prompts, uid, ...request }: VerdictRequest,
): Promise<(string | null)[]> {
  const { tokenizer, room, positions, budget } = writer;
  const most = writer.promptTokens ?? Number.POSITIVE_INFINITY;
  const texts = new Array<string | null>(prompts.length).fill(null);
  const fitting = prompts
    .map((prompt, at) => ({ at, ids: tokenizer.encode(prompt, { addSpecial: true }) }))
    .filter(({ ids }) => ids.length + budget <= positions && ids.length <= most);
  for (const wave of wavesOf(fitting, room, most)) {
    const out = await writer.write({
      ...{ ...request, copies: 1, uid: uid + wave[0].at },
      prompts: wave.map(({ ids }) => ids),
    });
    out.forEach(({ ids, truncated }, i) => {
      if (!truncated) texts[wave[i].at] = tokenizer.decode(ids);
    });
  }
  return texts;
}

interface Fitting {
  readonly at: number;
  readonly ids: readonly number[];
}

/**
 * Neighbours, at most `room` at once, of at most `most` tokens: a prompt that does not fit parts its neighbours, so that the numbers of the
 * noise stay theirs.
 */
function wavesOf(items: readonly Fitting[], room: number, most: number): Fitting[][] {
  const waves: Fitting[][] = [];
  let tokens = 0;
  for (const item of items) {
    const last = waves.at(-1);
    const next = last?.at(-1)?.at === item.at - 1;
    if (last && next && last.length < room && tokens + item.ids.length <= most) {
      last.push(item);
      tokens += item.ids.length;
    } else {
      waves.push([item]);
      tokens = item.ids.length;
    }
  }
  return waves;
}
