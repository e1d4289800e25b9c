// Starts Swagger UI. It signs in by the session of whoever reads the page, or by a token typed into Authorize.

const place = /** @type {HTMLElement} */ (document.getElementById("api"));
const { SwaggerUIBundle } = /** @type {any} */ (window);

SwaggerUIBundle({
  url: place.dataset.document,
  domNode: place,
  deepLinking: true,
  // Nothing is asked of a validator elsewhere.
  validatorUrl: "none",
  tryItOutEnabled: false,
  requestInterceptor(/** @type {{ url: string, headers: Record<string, string> }} */ request) {
    if (new URL(request.url, location.href).origin === location.origin) {
      request.headers["X-CSRFToken"] = place.dataset.csrf ?? "";
    }
    return request;
  },
});
