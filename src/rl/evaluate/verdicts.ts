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
  const texts = new Array<string | null>(prompts.length).fill(null);
  const fitting = prompts
    .map((prompt, at) => ({ at, ids: tokenizer.encode(prompt, { addSpecial: true }) }))
    .filter(({ ids }) => ids.length + budget <= positions);
  for (const wave of wavesOf(fitting, room)) {
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

/** Neighbours, at most `room` at once: a prompt that does not fit parts its neighbours, so that the numbers of the noise stay theirs. */
function wavesOf<T extends { readonly at: number }>(items: readonly T[], room: number): T[][] {
  const waves: T[][] = [];
  for (const item of items) {
    const last = waves.at(-1);
    if (last && last.length < room && last[last.length - 1].at + 1 === item.at) last.push(item);
    else waves.push([item]);
  }
  return waves;
}
