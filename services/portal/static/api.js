// The page of the public API: Swagger UI over /api/v1/openapi.json, nothing from elsewhere.
"use strict";
SwaggerUIBundle({
  url: document.getElementById("api").dataset.document,
  dom_id: "#api",
  deepLinking: true,
  validatorUrl: null,
});
