/** The microscope: one answer looked at closely. */
export function MicroscopePage() {
  return (
    <main className="scope">
      <h1>Microscope</h1>
    </main>
  );
}
