// Git's smart HTTP on loopback: `git http-backend` as a CGI program, with enough of RFC 3875 for it.
import { spawn } from "node:child_process";
import { createServer } from "node:http";

/** Serves the repositories of a folder, to read and to write; programs get that environment. */
export function serveGit(root, env) {
  const server = createServer((request, response) => {
    const url = new URL(request.url, "http://localhost");
    const backend = spawn("git", ["http-backend"], {
      env: {
        ...env,
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: "1",
        REMOTE_USER: "ada",
        REQUEST_METHOD: request.method,
        PATH_INFO: url.pathname,
        QUERY_STRING: url.search.slice(1),
        CONTENT_TYPE: request.headers["content-type"] ?? "",
        CONTENT_LENGTH: request.headers["content-length"] ?? "",
        HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
        GIT_PROTOCOL: request.headers["git-protocol"] ?? "",
      },
      stdio: ["pipe", "pipe", "inherit"],
    });
    request.pipe(backend.stdin);
    backend.stdin.on("error", () => undefined);
    let head = Buffer.alloc(0);
    const readHead = (data) => {
      head = Buffer.concat([head, data]);
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      backend.stdout.off("data", readHead);
      const fields = head.subarray(0, end).toString().split("\r\n");
      const status = fields.find((field) => /^status:/i.test(field));
      for (const field of fields.filter((each) => each !== status)) {
        response.setHeader(
          field.slice(0, field.indexOf(":")),
          field.slice(field.indexOf(":") + 1).trim(),
        );
      }
      response.writeHead(status === undefined ? 200 : Number(status.split(" ")[1]));
      response.write(head.subarray(end + 4));
      backend.stdout.pipe(response);
    };
    backend.stdout.on("data", readHead);
  });
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () =>
      resolve({ url: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() }),
    ),
  );
}
