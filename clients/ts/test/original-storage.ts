/**
 * The storage interface of GitBlobsDB's own adapters, as FORMAT.md 1 and 3 describe the data, and one storage that has
 * no more than that. Nothing of this repository is imported here: what fits does so by its structure alone.
 */
export type OriginalType = "blob" | "tree" | "commit" | "metadata";

interface OriginalSignature {
  name: string;
  email: string;
  timestamp: string;
}
export interface OriginalBlob {
  type: "blob";
  hash: string;
  content: { data: Uint8Array };
}
export interface OriginalMetadata {
  type: "metadata";
  hash: string;
  // Whatever JSON can say: the original does not know more either.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  content: { data: Record<string, any> };
}
export interface OriginalTree {
  type: "tree";
  hash: string;
  content: {
    entries: Record<string, { blob_hash: string; metadata_hash: string; type: "file" }>;
  };
}
export interface OriginalCommit {
  type: "commit";
  hash: string;
  content: {
    tree_hash: string;
    parent_hashes: string[];
    author: OriginalSignature;
    committer: OriginalSignature;
    message: string;
  };
}
/** Any object; the original does not tie the type to the content. */
export interface OriginalObject {
  type: OriginalType;
  hash: string;
  content: (OriginalBlob | OriginalMetadata | OriginalTree | OriginalCommit)["content"];
}
export interface OriginalHead {
  type: "ref" | "commit";
  value: string;
}
export interface OriginalRef {
  name: string;
  commit_hash: string;
}

export interface OriginalStorage {
  getObject(hash: string): Promise<OriginalObject | null>;
  putObject(object: OriginalObject): Promise<void>;
  getBlob(hash: string): Promise<OriginalBlob | null>;
  putBlob(blob: OriginalBlob): Promise<void>;
  getTree(hash: string): Promise<OriginalTree | null>;
  putTree(tree: OriginalTree): Promise<void>;
  getCommit(hash: string): Promise<OriginalCommit | null>;
  putCommit(commit: OriginalCommit): Promise<void>;
  getMetadata(hash: string): Promise<OriginalMetadata | null>;
  putMetadata(metadata: OriginalMetadata): Promise<void>;
  getRef(name: string): Promise<OriginalRef | null>;
  updateRef(name: string, commitHash: string): Promise<void>;
  listRefs(): Promise<OriginalRef[]>;
  getHead(): Promise<OriginalHead | null>;
  setHead(head: OriginalHead): Promise<void>;
  hasObject(hash: string): Promise<boolean>;
  deleteObject(hash: string): Promise<void>;
  /** Scanning and replacing, where an adapter can. */
  asStorageExt(): object | null;
}

/** A storage as the original's are: one object per hash, whatever its type, and nothing that is atomic. */
export class PlainStorage implements OriginalStorage {
  readonly #objects = new Map<string, OriginalObject>();
  readonly #refs = new Map<string, OriginalRef>();
  #head: OriginalHead | null = null;

  async getObject(hash: string): Promise<OriginalObject | null> {
    await nextTurn();
    return this.#objects.get(hash) ?? null;
  }
  async putObject(object: OriginalObject): Promise<void> {
    await nextTurn();
    this.#objects.set(object.hash, object);
  }
  getBlob = (hash: string) => this.#typed<OriginalBlob>("blob", hash);
  putBlob = (blob: OriginalBlob) => this.putObject(blob);
  getTree = (hash: string) => this.#typed<OriginalTree>("tree", hash);
  putTree = (tree: OriginalTree) => this.putObject(tree);
  getCommit = (hash: string) => this.#typed<OriginalCommit>("commit", hash);
  putCommit = (commit: OriginalCommit) => this.putObject(commit);
  getMetadata = (hash: string) => this.#typed<OriginalMetadata>("metadata", hash);
  putMetadata = (metadata: OriginalMetadata) => this.putObject(metadata);

  async #typed<T extends OriginalObject>(type: T["type"], hash: string): Promise<T | null> {
    const object = await this.getObject(hash);
    return object?.type === type ? (object as T) : null;
  }

  getRef = (name: string) => Promise.resolve(this.#refs.get(name) ?? null);
  updateRef(name: string, commitHash: string): Promise<void> {
    this.#refs.set(name, { name, commit_hash: commitHash });
    return Promise.resolve();
  }
  listRefs = () => Promise.resolve([...this.#refs.values()]);
  async getHead(): Promise<OriginalHead | null> {
    await nextTurn();
    return this.#head;
  }
  async setHead(head: OriginalHead): Promise<void> {
    await nextTurn();
    this.#head = head;
  }
  hasObject = (hash: string) => Promise.resolve(this.#objects.has(hash));
  deleteObject(hash: string): Promise<void> {
    this.#objects.delete(hash);
    return Promise.resolve();
  }
  asStorageExt = () => null;
}

/** Storages take their time: whoever counts on two calls being one finds out. */
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
