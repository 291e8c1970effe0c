/** The store's head. */
export const MAIN = "main";
