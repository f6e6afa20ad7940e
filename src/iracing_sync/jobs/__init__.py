"""Work for several machines: what a run wants is a row, whoever works on it holds a lock, and messages only hint."""
