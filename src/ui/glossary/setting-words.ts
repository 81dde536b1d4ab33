/** How the settings' part of the glossary is written: what a setting is stands in its declaration; here is what is normal and what to do. */

/** What is normal, what to do when it is not, and the formula it stands in, if it stands in one. */
export type SettingWords = readonly [normal: string, otherwise: string, equation?: string];

/** By path; `path@name` where a task, method or term has its own. */
export type WordTable = Readonly<Record<string, SettingWords>>;
