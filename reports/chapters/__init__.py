"""The chapters of the council report, each made from the account alone: its words, figures and pictures."""
