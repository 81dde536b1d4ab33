/**
 * What a role is: it turns a question, and whatever else it is given, into a prompt, and reads what comes back. One model may play
 * several roles. A role does not know which model plays it.
 */
export interface Role<Given, Read> {
  /** `solver`, and later `critic`. Every record names it. */
  readonly name: string;
  /** What the model reads, and all that it reads. */
  prompt(given: Given): string;
  /** Reads the model's text, given without its end token. Never throws, whatever the text. */
  read(given: Given, text: string): Read;
}
