/**
 * What a role is: it turns a question, and whatever else it is given, into a prompt, and reads what comes back. One model may
 * play several roles; whose weights they are, a role does not know.
 */
export interface Role<Given, Read> {
  /** `solver`, and later `critic`: stands with every record. */
  readonly name: string;
  /** What the model reads, and all that it reads. */
  prompt(given: Given): string;
  /** What the model's text says, without its end token. Never throws, whatever the text. */
  read(given: Given, text: string): Read;
}
