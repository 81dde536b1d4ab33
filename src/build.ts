/** Both are replaced when the code is bundled (vite.config.ts, vitest.config.ts). */
declare const __BATON_BUILD__: string;
declare const __BATON_COMMIT__: string;

/** Package version and the hash of the sources it was built from, such as `0.1.0+3fa1b2c4d5e6`; `0.1.0+dev` in development. */
export const BUILD: string = __BATON_BUILD__;

/** The commit of these sources, such as `2c545be6`, or `2c545be6 and changes`; empty where they have no history. */
export const COMMIT: string = __BATON_COMMIT__;
