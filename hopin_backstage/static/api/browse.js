// Starts Swagger UI. It signs in by the session of whoever reads the page, or by a token typed into Authorize.

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const { SwaggerUIBundle } = /** @type {any} */ (window);

SwaggerUIBundle({
  url: main.dataset.document,
  domNode: document.getElementById("api"),
  deepLinking: true,
  // Nothing is asked of a validator elsewhere.
  validatorUrl: "none",
  tryItOutEnabled: false,
  requestInterceptor(/** @type {{ url: string, headers: Record<string, string> }} */ request) {
    if (new URL(request.url, location.href).origin === location.origin) {
      request.headers["X-CSRFToken"] = main.dataset.csrf ?? "";
    }
    return request;
  },
});
