"""底数 — the registry.

Owns    enterprises and the keys that sources know them by, products, equipment,
        instruments, operators' certificates, licences, standards; what each source
        states of them, what they were before; who saw personal data; the record of
        imports, code tables as dated editions, the census: plans, visits, coverage
        (database: registry)
Hears   source.rows_stated.v1
Says    registry.enterprise_recorded.v1, registry.contact_recorded.v1,
        registry.object_recorded.v1, registry.enterprises_merged.v1,
        registry.merge_undone.v1
Serves  the import of files and of rows that linked systems state, enterprises and their
        objects, code tables, the census, the search box and its lists, candidates and
        merges (internal API)
"""
