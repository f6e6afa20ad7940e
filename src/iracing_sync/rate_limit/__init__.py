"""What an account may ask of iRacing, and when; shared by all processes that use it."""
