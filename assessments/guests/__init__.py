"""People from outside, who answer by a personal link without an account."""
