"""What tests and benchmarks stand on: their own servers, a network that can be cut, waiting."""
