/** The web client's files, as its build lists them; the bundler puts them here. */
declare module "web-assets" {
  const files: readonly {
    readonly path: string;
    readonly type: string;
    readonly etag: string;
    /** The name changes with the content. */
    readonly immutable: boolean;
    readonly body: string;
  }[];
  export default files;
}
