/**
 * The one policy of Trusted Types, which the page's content policy asks for: scripts come from the page's own folder, and text never
 * becomes markup. Imported first, for its effect. Browsers without Trusted Types have nothing to do here.
 */

interface Policies {
  createPolicy(
    name: 'default',
    rules: { readonly createScriptURL: (url: string) => string },
  ): unknown;
}

const { trustedTypes } = globalThis as { readonly trustedTypes?: Policies };

trustedTypes?.createPolicy('default', {
  createScriptURL: (url) => ownScript(url, document.baseURI),
});

/** The address of a script of the page's own origin. @throws TypeError for any other */
export function ownScript(url: string, page: string): string {
  const { href, origin } = new URL(url, page);
  if (origin === new URL(page).origin) return href;
  throw new TypeError(`${origin} is not where this page's scripts come from`);
}
