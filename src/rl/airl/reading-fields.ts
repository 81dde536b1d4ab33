/** The settings of how a learned reward is read. Each call declares them anew, so that every part has its own heading. */
import { choice, number } from '../experiment/field.ts';

export function readingFields() {
  return {
    granularity: choice({
      label: 'Granularity',
      help: 'Where the reward is read: at the last token, at the ends of steps, every so many tokens, or at every token. What lies between gets what is read next.',
      options: [
        { value: 'sparse', label: 'Last token' },
        { value: 'step', label: 'Ends of steps' },
        { value: 'interval', label: 'Intervals' },
        { value: 'dense', label: 'Every token' },
      ],
      default: 'dense',
      source: 'paper',
    }),
    interval: number({
      label: 'Interval',
      help: 'How many tokens lie between the places where the reward is read. Only intervals have it.',
      unit: 'tokens',
      min: 1,
      max: 1024,
      integer: true,
      default: 8,
      source: 'paper',
      original: 15,
    }),
    reward_clip: number({
      label: 'Reward clip',
      help: 'A reward is the discriminator’s logit, kept between minus this and this.',
      min: 0,
      exclusiveMin: true,
      max: 100,
      step: 0.5,
      default: 3,
      source: 'code',
      original: 5,
    }),
  };
}
