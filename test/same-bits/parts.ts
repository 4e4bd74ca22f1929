/** Parts of the library by name, each as the hash of what it computes. */
export type Parts = Readonly<Record<string, () => string | Promise<string>>>;
