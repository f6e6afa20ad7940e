"""The tables of the planner."""
