"""Program search: Python functions found from examples, queries and counterexamples."""
