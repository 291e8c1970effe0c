/**
 * The front port: finds the script for a request by its host name and path, as a zone's routes and
 * custom domains do. Bound: ROUTES [{pattern, binding}] in order, and one service per script.
 */
export default {
  async fetch(request, env) {
    const { hostname, pathname, search } = new URL(request.url);
    const target = hostname + pathname + search;
    const route = env.ROUTES.find(({ pattern }) => new RegExp(pattern).test(target));
    if (!route?.binding) {
      return new Response(`No Worker answers for ${hostname}${pathname}.\n`, { status: 404 });
    }
    return env[route.binding].fetch(request);
  },
};
