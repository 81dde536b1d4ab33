/** What a person asks the glossary about. */
import type { Setting } from '../../rl/experiment/settings.ts';

export type Asked =
  | { readonly chart: string; readonly help?: string | undefined }
  | { readonly setting: Setting };
