/** A question with its numbers in bold. */
export function Prompt({ text }: { text: string }) {
  return text.split(/(\d+)/).map((piece, i) =>
    // Every second piece of a split by a group is what the group matched.
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never change
    i % 2 === 1 ? <b key={i}>{piece}</b> : piece,
  );
}
