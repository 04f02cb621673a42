// A browser as small as can be: cookies, forms and redirects by hand.

function unescape(text) {
  return text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/**
 * Follows the authorization request at the path: signs alice in and allows. Answers with the cookies that stay; with
 * them, each further GET of the authorization endpoint is answered with a code.
 */
export async function signIn(server, authorization) {
  const cookies = new Map();
  const shown = () => [...cookies].map((pair) => pair.join('=')).join('; ');
  const request = async (path, fields) => {
    const response = await fetch(new URL(path, server.origin), {
      method: fields ? 'POST' : 'GET',
      body: fields && new URLSearchParams(fields),
      redirect: 'manual',
      headers: { cookie: shown() },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair, ...attributes] = cookie.split(';');
      const at = pair.indexOf('=');
      const gone = attributes.some((attribute) => /expires=Thu, 01 Jan 1970|max-age=0$/i.test(attribute.trim()));
      if (gone) cookies.delete(pair.slice(0, at));
      else cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  };
  const submit = (path, page, set) => {
    const fields = Object.entries(set);
    for (const [, tag] of page.matchAll(/<input ([^>]*)>/g)) {
      const name = tag.match(/name="([^"]*)"/)?.[1];
      if (name && !(name in set)) fields.push([name, unescape(tag.match(/value="([^"]*)"/)?.[1] ?? '')]);
    }
    const action = page.match(/<form [^>]*action="([^"]*)"/)?.[1];
    return request(action ? unescape(action) : path, fields);
  };
  let path = authorization;
  let response = await request(path);
  for (let steps = 0; steps < 8; steps += 1) {
    const location = response.headers.get('location');
    if (location) {
      const url = new URL(location, server.origin + path);
      if (url.origin !== server.origin) {
        return shown();
      }
      path = url.pathname + url.search;
      response = await request(path);
    } else {
      const page = await response.text();
      if (response.status !== 200) throw new Error(`signing in at ${server.name}: ${response.status} ${page}`);
      const isSignIn = page.includes('name="password"');
      response = await submit(
        path,
        page,
        isSignIn ? { username: 'alice', password: 'wonderland' } : { decision: 'allow' },
      );
    }
  }
  throw new Error(`signing in at ${server.name} does not end`);
}
