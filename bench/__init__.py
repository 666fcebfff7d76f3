"""Benchmarks. Each figure stands beside an anchor of the same run: quote the ratios.

    python -m bench [cascade] [evaluate] [imports] [--objects N ...]

Needs RabbitMQ and PostgreSQL as the tests do; writes bench/results/<name>.json.
"""
