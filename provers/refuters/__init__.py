"""What refutes claims: ground evaluation with narrowing, and finite models."""
