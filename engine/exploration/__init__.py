"""Finding conjectures: ground values, enumerated terms, and the laws that the values suggest."""
