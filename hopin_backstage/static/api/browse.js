// Starts Swagger UI. It signs in by the session of whoever reads the page, or by a token typed into Authorize.

/** @typedef {{ url: string, headers: Record<string, string> }} Asked */

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const { SwaggerUIBundle } = /** @type {{ SwaggerUIBundle: (options: object) => void }} */ (/** @type {any} */ (window));

SwaggerUIBundle({
  url: main.dataset.document,
  domNode: document.getElementById("api"),
  deepLinking: true,
  // Nothing is asked of a validator elsewhere.
  validatorUrl: "none",
  /** @param {Asked} request */
  requestInterceptor(request) {
    if (new URL(request.url, location.href).origin === location.origin) {
      request.headers["X-CSRFToken"] = main.dataset.csrf ?? "";
    }
    return request;
  },
});

export {}; // what is declared here stays here, for tsc as for browsers
