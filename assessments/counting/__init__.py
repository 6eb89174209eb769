"""Counting and weighing: the yearly figures, where work is vulnerable, and the words that go with them."""
