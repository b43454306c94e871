"""A paper of the tests: small, quick, and held by whoever wants to look at it half-way."""
