"""What judges a candidate program: a sandbox, a comparison of outcomes, differential testing."""
