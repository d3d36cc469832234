// Whose phone it is. What is kept belongs to one user and to one log-in: after a log-out, or when somebody else has
// logged in, the CSRF secret is another one, and nothing is shown until the server has said who it is.
const KEY = "bian-field-user";

/** The CSRF secret of this log-in. */
export function token() {
  return document.cookie.split("; ").find((part) => part.startsWith("csrftoken="))?.slice(10) ?? "";
}

/** Note who is logged in, as the server has just said. */
export function remember(user) {
  localStorage.setItem(KEY, JSON.stringify({ id: user.id, name: user.name, token: token() }));
}

/** The user of the present log-in, or null when nobody knows. */
export function current() {
  const known = JSON.parse(localStorage.getItem(KEY) ?? "null");
  return known && known.token && known.token === token() ? known : null;
}
