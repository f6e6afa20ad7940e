"""An invented iRacing: its series, rounds and what happens to them, and the documents that tell of it."""
