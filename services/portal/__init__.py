"""门户 — the web pages and the public API.

Owns    users and their roles, first-login links, sessions, failed logins, tokens of
        programs, the chained audit (database: portal). No business fact.
Hears   nothing
Says    nothing
Serves  the workbench (/desk), the public credit portal (/), the enterprise's own pages (/my)
        and the public API (/api/v1). Everything shown is asked of the services' internal
        APIs for the one who looks, and everything done is done there.
"""
