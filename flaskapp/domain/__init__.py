"""Words and rules of the product: pure, without I/O and without a clock."""
