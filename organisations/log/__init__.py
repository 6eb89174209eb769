"""The log: who did what, on what, with what result, from where and when; each entry holds the one before."""
