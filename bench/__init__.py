"""Benchmarks. Each figure stands beside an anchor of the same run: quote the ratios.

    python -m bench [cascade] [census] [dashboards] [evaluate] [identity] [imports] [search] [year]

Each module says which BENCH_* variable makes it larger.

Needs RabbitMQ and PostgreSQL as the tests do; writes bench/results/<name>.json.
"""
