"""The door for programs: HTTP and JSON, described by ``/api/v1/openapi.json`` and docs/reference/api.md."""
