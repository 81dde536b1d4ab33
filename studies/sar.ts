/** SAR: the self-aligned reward against length penalties and confidence, with plain GRPO as the baseline. */
import { againstPaper } from './lib/against-paper.ts';
import type { Study } from './lib/study.ts';
import { apart } from './sar/apart.ts';
import { chatter } from './sar/chatter.ts';
import { countdown } from './sar/countdown/part.ts';
import { ownFindings, paperFindings } from './sar/findings.ts';

export const sar: Study = {
  name: 'sar',
  title: 'The self-aligned reward and its rivals',
  question:
    'R_SA is high where the question makes the answer much more likely than it is alone, which favours answers that are short and to the point. Its authors report shorter answers and a little more accuracy, above penalties on length at equal length. Here it trains policies whose answers can be shortened.',
  parts: [chatter, apart, countdown],
  ...againstPaper(paperFindings, ownFindings),
};
